"""How a batch in the database stands: counts while it is paid, a report at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from attrs import frozen

from glomo.batch.journal import RowStatus
from glomo.batch.plan import Plan
from glomo.batch.report import Report
from glomo.money import Money

from .database import Connection, Database
from .journal import PostgresJournal
from .tables import identity_of_batch


@frozen
class BatchProgress:
    """How far a batch has come, on all machines together.

    Attributes:
        batch: its name.
        total: its rows, those aside that the file has no more.
        accepted, rejected, unknown: rows by what has become of them.
        slices, slices_done: its slices, and those in which nothing is left to do.
        workers: how many have a slice now.
        paid: what the accepted rows come to, by currency.
        stopped: whether it was asked to stop.
        given_up: slices that workers have given up for now, and that are due again after a pause.
        problem: why, as the last of them tells.
    """

    batch: str
    total: int
    accepted: int
    rejected: int
    unknown: int
    slices: int
    slices_done: int
    workers: int
    stopped: bool
    paid: Mapping[str, Money]
    given_up: int = 0
    problem: str | None = None

    @property
    def done(self) -> int:
        """Rows that are settled, or that were sent."""
        return self.accepted + self.rejected + self.unknown

    @property
    def finished(self) -> bool:
        """Whether no worker is needed any more."""
        return self.slices_done == self.slices


async def batch_progress(database: Database, batch: str) -> BatchProgress:
    """Count a batch's rows and slices."""

    async def read(connection: Connection) -> BatchProgress:
        cursor = await connection.execute(
            "SELECT status, currency, count(*), sum(amount) FROM glomo_row "
            "WHERE batch = %s AND listed GROUP BY status, currency",
            (batch,),
        )
        counts: Counter[str] = Counter()
        paid: dict[str, Money] = {}
        for status, currency, count, amount in await cursor.fetchall():
            counts[status] += count
            if status == RowStatus.ACCEPTED:
                paid[currency] = Money(int(amount), currency)
        cursor = await connection.execute(
            "SELECT count(*), count(done_at), "
            "count(DISTINCT holder) FILTER (WHERE lease_until > clock_timestamp()), "
            "bool_or(stopped), count(problem), "
            "(array_agg(problem ORDER BY due_at DESC NULLS LAST))[1] "
            "FROM glomo_slice JOIN glomo_batch USING (batch) WHERE batch = %s",
            (batch,),
        )
        row = await cursor.fetchone()
        slices, done, workers, stopped, given_up, problem = row or (0, 0, 0, False, 0, None)
        return BatchProgress(
            batch,
            counts.total(),
            counts[RowStatus.ACCEPTED],
            counts[RowStatus.REJECTED],
            counts[RowStatus.UNKNOWN],
            slices,
            done,
            workers,
            bool(stopped),
            paid,
            given_up,
            problem,
        )

    return await database.run(read)


async def batch_report(database: Database, batch: str, plan: Plan | None = None) -> Report:
    """What has become of a batch, row by row, also while workers are paying it.

    Args:
        database: open.
        batch: the batch's name.
        plan: of the file, if it is at hand: the report is then in its order, and says which rows
            are gone from it.

    Raises:
        JournalMismatchError: there is no such batch.
    """
    journal = PostgresJournal(database, batch)
    identity, created_at = await database.run(lambda c: identity_of_batch(c, batch))
    if plan is not None:
        return await Report.of_plan(identity, plan, journal, created_at)
    return await Report.of_entries(identity, created_at, journal.entries())
