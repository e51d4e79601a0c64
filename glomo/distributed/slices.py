"""A batch in slices: planned once, paid by whoever comes, due again when its payer falls silent.

    plan(database, glomo, batch)              by whoever has the file
    await pay_slice(glomo, database, name, n) by any worker; idempotent
    await due(database)                       what any scheduler may hand out (again)

The journal in the database is the truth. A queue or an engine only delivers the number of a slice
to a worker: it may deliver it twice, late or never; `due` finds what it has forgotten.
"""

from __future__ import annotations

from contextlib import aclosing

from attrs import evolve, frozen

from glomo.batch.account import refuse_unknown_account
from glomo.batch.batch import identity_of
from glomo.batch.control import Progress, Stop
from glomo.batch.errors import BatchError
from glomo.batch.journal import Identity, RowStatus
from glomo.batch.plan import Plan, refuse_local_documents
from glomo.batch.rows import Row
from glomo.batch.stream import CONCURRENCY, GRACE, run_rows
from glomo.client import AsyncGlomo
from glomo.errors import ConfigurationError, GlomoError

from .database import Connection, Database
from .errors import FencedError, SliceDoneError
from .journal import LEASE, PostgresJournal
from .limiter import PostgresLimiter
from .planning import SLICE_SIZE, write_plan
from .tables import OF_ACCOUNT, UNFINISHED, account_values

_DUE = f"""
    SELECT batch, slice FROM glomo_slice JOIN glomo_batch USING (batch)
    WHERE {UNFINISHED} AND coalesce(lease_until < clock_timestamp(), true)
    AND coalesce(due_at <= clock_timestamp(), true)
    AND (%(batch)s::text IS NULL OR batch = %(batch)s) AND (%(any)s OR {OF_ACCOUNT})
    ORDER BY row_number() OVER (PARTITION BY batch ORDER BY slice), batch
"""  # noqa: S608


@frozen
class Slice:
    """A slice that waits for a worker."""

    batch: str
    number: int


@frozen
class SliceOutcome:
    """What a worker has made of a slice.

    Attributes:
        done: every row of it is accepted or rejected.
        accepted, rejected, unknown, not_sent: its rows by what has become of them.
        already_done: it was done before; nothing was sent.
    """

    done: bool
    accepted: int
    rejected: int
    unknown: int
    not_sent: int
    already_done: bool = False


async def plan(
    database: Database,
    plan: Plan,
    identity: Identity,
    *,
    slice_size: int = SLICE_SIZE,
    retry_failed: bool = False,
) -> list[int]:
    """Write a plan into the database, in slices; again, if the file has changed or grown.

    Rows that are settled are left alone. Rows that were planned and are gone from the file are not
    sent any more. A batch that was asked to stop may go on.

    Args:
        database: open.
        plan: of the file: `Batch.plan()`.
        identity: the account that pays: `identity_of(glomo, plan.name)`.
        slice_size: rows of a slice.
        retry_failed: have rejected rows sent again, as in `Batch.run`.

    Returns:
        The numbers of the slices that have work.

    Raises:
        ChangedRowsError: rows were sent with other contents; nothing was written.
        SliceTakenError: the file has changed, and workers are paying the batch.
        JournalMismatchError: the batch belongs to another account or environment.
        BatchError: documents are named by path and not uploaded yet.
    """
    refuse_local_documents(plan)
    if slice_size < 1:
        raise ValueError(f"slice_size must be at least 1, not {slice_size}")
    return await database.run(
        lambda connection: write_plan(
            connection, plan, identity, slice_size=slice_size, retry_failed=retry_failed
        )
    )


