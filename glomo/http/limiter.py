"""The rate limiter: at most so many attempts in any minute, evenly spread."""

from __future__ import annotations

import threading
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

import anyio

WINDOW = 60.0
SLACK = 0.005
"""The part of the limit that is left unused. Requests do not travel equally fast: without it, those
that leave within the limit arrive beyond it."""


class Limiter(Protocol):
    """What `rate_limit=` takes: gives out places to send, to every client that shares it.

    An implementation may share one limit between processes and machines.
    """

    async def acquire(self, at_most: float) -> bool:
        """Wait for a place.

        Args:
            at_most: seconds to wait; infinite for as long as it takes.

        Returns:
            False if there is no place in that time; then none is taken.
        """
        ...

    def hold(self, seconds: float) -> None:
        """Give no place for so long: the server said that it had too much."""
        ...


class RateLimiter:
    """Spaces attempts so that no window of 60 seconds holds more than `per_minute` of them.

    A second's worth may go at once; the rest is spread evenly, and a little (`SLACK`) is left
    unused. It only computes: `reserve` says
    how long to wait, so it is bound to no event loop and may be shared between clients and threads
    that share an address.

    Args:
        per_minute: attempts in any minute.
        clock, sleep: time.
    """

    def __init__(
        self,
        per_minute: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    ) -> None:
        if type(per_minute) is not int or per_minute < 1:
            raise ValueError(f"per_minute must be a whole number, at least 1, not {per_minute!r}")
        self.per_minute = per_minute
        self.held = 0
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        burst = max(1, per_minute // 60)
        # burst + WINDOW / interval <= per_minute: the burst and a window's refill fit together.
        usable = per_minute * (1 - SLACK) - burst
        self._interval = WINDOW / usable if per_minute > burst else WINDOW
        self._ahead = (burst - 1) * self._interval
        self._next = float("-inf")

    async def acquire(self, at_most: float) -> bool:
        """Wait for a place, at most so many seconds. False, and none taken, if there is none."""
        until = self._clock() + at_most
        while True:
            held = self.held
            wait = self.reserve(until - self._clock())
            if wait is None:
                return False
            if wait <= 0:
                return True
            await self._sleep(wait)
            if self.held == held:
                return True
            # The server has had too much meanwhile: this place is void, queue again behind.

    def reserve(self, at_most: float) -> float | None:
        """Take the next place.

        Returns:
            Seconds to wait before sending, or `None`, taking no place, if that is over `at_most`.
        """
        with self._lock:
            now = self._clock()
            place = max(self._next, now - self._ahead)
            wait = max(0.0, place - now)
            if wait > at_most:
                return None
            self._next = place + self._interval
            return wait

    def hold(self, seconds: float) -> None:
        """Give no place for so long: the server said that it had too much.

        `held` counts these, and lets waiters queue again.
        """
        with self._lock:
            self.held += 1
            self._next = max(self._next, self._clock() + seconds)
