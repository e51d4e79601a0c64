"""Every rule of the API that can be checked before anything is sent, one file a group of calls.

An operation carries its check (`Operation(check=...)`), which `Resource._send` runs unless the
client was made with `validate=False`. A check gets the call's parameters as `Checks` and raises
`ParameterError`: which parameter, what is wrong, what to write instead.

Two principles: a call that the API would take is never refused, and what is not known of the API is
left to the API.
"""

from .checks import Checks, field_of
from .rails import LOCAL_RAILS, rail_problem

__all__ = ["LOCAL_RAILS", "Checks", "field_of", "rail_problem"]
