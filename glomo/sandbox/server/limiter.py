"""The gateway's limit: so many requests a minute from one source."""

from __future__ import annotations

import threading
from collections import deque

from glomo.sandbox.engine.clock import Now

_WINDOW = 60.0
_SOURCES = 1024


class RateLimit:
    """A sliding window of 60 seconds for each source address, on the sandbox's clock."""

    def __init__(self, per_minute: int | None, now: Now) -> None:
        if per_minute is not None and per_minute < 1:
            raise ValueError("rate_limit must be at least 1 a minute, or None for no limit")
        self.per_minute = per_minute
        self._now = now
        self._passed: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def admits(self, source: str) -> bool:
        """Count a request from `source`; False if it is one too many (those are not counted)."""
        if self.per_minute is None:
            return True
        with self._lock:
            now = self._now().timestamp()
            times = self._passed.get(source)
            if times is None:
                if len(self._passed) >= _SOURCES:
                    self._forget_idle(now)
                times = self._passed[source] = deque()
            while times and times[0] <= now - _WINDOW:
                times.popleft()
            if len(times) >= self.per_minute:
                return False
            times.append(now)
            return True

    def _forget_idle(self, now: float) -> None:
        for source in [s for s, times in self._passed.items() if times[-1] <= now - _WINDOW]:
            del self._passed[source]
