"""Warning of operations that the API has replaced."""

from __future__ import annotations

import inspect
import warnings
from types import FrameType

_PACKAGES = ("glomo", "glomo_sync")
_warned: set[str] = set()


def warn_deprecated(operation: str, instead: str) -> None:
    """Warn that an operation is deprecated: once a process and operation, at the caller's line.

    Call it from the method itself, before anything is awaited: later the caller's line is out of
    sight.

    Args:
        operation: the client method (`"withdrawals.create"`).
        instead: the method to call in its place.
    """
    if operation in _warned:
        return
    warnings.warn(
        f"{operation} is deprecated: use {instead}",
        DeprecationWarning,
        stacklevel=_level_of_caller(inspect.currentframe()),
    )
    # Only now: where warnings are errors, every call is one.
    _warned.add(operation)


def _level_of_caller(frame: FrameType | None) -> int:
    """The `stacklevel`, for a warning given in `frame`, of the first frame outside the SDK."""
    level = 1
    while frame is not None and _package(frame) in _PACKAGES:
        frame, level = frame.f_back, level + 1
    return level


def _package(frame: FrameType) -> str:
    name: str = frame.f_globals.get("__name__", "")
    return name.partition(".")[0]
