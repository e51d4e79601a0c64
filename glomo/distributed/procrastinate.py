"""Slices delivered by Procrastinate, a queue in the same PostgreSQL.

Nothing else has to run: the queue's tables lie beside the journal's. A job holds the number of a
slice and nothing more, so that it may be delivered twice, or be lost with its worker: every worker
looks every few seconds for slices that are due, and enqueues them again.

Each account has a queue of its own, so that a worker takes only slices that its key may pay. In a
queue the batches take turns: the slices of a batch that comes later stand level with those that are
next, not behind the last of the batch before it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
import socket
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress

from attrs import frozen

try:
    import procrastinate
    from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
except ImportError as missing:
    raise ImportError(
        f"the queue needs the package {missing.name!r}: pip install 'glomo[distributed]'",
        name=missing.name,
    ) from missing

from glomo.batch.batch import identity_of
from glomo.batch.control import Stop
from glomo.batch.errors import JournalError
from glomo.batch.journal import Identity
from glomo.batch.stream import CONCURRENCY
from glomo.client import AsyncGlomo

from .database import Connection, Database
from .journal import LEASE
from .payer import Payer, WorkerEvent
from .slices import Slice, due
from .tables import OF_ACCOUNT, UNFINISHED, account_values

log = logging.getLogger("glomo.distributed")

TASK = "glomo.pay_slice"
_SCHEMA_LOCK = 4_710_083


@frozen
class SliceQueue:
    """The slices of one account's batches that wait for workers.

    Attributes:
        app: Procrastinate's application.
        name: the queue's.
    """

    app: procrastinate.App
    name: str
    _database: Database

    async def enqueue(self, slices: Sequence[Slice]) -> int:
        """Hand slices out; those that wait in the queue already are left there.

        Returns:
            How many were new.
        """
        queued, first = await self._queued()
        place: Counter[str] = Counter()
        for due_slice in slices:
            lock = f"{due_slice.batch}/{due_slice.number}"
            if lock in queued:
                continue
            job = self.app.configure_task(
                TASK, queue=self.name, queueing_lock=lock, priority=first - place[due_slice.batch]
            )
            with suppress(AlreadyEnqueued):
                await job.defer_async(batch=due_slice.batch, number=due_slice.number)
                place[due_slice.batch] += 1
        return place.total()

    async def _queued(self) -> tuple[set[str], int]:
        """What waits already, and the priority of what is next."""

        async def read(connection: Connection) -> tuple[set[str], int]:
            cursor = await connection.execute(
                "SELECT queueing_lock, priority FROM procrastinate_jobs "
                "WHERE queue_name = %s AND status = 'todo'",
                (self.name,),
            )
            rows = await cursor.fetchall()
            return {row[0] for row in rows}, max((int(row[1]) for row in rows), default=0)

        return await self._database.run(read)


@asynccontextmanager
async def queue(database: Database, account: Identity) -> AsyncGenerator[SliceQueue]:
    """The queue of an account, with Procrastinate's tables in place.

    Args:
        database: open.
        account: whose batches; the batch's name in it does not matter.
    """
    app = procrastinate.App(
        connector=procrastinate.PsycopgConnector(conninfo=database.dsn, min_size=1, max_size=4)
    )
    owner = json.dumps([account.address, account.environment, account.subject])
    name = f"glomo_slices_{hashlib.sha256(owner.encode()).hexdigest()[:12]}"
    async with app.open_async():
        await _apply_schema(app, database)
        yield SliceQueue(app, name, database)


async def work(
    database: Database,
    glomo: AsyncGlomo,
    *,
    stop: Stop | None = None,
    target: str | None = None,
    slices: int = 1,
    concurrency: int = CONCURRENCY,
    lease: float = LEASE,
    until_finished: bool = False,
    on_event: Callable[[WorkerEvent], None] = log.info,
) -> None:
    """Be a worker: pay slices as they come, until `stop` is set.

    If this is cancelled, what is in flight has a second to finish.

    Args:
        database: open.
        glomo: the client, with `rate_limit=PostgresLimiter(database)`. Batches of another account
            or environment than its key's are left to other workers.
        stop: set it to finish what is in flight and return.
        target: what the batches belong to, in place of the client's address.
        slices: how many slices at once.
        concurrency: how many rows of a slice at once.
        lease: seconds after which a silent worker's slice is due again.
        until_finished: return as soon as no slice is left to do.
        on_event: is told what happens.

    Raises:
        JournalError: the queue cannot be used.
    """
    stopping = Stop() if stop is None else stop
    payer = Payer(
        *(database, glomo),
        stop=stopping,
        on_event=on_event,
        target=target,
        concurrency=concurrency,
        lease=lease,
    )
    account = identity_of(glomo, "", target)
    async with queue(database, account) as slice_queue:
        slice_queue.app.task(name=TASK, queue=slice_queue.name)(payer.pay)
        worker = asyncio.create_task(
            slice_queue.app.run_worker_async(
                queues=[slice_queue.name],
                name=f"{socket.gethostname()}/{os.getpid()}",
                concurrency=slices,
                install_signal_handlers=False,
                fetch_job_polling_interval=min(5.0, lease / 3),
                delete_jobs="successful",
            )
        )

        async def sweep() -> bool:
            """Enqueue what is due; whether the worker may go."""
            await slice_queue.enqueue(await due(database, account=account))
            await payer.note_foreign_batches(account)
            return until_finished and not await _unfinished(database, account)

        try:
            await _repeat(sweep, lease / 3, worker, stopping)
            worker.cancel()  # lets the jobs under way finish
            await asyncio.wait([worker])
        finally:
            stopping.set()
            if not worker.done():
                payer.abort()
                worker.cancel()
                await asyncio.wait([worker])
    if not worker.cancelled() and (error := worker.exception()) is not None:
        raise JournalError(f"the queue failed: {error}") from error


async def _repeat(
    sweep: Callable[[], Awaitable[bool]], seconds: float, worker: asyncio.Task[None], stop: Stop
) -> None:
    """Sweep again and again until it says that it is over.

    It stands in no queue, so that no slice delays it.
    """
    loop = asyncio.get_running_loop()
    next_at = loop.time()
    while not stop and not worker.done():
        if loop.time() >= next_at:
            next_at = loop.time() + seconds
            try:
                if await sweep():
                    return
            except (JournalError, ConnectorException) as error:
                log.warning("could not look for slices that are due: %s", error)
        await asyncio.wait([worker], timeout=0.1)


async def _unfinished(database: Database, account: Identity) -> bool:
    query = f"""
        SELECT EXISTS (
            SELECT FROM glomo_slice JOIN glomo_batch USING (batch)
            WHERE {UNFINISHED} AND {OF_ACCOUNT}
        )
    """  # noqa: S608
    row = await database.fetch(query, account_values(account))
    return bool(row and row[0])


async def _apply_schema(app: procrastinate.App, database: Database) -> None:
    """Create the queue's tables, once, whoever comes first."""

    async def apply(connection: Connection) -> None:
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SCHEMA_LOCK,))
        cursor = await connection.execute("SELECT to_regclass('procrastinate_jobs')")
        row = await cursor.fetchone()
        if row is None or row[0] is None:
            await app.schema_manager.apply_schema_async()

    await database.run(apply)
