"""Slices delivered by Procrastinate, a queue in the same PostgreSQL.

Nothing else has to run: the queue's tables lie beside the journal's. A job holds the number of a
slice and nothing more, so that it may be delivered twice, or be lost with its worker: every worker
looks every few seconds for slices that are due, and enqueues them again.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from glomo.batch.control import Stop
from glomo.batch.errors import BatchError, JournalError
from glomo.batch.stream import CONCURRENCY
from glomo.client import AsyncGlomo
from glomo.errors import GlomoError

from .database import Connection, Database
from .errors import FencedError, SliceTakenError
from .journal import LEASE
from .slices import Slice, due, pay_slice

log = logging.getLogger("glomo.distributed")

QUEUE = "glomo_slices"
TASK = "glomo.pay_slice"
_SCHEMA_LOCK = 4_710_083


@asynccontextmanager
async def queue(database: Database) -> AsyncGenerator[procrastinate.App]:
    """Procrastinate's application, with its tables in place."""
    app = procrastinate.App(
        connector=procrastinate.PsycopgConnector(conninfo=database.dsn, min_size=1, max_size=4)
    )
    async with app.open_async():
        await _apply_schema(app, database)
        yield app


async def enqueue(app: procrastinate.App, slices: Sequence[Slice]) -> int:
    """Hand slices out; those that wait in the queue already are left there.

    Returns:
        How many were new.
    """
    new = 0
    for one in slices:
        job = app.configure_task(TASK, queue=QUEUE, queueing_lock=f"{one.batch}/{one.number}")
        with suppress(AlreadyEnqueued):
            await job.defer_async(batch=one.batch, number=one.number)
            new += 1
    return new


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
    note: Callable[[str], None] = log.info,
) -> None:
    """Be a worker: pay slices as they come, until `stop` is set.

    Args:
        database: open.
        glomo: the client, with `rate_limit=PostgresLimiter(database)`.
        stop: set it to finish what is in flight and return.
        target: what the batches belong to, in place of the client's address.
        slices: how many slices at once.
        concurrency: how many rows of a slice at once.
        lease: seconds after which a silent worker's slice is due again.
        until_finished: return as soon as no slice is left to do.
        note: is told what happens.
    """
    stopping = Stop() if stop is None else stop
    worker = f"{socket.gethostname()}/{os.getpid()}"

    async def pay(batch: str, number: int) -> None:
        if stopping:
            return
        try:
            outcome = await pay_slice(
                glomo,
                database,
                batch,
                number,
                target=target,
                concurrency=concurrency,
                lease=lease,
                stop=stopping,
            )
        except SliceTakenError:
            return  # delivered twice
        except FencedError as error:
            note(f"{batch} slice {number}: {error}")
        except (BatchError, GlomoError) as error:
            note(f"{batch} slice {number} was given up for now: {error}")
        else:
            state = "done" if outcome.done else "to be continued"
            note(
                f"{batch} slice {number} {state}: {outcome.accepted} accepted, "
                f"{outcome.rejected} rejected, {outcome.unknown} unknown"
            )

    async with queue(database) as app:
        app.task(name=TASK, queue=QUEUE)(pay)
        running = asyncio.create_task(
            app.run_worker_async(
                queues=[QUEUE],
                name=worker,
                concurrency=slices,
                install_signal_handlers=False,
                fetch_job_polling_interval=min(5.0, lease / 3),
                delete_jobs="successful",
            )
        )
        try:
            await _sweep(app, database, running, stopping, lease / 3, until_finished=until_finished)
        finally:
            stopping.set()
            running.cancel()  # lets the jobs under way finish
            await asyncio.wait([running])
    if not running.cancelled() and (error := running.exception()) is not None:
        raise JournalError(f"the queue failed: {error}") from error


async def _sweep(
    app: procrastinate.App,
    database: Database,
    running: asyncio.Task[None],
    stop: Stop,
    seconds: float,
    *,
    until_finished: bool,
) -> None:
    """Enqueue what is due, again and again. It stands in no queue, so that no slice delays it."""
    loop = asyncio.get_running_loop()
    next_at = loop.time()
    while not stop and not running.done():
        if loop.time() >= next_at:
            next_at = loop.time() + seconds
            try:
                waiting = await due(database)
                await enqueue(app, waiting)
                if until_finished and not waiting and not await _unfinished(database):
                    return
            except (JournalError, ConnectorException) as error:
                log.warning("could not look for slices that are due: %s", error)
        await asyncio.wait([running], timeout=0.1)


async def _unfinished(database: Database) -> bool:
    async def read(connection: Connection) -> bool:
        found = await connection.execute(
            "SELECT EXISTS (SELECT FROM glomo_slice JOIN glomo_batch USING (batch) "
            "WHERE NOT stopped AND done_at IS NULL)"
        )
        row = await found.fetchone()
        return bool(row and row[0])

    return await database.run(read)


async def _apply_schema(app: procrastinate.App, database: Database) -> None:
    """Create the queue's tables, once, whoever comes first."""

    async def apply(connection: Connection) -> None:
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SCHEMA_LOCK,))
        found = await connection.execute("SELECT to_regclass('procrastinate_jobs')")
        row = await found.fetchone()
        if row is None or row[0] is None:
            await app.schema_manager.apply_schema_async()

    await database.run(apply)
