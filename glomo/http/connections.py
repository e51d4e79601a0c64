"""What the requests of a client travel over, in turn: one transport, in one event loop at a time.

A request's turn is a place among those in flight, and then a token of the rate limit. The place is
taken first: a token drawn first could be kept waiting for a place, and kept tokens would leave
together, faster than the limit.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import anyio
import anyio.lowlevel

from glomo.errors import ConfigurationError

from .limiter import Limiter
from .steps import OutOfTimeError
from .transport import Transport

FOREVER = float("inf")


class Connections:
    """What clients that share an address share.

    Args:
        transport: speaks HTTP.
        limiter: the rate limit; `None` for none.
        max_in_flight: how many requests may be under way at once.
        clock: where time comes from.

    Attributes:
        transport: as given.
        places: of the requests in flight. Whoever has taken a turn releases one.
        closed: no call may be made any more.
    """

    places: anyio.Semaphore

    def __init__(
        self,
        transport: Transport,
        limiter: Limiter | None,
        max_in_flight: int,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.transport = transport
        self.closed = False
        self._limiter = limiter
        self._max_in_flight = max_in_flight
        self._clock = clock
        self._loop: object = None

    async def take_turn(self, at_most: float = FOREVER) -> float:
        """Wait for a turn in the running event loop. It ends with `places.release()`.

        Args:
            at_most: seconds to wait.

        Returns:
            Seconds that it took.

        Raises:
            OutOfTimeError: no turn came in time, and none was taken.
            ConfigurationError: the client is still in use in another event loop.
        """
        self._enter_loop()
        limiter, began = self._limiter, self._clock()
        try:
            self.places.acquire_nowait()
        except anyio.WouldBlock:
            await self._wait_for_place(at_most)
        else:
            if limiter is None:
                return 0.0
        if limiter is not None:
            left = at_most if at_most == FOREVER else at_most - (self._clock() - began)
            try:
                granted = await limiter.acquire(left)
            except BaseException:
                self.places.release()
                raise
            if not granted:
                self.places.release()
                raise OutOfTimeError(f"the rate limit has no place within {at_most:g} s")
        return self._clock() - began

    async def _wait_for_place(self, at_most: float) -> None:
        if at_most == FOREVER:
            await self.places.acquire()
            return
        with anyio.move_on_after(at_most) as waiting:
            await self.places.acquire()
        if waiting.cancelled_caught:
            raise OutOfTimeError(
                f"all {self._max_in_flight} places in flight stayed taken for {at_most:g} s"
            )

    def hold(self, seconds: float) -> None:
        """Give no turn for so long: the server had too much."""
        if self._limiter is not None:
            self._limiter.hold(seconds)

    def _enter_loop(self) -> None:
        """Bind to the running event loop, in which nobody holds a place yet."""
        loop = _running_loop()
        if loop is self._loop:
            return
        if self._loop is not None:
            if _is_open(self._loop):
                raise ConfigurationError(
                    "this client is in use in another event loop: make one client for each loop"
                )
            self.transport.reset()
        self._loop = loop
        self.places = anyio.Semaphore(self._max_in_flight)

    def reset(self) -> None:
        """Forget loop and connections without touching them: after a fork."""
        if self._loop is not None:
            self._loop = None
            self.transport.reset()

    async def aclose(self) -> None:
        """Close the connections that belong to the running loop."""
        self.closed = True
        if self._loop is _running_loop():
            await self.transport.aclose()


def _running_loop() -> object:
    """The running asyncio loop, or what stands for another backend's."""
    import asyncio  # noqa: PLC0415 - whoever runs its loop has it; nobody else needs it

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return anyio.lowlevel.current_token().native_token


def _is_open(loop: object) -> bool:
    """Whether it is a loop of asyncio, and is not closed."""
    import asyncio  # noqa: PLC0415 - as above

    return isinstance(loop, asyncio.AbstractEventLoop) and not loop.is_closed()
