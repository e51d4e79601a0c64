"""Tracebacks without the machinery between the two worlds."""

from __future__ import annotations

import os
from types import TracebackType

__all__ = ["FULL_TRACEBACK", "hide_bridge_frames", "hide_waiting_frames"]

FULL_TRACEBACK = "GLOMO_SYNC_FULL_TRACEBACK"
"""Environment variable: with `1`, tracebacks keep the bridge's own frames."""

_MACHINERY = frozenset(
    f"{__package__}.{module}"
    for module in ("_bridge", "_call", "_guards", "_loop_thread", "_session", "_tracebacks")
)


# What a caller's thread is in while it posts and waits. A call's own frames may be in these too.
_WAITING = frozenset(
    (
        "anyio.from_thread",
        "anyio._backends._asyncio",
        "asyncio.base_events",
        "asyncio.selector_events",
        "asyncio.tasks",
        "concurrent.futures._base",
        "threading",
    )
)


def hide_bridge_frames(error: BaseException) -> None:
    """Drop the bridge's frames from the error's traceback.

    What is left leads from the caller's line through the client's method to the code that failed.
    """
    _hide(error, _MACHINERY)


def hide_waiting_frames(interruption: BaseException) -> None:
    """Drop the frames of the wait that was interrupted. Those of a signal handler stay."""
    _hide(interruption, _WAITING)


def _hide(error: BaseException, modules: frozenset[str]) -> None:
    if os.environ.get(FULL_TRACEBACK) == "1":
        return
    frames: list[TracebackType] = []
    entry = error.__traceback__
    while entry is not None:
        if entry.tb_frame.f_globals.get("__name__") not in modules:
            frames.append(entry)
        entry = entry.tb_next
    for entry, following in zip(frames, [*frames[1:], None], strict=False):
        entry.tb_next = following
    error.__traceback__ = frames[0] if frames else None