async def pay_slice(
    glomo: AsyncGlomo,
    database: Database,
    batch: str,
    number: int,
    *,
    target: str | None = None,
    concurrency: int = CONCURRENCY,
    lease: float = LEASE,
    stop: Stop | None = None,
    progress: Progress | None = None,
    grace: float = GRACE,
) -> SliceOutcome:
    """Pay a slice, unless another worker has it. May be called any number of times.

    Args:
        glomo: the client. Its `rate_limit` must be a `PostgresLimiter`, which guards the lease in
            front of every request.
        database: open.
        batch: the batch's name.
        number: the slice's.
        target: what the batch belongs to, in place of the client's address; as in `Batch.run`.
        concurrency: how many rows are worked on at once.
        lease: seconds after which the slice passes to another worker if this one falls silent.
        stop: set it to take no new rows.
        progress: is kept up to date.
        grace: seconds that calls in flight have if this call is cancelled.

    Returns:
        How the slice stands. If it is not done, it is due again: after a pause, if rows of it have
        no response, or if it was given up with an error.

    Raises:
        SliceTakenError: another worker has it: come back later.
        FencedError: this worker was silent for too long, and another may have taken over.
        JournalMismatchError: the batch belongs to another account or environment.
        AuthenticationError, HaltedError, ...: as `Batch.run`.
    """
    if not isinstance(glomo.rate_limit, PostgresLimiter):
        raise ConfigurationError(
            "pay_slice needs a client with rate_limit=PostgresLimiter(database): it guards the "
            "lease, and shares the limit with other machines"
        )
    stopping = Stop(stop)
    journal = PostgresJournal(database, batch, number, lease=lease, stop=stopping)
    await refuse_unknown_account(glomo, PostgresJournal(database, batch))
    try:
        await journal.open(identity_of(glomo, batch, target))
    except SliceDoneError:
        return evolve(await _outcome(database, batch, number), already_done=True)
    done, problem = False, None
    try:
        rows, retry_failed = await _listed_rows(database, batch, number)
        results = run_rows(
            glomo,
            journal,
            rows,
            name=batch,
            concurrency=concurrency,
            retry_failed=retry_failed,
            stop=stopping,
            progress=progress,
            grace=grace,
            file_references={row.reference for row in rows},
        )
        with journal.lease.guarding():
            async with aclosing(results):
                async for _ in results:
                    pass
        outcome = await _outcome(database, batch, number)
        done = outcome.done
        if outcome.unknown and not stopping:
            problem = f"{outcome.unknown} rows have no usable response"
    except FencedError:
        journal.lease.lose()
        raise
    except (BatchError, GlomoError) as error:
        problem = " ".join(str(error).split())
        raise
    finally:
        await journal.close(done=done, problem=problem)
    return outcome


async def due(
    database: Database, batch: str | None = None, *, account: Identity | None = None
) -> list[Slice]:
    """Slices that are not done and that no worker has: new ones, and those of silent workers.

    Those of several batches take turns. A slice that was given up is due again after a pause.

    Args:
        database: open.
        batch: only of this batch.
        account: only of batches of this account and environment; its batch's name does not matter.
    """

    async def read(connection: Connection) -> list[Slice]:
        values = {"batch": batch, "any": account is None, **account_values(account)}
        cursor = await connection.execute(_DUE.encode(), values)
        return [Slice(*row) for row in await cursor.fetchall()]

    return await database.run(read)


async def stop(database: Database, batch: str) -> None:
    """Have all workers finish what is in flight and take no new rows. `plan` lets it go on."""

    async def write(connection: Connection) -> None:
        await connection.execute("UPDATE glomo_batch SET stopped = true WHERE batch = %s", (batch,))

    await database.run(write)


async def _listed_rows(database: Database, batch: str, number: int) -> tuple[list[Row], bool]:
    """The rows of a slice as the file has them, and whether rejected ones are to be retried."""

    async def read(connection: Connection) -> tuple[list[Row], bool]:
        cursor = await connection.execute(
            "SELECT number, reference, coalesce(listed_payload, payload) FROM glomo_row "
            "WHERE batch = %s AND slice = %s AND listed ORDER BY number, reference",
            (batch, number),
        )
        rows = [Row.of_payload(*row) for row in await cursor.fetchall()]
        cursor = await connection.execute(
            "SELECT retry_failed FROM glomo_slice WHERE batch = %s AND slice = %s", (batch, number)
        )
        retry = await cursor.fetchone()
        return rows, bool(retry and retry[0])

    return await database.run(read)


async def _outcome(database: Database, batch: str, number: int) -> SliceOutcome:
    async def read(connection: Connection) -> dict[str, int]:
        cursor = await connection.execute(
            "SELECT status, count(*) FROM glomo_row "
            "WHERE batch = %s AND slice = %s AND listed GROUP BY status",
            (batch, number),
        )
        return dict(await cursor.fetchall())

    counts = await database.run(read)
    not_sent, unknown = counts.get(RowStatus.NOT_SENT, 0), counts.get(RowStatus.UNKNOWN, 0)
    return SliceOutcome(
        done=not_sent + unknown == 0,
        accepted=counts.get(RowStatus.ACCEPTED, 0),
        rejected=counts.get(RowStatus.REJECTED, 0),
        unknown=unknown,
        not_sent=not_sent,
    )
