"""The root of the error tree, apart so that `money` can raise below it, and what errors show."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

LONGEST = 80
"""Characters of a value that an error shows."""
LINE = 500
"""Characters of a text from outside that an error shows."""


class GlomoError(Exception):
    """Everything that the SDK raises on its own account."""

    def to_dict(self) -> dict[str, Any]:
        """The error for a log or a queue: its class, its message and its plain attributes.

        Bodies and headers, which may hold anything, are left out; objects are told by their id.
        """
        plain = {name: _plain(value) for name, value in vars(self).items()}
        return {
            "error": type(self).__name__,
            "message": str(self),
            **{n: v for n, v in plain.items() if n not in _RESERVED and v is not None},
        }

    def __reduce__(self) -> tuple[Any, ...]:
        # Keyword-only constructors break the default protocol, which calls cls(*args).
        return _rebuild, (type(self), self.args), self.__dict__


_RESERVED = frozenset({"error", "message", "body", "headers"})


def _plain(value: object) -> Any:
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Mapping):
        entries = cast("Mapping[object, object]", value).items()
        return {str(key): _plain(entry) for key, entry in entries}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in cast("list[object]", value)]
    identity = getattr(value, "id", None)
    return identity if isinstance(identity, str) else str(value)


def _rebuild(cls: type[GlomoError], args: tuple[Any, ...]) -> GlomoError:
    error = cls.__new__(cls)
    error.args = args
    return error


def preview(value: object) -> str:
    """A value in a message, cut where it is long.

    Of what holds others only the type: there may be secrets in it.
    """
    if isinstance(value, int) and not -(10**40) < value < 10**40:
        return "a number of more than 40 digits"
    if isinstance(value, str) and len(value) > LONGEST:
        return f"{value[:LONGEST]!r}… ({len(value)} characters)"
    if value is None or isinstance(value, (str, int, float, Decimal)):
        return repr(value)
    return f"a {type(value).__name__}"


def printable(text: str) -> str:
    """Text from outside, for one line of an error: no control characters, cut where it is long."""
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[:LINE])
    return clean if len(text) <= LINE else f"{clean}…"
