"""The root of the error tree, apart so that `money` can raise below it, and what errors show."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


class GlomoError(Exception):
    """Everything that the SDK raises on its own account."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Keyword-only constructors break the default protocol, which calls cls(*args).
        return _rebuild, (type(self), self.args), self.__dict__


def _rebuild(cls: type[GlomoError], args: tuple[Any, ...]) -> GlomoError:
    error = cls.__new__(cls)
    error.args = args
    return error


def shown(value: object) -> str:
    """A value in a message. Of what holds others only the type: there may be secrets in it."""
    if value is None or isinstance(value, (str, int, float, Decimal)):
        return repr(value)
    return f"a {type(value).__name__}"
