"""The rate limiter: at most so many attempts in any minute, evenly spread."""

from __future__ import annotations

import time
from collections.abc import Callable

WINDOW = 60.0


class RateLimiter:
    """Spaces attempts so that no window of 60 seconds holds more than `per_minute` of them.

    A second's worth may go at once; the rest is spread evenly. It only computes: `reserve` says
    how long to wait, so it is bound to no event loop and may be shared between clients that share
    an address.
    """

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        if per_minute < 1:
            raise ValueError(f"per_minute must be at least 1, not {per_minute}")
        self.per_minute = per_minute
        self._clock = clock
        burst = max(1, per_minute // 60)
        # burst + WINDOW / interval <= per_minute: the burst and a window's refill fit together.
        self._interval = WINDOW / (per_minute - burst) if per_minute > burst else WINDOW
        self._ahead = (burst - 1) * self._interval
        self._next = float("-inf")

    def reserve(self, at_most: float) -> float | None:
        """Take the next place.

        Returns:
            Seconds to wait before sending, or `None`, taking no place, if that is over `at_most`.
        """
        now = self._clock()
        place = max(self._next, now - self._ahead)
        wait = max(0.0, place - now)
        if wait > at_most:
            return None
        self._next = place + self._interval
        return wait

    def hold(self, seconds: float) -> None:
        """Let nothing go for so long: the server said that it had too much."""
        self._next = max(self._next, self._clock() + seconds)
