"""One attempt: a place in flight, a token of the rate limit, the transport, its deadline."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import anyio
from attrs import define

from glomo.errors import ConfigurationError

from .limiter import RateLimiter
from .transport import Transport, WireRequest, WireResponse

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]


class OutOfTimeError(Exception):
    """The deadline passed, or would pass, before the request could be sent."""


@define
class Progress:
    """How far one call has come.

    `unsure` is set once an attempt may have been carried out without our knowing.
    """

    started: float
    deadline: float
    attempts: int = 0
    unsure: bool = False


class Attempts:
    """Sends attempts, bounded in rate and in number at once. Belongs to one event loop at a time.

    The place in flight is taken before the token of the rate limit: a token drawn first could be
    kept waiting, and kept tokens would leave together, faster than the limit.
    """

    def __init__(
        self,
        transport: Transport,
        limiter: RateLimiter | None,
        max_in_flight: int,
        *,
        clock: Clock = time.monotonic,
        sleep: Sleep = anyio.sleep,
    ) -> None:
        self._transport = transport
        self._limiter = limiter
        self._max_in_flight = max_in_flight
        self._loop: asyncio.AbstractEventLoop | None = None
        self._places: anyio.Semaphore
        self.clock = clock
        self.sleep = sleep

    def enter_loop(self) -> None:
        """Bind to the running event loop.

        Raises:
            ConfigurationError: the client is still in use in another event loop.
        """
        loop = asyncio.get_running_loop()
        if loop is self._loop:
            return
        if self._loop is not None:
            if not self._loop.is_closed():
                raise ConfigurationError(
                    "this client is in use in another event loop: make one client for each loop"
                )
            self._transport.reset()
        self._loop = loop
        self._places = anyio.Semaphore(self._max_in_flight, fast_acquire=True)

    def reset(self) -> None:
        """Forget loop and connections without touching them: after a fork."""
        if self._loop is not None:
            self._loop = None
            self._transport.reset()

    async def aclose(self) -> None:
        """Close the connections that belong to the running loop."""
        if self._loop is asyncio.get_running_loop():
            await self._transport.aclose()

    async def once(self, request: WireRequest, progress: Progress, *, share: float) -> WireResponse:
        """Send one attempt and read its answer.

        Args:
            request: what to send.
            progress: the call's; its deadline bounds everything here.
            share: seconds that this attempt may take once it is sent.

        Raises:
            OutOfTimeError: not sent, for lack of time.
            NotSentError, LostError, TooLargeError: as the transport says.
        """
        await self._take_place(progress)
        try:
            await self._draw_token(progress)
            share = min(share, progress.deadline - self.clock())
            if share <= 0:
                raise OutOfTimeError("the time was up before sending")
            progress.attempts += 1
            return await self._transport.send(request, share)
        finally:
            self._places.release()

    def hold(self, seconds: float) -> None:
        """Let every call of this client wait: the server said that it had too much."""
        if self._limiter is not None:
            self._limiter.hold(seconds)

    async def _take_place(self, progress: Progress) -> None:
        try:
            self._places.acquire_nowait()
        except anyio.WouldBlock:
            pass
        else:
            return
        with anyio.move_on_after(progress.deadline - self.clock()):
            await self._places.acquire()
            return
        raise OutOfTimeError(f"all {self._max_in_flight} places in flight stayed taken")

    async def _draw_token(self, progress: Progress) -> None:
        limiter = self._limiter
        if limiter is None:
            return
        while True:
            held = limiter.held
            wait = limiter.reserve(progress.deadline - self.clock())
            if wait is None:
                raise OutOfTimeError(
                    f"the rate limit of {limiter.per_minute} a minute has no place in time"
                )
            if wait <= 0:
                return
            await self.sleep(wait)
            if limiter.held == held:
                return
            # The server has had too much meanwhile: this place is void, queue again behind.
