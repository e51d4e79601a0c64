"""Doing something every so often, beside the work."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from glomo.batch.errors import JournalError

log = logging.getLogger("glomo.distributed")


class Heartbeat:
    """Calls a function again and again until it is stopped.

    Args:
        beat: what to call. A `JournalError` is logged, and the next beat tries again.
        seconds: between two beats.
    """

    def __init__(self, beat: Callable[[], Awaitable[None]], seconds: float) -> None:
        self._beat = beat
        self._seconds = seconds
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, in the running event loop."""
        self._task = asyncio.create_task(self._run(), name="glomo heartbeat")

    async def stop(self) -> None:
        """End, and wait for the beat under way. May be called twice."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            try:
                await self._beat()
            except JournalError as error:
                log.warning("a heartbeat failed: %s", error)
