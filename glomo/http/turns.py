"""A request's turn: a place among those in flight, then a token of the rate limit.

The place is taken first. A token drawn first could be kept waiting for a place, and kept tokens
would leave together, faster than the limit.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

import anyio

from .limiter import Limiter
from .steps import OutOfTimeError

FOREVER = float("inf")


class Places:
    """At most so many requests in flight; first come, first served."""

    def __init__(self, total: int) -> None:
        self._free = total
        self._waiting: deque[anyio.Event] = deque()

    def take_at_once(self) -> bool:
        """Take a place if one is free; whether it was."""
        if not self._free:
            return False
        self._free -= 1
        return True

    async def take(self) -> None:
        """Wait for a place that another request gives back."""
        handed_over = anyio.Event()
        self._waiting.append(handed_over)
        try:
            await handed_over.wait()
        except BaseException:
            if handed_over.is_set():  # it came just as the wait was cut off
                self.give_back()
            else:
                self._waiting.remove(handed_over)
            raise

    def give_back(self) -> None:
        """Hand the place to whoever waits longest."""
        if self._waiting:
            self._waiting.popleft().set()
        else:
            self._free += 1


class Turns:
    """Gives requests their turns. Belongs to one event loop at a time.

    Args:
        limiter: the rate limit; `None` for none.
        max_in_flight: how many requests may be under way at once.
        clock: where time comes from.
    """

    def __init__(
        self,
        limiter: Limiter | None,
        max_in_flight: int,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limiter = limiter
        self._max_in_flight = max_in_flight
        self._places = Places(max_in_flight)
        self._clock = clock

    def reset(self) -> None:
        """Forget who holds a place: in a new event loop, or after a fork."""
        self._places = Places(self._max_in_flight)

    async def take(self, at_most: float = FOREVER) -> float:
        """Wait for a turn.

        Args:
            at_most: seconds to wait.

        Returns:
            Seconds that it took.

        Raises:
            OutOfTimeError: no turn came in time, and none was taken.
        """
        places, limiter = self._places, self._limiter
        at_once = places.take_at_once()
        if at_once and limiter is None:
            return 0.0
        began = self._clock()
        if not at_once:
            await self._wait_for_place(at_most)
        if limiter is not None:
            left = at_most if at_most == FOREVER else at_most - (self._clock() - began)
            try:
                granted = await limiter.acquire(left)
            except BaseException:
                places.give_back()
                raise
            if not granted:
                places.give_back()
                raise OutOfTimeError(f"the rate limit has no place within {at_most:g} s")
        return self._clock() - began

    async def _wait_for_place(self, at_most: float) -> None:
        if at_most == FOREVER:
            await self._places.take()
            return
        with anyio.move_on_after(at_most) as waiting:
            await self._places.take()
        if waiting.cancelled_caught:
            raise OutOfTimeError(
                f"all {self._max_in_flight} places in flight stayed taken for {at_most:g} s"
            )

    def give_back(self) -> None:
        """The request has ended."""
        self._places.give_back()

    def hold(self, seconds: float) -> None:
        """Give no turn for so long: the server had too much."""
        if self._limiter is not None:
            self._limiter.hold(seconds)
