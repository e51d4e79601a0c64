"""A worker, whatever queue brings it slices: it pays them, tells of them, and rests after failures.

A key that is revoked or an API that is down fails one slice after another. Each of them is due
again after a pause of its own; besides, the worker takes no slice for a while that doubles with
each failure in a row, so that a thousand slices do not become a thousand refused requests. The
slices that it leaves lie open to workers that fare better.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import StrEnum

from attrs import frozen

from glomo.batch.control import Stop
from glomo.batch.errors import BatchError
from glomo.batch.journal import Identity
from glomo.batch.stream import CONCURRENCY
from glomo.client import AsyncGlomo
from glomo.errors import GlomoError

from .database import Connection, Database
from .errors import FencedError, SliceTakenError
from .journal import LEASE
from .releasing import FIRST_PAUSE, LONGEST_PAUSE
from .slices import SliceOutcome, pay_slice
from .tables import OF_ACCOUNT, UNFINISHED, account_values

_GRACE = 1.0
"""Seconds that calls in flight have when the worker is to stop now."""
_TICK = 0.1


class SliceState(StrEnum):
    """What a worker has made of a slice."""

    DONE = "done"
    TO_BE_CONTINUED = "to be continued"
    LOST = "lost"
    """The lease ran out: another worker has it or gets it."""
    GIVEN_UP = "given up"
    """For now: it is due again after a pause."""


@frozen
class SliceEvent:
    """What has become of a slice that this worker had.

    Attributes:
        batch, number: the slice.
        state: what was made of it.
        outcome: its rows; `None` if it was lost or given up.
        problem: why it was lost or given up.
        pause: seconds for which the worker takes no slice.
    """

    batch: str
    number: int
    state: SliceState
    outcome: SliceOutcome | None = None
    problem: str | None = None
    pause: float = 0.0

    def __str__(self) -> str:
        name = f"{self.batch} slice {self.number}"
        if self.state is SliceState.GIVEN_UP:
            return f"{name} was given up for now: {self.problem}; next try in {self.pause:.0f} s"
        if self.outcome is None:
            return f"{name} was lost: {self.problem}"
        return (
            f"{name} {self.state}: {self.outcome.accepted} accepted, "
            f"{self.outcome.rejected} rejected, {self.outcome.unknown} unknown"
        )


@frozen
class ForeignBatchEvent:
    """A batch with work in it that this worker's key may not touch.

    Attributes:
        batch: its name.
        problem: to whom it belongs, and for whom this worker is.
    """

    batch: str
    problem: str

    def __str__(self) -> str:
        return f"{self.batch} is left to other workers: it belongs to {self.problem}"


WorkerEvent = SliceEvent | ForeignBatchEvent


class Payer:
    """Pays the slices that a queue brings, and nothing while it rests.

    Args:
        database: open.
        glomo: the client, with `rate_limit=PostgresLimiter(database)`.
        stop: set it to finish what is in flight and take nothing new.
        on_event: is told what happens.
        target: what the batches belong to, in place of the client's address.
        concurrency: how many rows of a slice at once.
        lease: seconds after which a silent worker's slice is due again.
    """

    def __init__(
        self,
        database: Database,
        glomo: AsyncGlomo,
        *,
        stop: Stop,
        on_event: Callable[[WorkerEvent], None],
        target: str | None = None,
        concurrency: int = CONCURRENCY,
        lease: float = LEASE,
    ) -> None:
        self._database = database
        self._glomo = glomo
        self._stop = stop
        self._on_event = on_event
        self._target = target
        self._concurrency = concurrency
        self._lease = lease
        self._failures = 0
        self._resumes_at = float("-inf")
        self._tasks: set[asyncio.Task[object]] = set()
        self._foreign: set[str] = set()

    async def pay(self, batch: str, number: int) -> None:
        """Pay a slice, unless another worker has it; whatever goes wrong is told, not raised."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._rest()
            if not self._stop:
                await self._pay(batch, number)
        finally:
            self._tasks.discard(task)

    def abort(self) -> None:
        """Leave the slices under way: calls in flight have a second to finish."""
        for task in self._tasks:
            task.cancel()

    async def note_foreign_batches(self, account: Identity) -> None:
        """Tell, once for each, which batches have work that is not for this worker's account."""
        for foreign in await _foreign_batches(self._database, account):
            mismatch = foreign.mismatch(Identity(foreign.batch, *_rest_of(account)))
            if foreign.batch not in self._foreign and mismatch is not None:
                self._foreign.add(foreign.batch)
                problem = mismatch.replace("this run is", "this worker is")
                self._on_event(ForeignBatchEvent(foreign.batch, problem))

    async def _pay(self, batch: str, number: int) -> None:
        try:
            outcome = await pay_slice(
                self._glomo,
                self._database,
                batch,
                number,
                target=self._target,
                concurrency=self._concurrency,
                lease=self._lease,
                stop=self._stop,
                grace=_GRACE,
            )
        except SliceTakenError:
            return  # delivered twice
        except FencedError as error:
            self._on_event(SliceEvent(batch, number, SliceState.LOST, problem=str(error)))
        except (BatchError, GlomoError) as error:
            pause = min(FIRST_PAUSE * 2**self._failures, LONGEST_PAUSE)
            self._failures = min(self._failures + 1, 20)
            self._resumes_at = asyncio.get_running_loop().time() + pause
            problem = " ".join(str(error).split())
            event = SliceEvent(batch, number, SliceState.GIVEN_UP, problem=problem, pause=pause)
            self._on_event(event)
        else:
            self._failures = 0
            if outcome.already_done:
                return  # delivered twice
            state = SliceState.DONE if outcome.done else SliceState.TO_BE_CONTINUED
            self._on_event(SliceEvent(batch, number, state, outcome))

    async def _rest(self) -> None:
        loop = asyncio.get_running_loop()
        while not self._stop and loop.time() < self._resumes_at:  # noqa: ASYNC110 - a signal stops
            await asyncio.sleep(_TICK)


def _rest_of(account: Identity) -> tuple[str, str | None, str | None]:
    return account.address, account.environment, account.subject


async def _foreign_batches(database: Database, account: Identity) -> list[Identity]:
    query = f"""
        SELECT batch, address, environment, subject FROM glomo_batch
        WHERE NOT ({OF_ACCOUNT}) AND EXISTS (
            SELECT FROM glomo_slice WHERE glomo_slice.batch = glomo_batch.batch AND {UNFINISHED}
        ) ORDER BY batch
    """  # noqa: S608

    async def read(connection: Connection) -> list[Identity]:
        cursor = await connection.execute(query.encode(), account_values(account))
        return [Identity(*row) for row in await cursor.fetchall()]

    return await database.run(read)
