"""The rate limit of an address, shared by every process that sends from it.

The API counts requests by the address they come from. One row of the database holds the next free
place; processes draw some places at a time, by the database's clock, and wait for them on their
own. Places that were overslept, as by a process that was stopped and went on, are thrown away: used
late, they would leave as a burst.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable

import anyio

from glomo.batch.errors import JournalError
from glomo.http.limiter import WINDOW

from .database import Database
from .lease import check_lease

log = logging.getLogger("glomo.distributed")

_PLACES = 8
_BURST = 10
_STALE = 0.3
"""Seconds by which a place may be overslept. What is late stands closer to what follows: so many
seconds' places may arrive beyond the limit, and the slack must cover them."""
_SLACK = 0.008
"""How much of the limit stays unused, for requests that arrive closer together than they left."""


class PostgresLimiter:
    """A `Limiter` for `AsyncGlomo(rate_limit=...)` that many processes share.

    It also looks at the lease of the work under way, after the wait and directly before the
    request: `pay_slice` needs that.

    Args:
        database: open.
        per_minute: requests in any minute from the address.
        address: names the address from which requests reach the API. Machines behind one NAT share
            an address; machines with public addresses of their own each have one.
        clock, sleep: monotonic time.
    """

    def __init__(
        self,
        database: Database,
        per_minute: int = 3000,
        *,
        address: str = "default",
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    ) -> None:
        if per_minute < 1:
            raise ValueError(f"per_minute must be at least 1, not {per_minute}")
        self.per_minute = per_minute
        self.address = address
        self.trips = 0
        """How often the database was asked for places."""
        self._database = database
        self._clock = clock
        self._sleep = sleep
        usable = max(1.0, per_minute * (1 - _SLACK))
        burst = min(_BURST, max(1, per_minute // 60))
        self._interval = WINDOW / max(1.0, usable - burst)
        self._ahead = (burst - 1) * self._interval
        # Few places at a time where they are far apart: reserved ones are lost with the process.
        self._count = max(1, min(_PLACES, round(0.2 / self._interval)))
        self._places: deque[float] = deque()
        self._drawing = asyncio.Lock()
        self._held = 0
        self._holds: set[asyncio.Task[None]] = set()

    async def acquire(self, at_most: float) -> bool:
        """Wait for a place. See `Limiter.acquire`.

        Raises:
            FencedError: the work under way belongs to a lease that is over.
            JournalError: the database is gone.
        """
        until = self._clock() + at_most
        while True:
            tokens = self._held
            due = await self._next_place()
            if due > until:
                self._places.appendleft(due)
                return False
            wait = due - self._clock()
            if wait > 0:
                await self._sleep(wait)
            if self._held == tokens and self._clock() - due <= _STALE:
                check_lease()
                return True

    def hold(self, seconds: float) -> None:
        """Give no place for so long, on any machine. See `Limiter.hold`."""
        self._held += 1
        self._places.clear()
        task = asyncio.get_running_loop().create_task(self._hold(seconds))
        self._holds.add(task)
        task.add_done_callback(self._holds.discard)

    async def _hold(self, seconds: float) -> None:
        try:
            await self._database.fetch(
                "UPDATE glomo_egress SET next_at = greatest(next_at, clock_timestamp() + "
                "%(seconds)s * interval '1 second') WHERE address = %(address)s RETURNING next_at",
                {"seconds": seconds, "address": self.address},
            )
        except JournalError as error:
            log.warning("could not slow the other machines down: %s", error)

    async def _next_place(self) -> float:
        async with self._drawing:
            while not self._places or self._clock() - self._places[0] > _STALE:
                if self._places:
                    self._places.popleft()
                else:
                    self._places.extend(await self._draw())
            return self._places.popleft()

    async def _draw(self) -> list[float]:
        """Some places, as times of this machine's clock. Never earlier than they are."""

        span = self._count * self._interval
        self.trips += 1
        row = await self._database.fetch(
            "INSERT INTO glomo_egress AS e (address, next_at) VALUES "
            "(%(address)s, clock_timestamp() + %(span)s * interval '1 second') "
            "ON CONFLICT (address) DO UPDATE SET next_at = greatest(e.next_at, "
            "clock_timestamp() - %(ahead)s * interval '1 second') + "
            "%(span)s * interval '1 second' "
            "RETURNING extract(epoch FROM next_at - clock_timestamp())::float8",
            {"address": self.address, "span": span, "ahead": self._ahead},
        )
        received = self._clock()
        assert row is not None
        first = received + float(row[0]) - span
        return [first + n * self._interval for n in range(self._count)]
