"""Ctrl-C once: finish what is in flight and stop. Twice: stop now."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any


@contextmanager
def interruptible(stop: Callable[[], None], note: Callable[[str], None]) -> Generator[None]:
    """Handle SIGINT and SIGTERM in the main thread while a run is under way.

    Args:
        stop: asks the run to end; called at the first signal.
        note: tells the user.
    """
    loop, run = asyncio.get_running_loop(), asyncio.current_task()
    signals = 0

    def handle(_: int, __: FrameType | None) -> None:
        nonlocal signals
        signals += 1
        if signals == 1:
            stop()
            loop.call_soon_threadsafe(note, _STOPPING)
        elif run is not None:
            # A third one ends the process there and then: the journal bears that too.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            loop.call_soon_threadsafe(run.cancel)

    before: list[tuple[int, Any]] = []
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            before.append((number, signal.signal(number, handle)))
        yield
    finally:
        for changed, handler in before:
            signal.signal(changed, handler)


def forget_cancellation() -> None:
    """Let the task that was just cancelled go on: the report is still to be written."""
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()


_STOPPING = (
    "stopping: what is in flight is being finished, nothing new is sent (Ctrl-C again: stop now)"
)
