"""Time passing by itself: a thread that lets happen what falls due on the sandbox's clock."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

from .engine import Engine

_LONGEST_WAIT = 0.5
"""Seconds. The clock may be moved by others, and new things may be planned at any time."""


class Ticker:
    """Ticks an engine in the background while it is served, as a context manager."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="glomo-sandbox-clock", daemon=True)

    def _run(self) -> None:
        while not self._stop.wait(self._seconds()):
            self._engine.tick()

    def _seconds(self) -> float:
        at = self._engine.next_at()
        if at is None:
            return _LONGEST_WAIT
        return min(max(at - self._engine.now().timestamp(), 0.01), _LONGEST_WAIT)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()
