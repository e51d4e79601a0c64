"""Options that several commands have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """Which account and address a command uses."""

    profile: Annotated[
        str | None,
        Parameter(
            help="The profile with key and address: see glomo config.", env_var="GLOMO_PROFILE"
        ),
    ] = None
    base_url: Annotated[
        str | None,
        Parameter(
            help="The API's address up to /api. Default: GLOMO_BASE_URL, the profile's, live."
        ),
    ] = None


DEFAULT_ACCESS = Access()

JsonOutput = Annotated[bool, Parameter(name="--json", help="The result as JSON, for programs.")]
Limit = Annotated[int, Parameter(help="At most so many, newest first.", validator=Number(gte=1))]
