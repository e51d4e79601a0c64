"""Planning, paying and taking over slices of a batch that lies in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable

import anyio
import attrs
import psycopg
import pytest

from glomo import AsyncGlomo, errors
from glomo.batch import (
    Batch,
    ChangedRowsError,
    JournalError,
    JournalMismatchError,
    PayoutClaimedError,
    Plan,
    RowStatus,
    identity_of,
)
from glomo.distributed import (
    Database,
    FencedError,
    PostgresJournal,
    PostgresLimiter,
    Slice,
    SliceTakenError,
    batch_progress,
    batch_report,
    due,
    pay_slice,
    plan,
    stop,
)
from glomo.distributed.lease import Lease
from glomo.sandbox import Sandbox
from tests.batch.conftest import posts, row, rows


def planned(*records: dict[str, object]) -> Plan:
    return Batch.from_rows(records, name="b").plan()


async def plan_rows(
    database: Database, glomo: AsyncGlomo, *records: dict[str, object], **options: object
) -> list[int]:
    batch_plan = planned(*records)
    return await plan(database, batch_plan, identity_of(glomo, "b"), **{"slice_size": 4, **options})  # type: ignore[arg-type]


async def pay_all(glomo: AsyncGlomo, database: Database, **options: object) -> None:
    for one in await due(database):
        await pay_slice(glomo, database, one.batch, one.number, **options)  # type: ignore[arg-type]


async def test_a_batch_is_planned_once_and_paid_slice_by_slice(
    database: Database, glomo: AsyncGlomo, sandbox: Sandbox
) -> None:
    assert await plan_rows(database, glomo, *rows(10)) == [0, 1, 2]
    assert await plan_rows(database, glomo, *rows(10)) == [0, 1, 2]
    assert await due(database) == [Slice("b", n) for n in range(3)]
    outcome = await pay_slice(glomo, database, "b", 1)
    assert (outcome.done, outcome.accepted, outcome.already_done) == (True, 4, False)
    assert len(sandbox.ledger.payouts) == 4
    assert await due(database) == [Slice("b", 0), Slice("b", 2)]
    await pay_all(glomo, database)
    sent = posts(sandbox)
    # Delivered again, a slice costs nothing.
    again = await pay_slice(glomo, database, "b", 1)
    assert again == attrs.evolve(outcome, already_done=True)
    assert posts(sandbox) == sent == 10
    epochs = await database.run(lambda c: _fetch(c, "SELECT epoch FROM glomo_slice"))
    assert epochs == [(1,)] * 3, "nor is it taken, which would keep the next plan waiting"
    progress = await batch_progress(database, "b")
    assert (progress.total, progress.accepted, progress.finished) == (10, 10, True)
    report = await batch_report(database, "b", planned(*rows(10)))
    assert report.ok
    assert [one.reference for one in report.results] == [one["reference"] for one in rows(10)]
    assert set(sandbox.ledger.counts().values()) == {1}


async def test_a_slice_is_with_one_worker_at_a_time(
    database: Database, glomo: AsyncGlomo, sandbox: Sandbox
) -> None:
    await plan_rows(database, glomo, *rows(4))
    journal = PostgresJournal(database, "b", 0)
    await journal.open(identity_of(glomo, "b"))
    assert await due(database) == []
    with pytest.raises(SliceTakenError, match="slice 0 of batch 'b' is with"):
        await pay_slice(glomo, database, "b", 0)
    with pytest.raises(SliceTakenError):
        await PostgresJournal(database, "b").open(identity_of(glomo, "b"))
    await journal.close()
    assert (await pay_slice(glomo, database, "b", 0)).done
    assert len(sandbox.ledger.payouts) == 4


async def test_whoever_lost_the_lease_can_neither_write_nor_send(
    database: Database, glomo: AsyncGlomo, sandbox: Sandbox
) -> None:
    await plan_rows(database, glomo, *rows(4))
    silent = PostgresJournal(database, "b", 0, lease=0.3)
    await silent.open(identity_of(glomo, "b"))
    await silent._heartbeat.stop()  # as a process that is stopped
    [entry, *_] = [one async for one in silent.entries()]
    await silent.write([attrs.evolve(entry, status=RowStatus.UNKNOWN)])
    await anyio.sleep(0.4)
    assert await due(database) == [Slice("b", 0)]
    assert (await pay_slice(glomo, database, "b", 0)).done

    before = [one async for one in PostgresJournal(database, "b").entries()]
    with pytest.raises(FencedError, match="has another holder: nothing was written"):
        await silent.write([entry])
    assert [one async for one in PostgresJournal(database, "b").entries()] == before
    sent = posts(sandbox)
    with silent.lease.guarding(), pytest.raises(FencedError):
        await glomo.payouts.create(**entry.parameters, request_id=entry.request_id)
    assert posts(sandbox) == sent
    await silent.close()
    assert (await batch_progress(database, "b")).finished


async def test_without_the_fence_a_zombie_would_write(
    database: Database, glomo: AsyncGlomo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutation that shows that the test above can fail."""

    async def no_fence(*_: object) -> None:
        return

    monkeypatch.setattr(PostgresJournal, "_fence", no_fence)
    await plan_rows(database, glomo, *rows(1))
    silent = PostgresJournal(database, "b", 0, lease=0.3)
    await silent.open(identity_of(glomo, "b"))
    await silent._heartbeat.stop()
    [entry] = [one async for one in silent.entries()]
    await anyio.sleep(0.4)
    assert (await pay_slice(glomo, database, "b", 0)).done
    await silent.write([entry])  # and what was paid counts as not sent
    [after] = [one async for one in PostgresJournal(database, "b").entries()]
    assert after.status is RowStatus.NOT_SENT
    await silent.close()


async def test_a_transaction_that_pauses_lets_go_of_its_locks(
    database: Database, glomo: AsyncGlomo
) -> None:
    """A process that is stopped in the middle of one must not keep the others waiting."""
    settings = await database.fetch("SHOW idle_in_transaction_session_timeout", {})
    assert settings == ("5s",)


async def test_a_lease_is_counted_from_before_it_was_asked_for() -> None:
    now = [100.0]
    lease = Lease("slice", 10.0, clock=lambda: now[0])
    with pytest.raises(FencedError):
        lease.check()
    asked_at = lease.now()
    now[0] += 3.0  # the database took its time
    lease.renew(asked_at)
    now[0] = 107.9
    lease.check()
    now[0] = 108.1  # with a margin for what is on its way
    with pytest.raises(FencedError):
        lease.check()


async def test_a_fence_in_front_of_the_wire_ends_the_slice_at_once(
    database: Database, make_client: Callable[..., AsyncGlomo], sandbox: Sandbox
) -> None:
    class Freezing(PostgresLimiter):
        """Freezes the process, lease and all, after three requests."""

        acquired = 0

        async def acquire(self, at_most: float) -> bool:
            self.acquired += 1
            if len(sandbox.requests) >= 3:
                # Another machine takes over meanwhile.
                await database.run(
                    lambda c: c.execute("UPDATE glomo_slice SET epoch = epoch + 1, holder = 'x'")
                )
                await anyio.sleep(0.5)
            return await super().acquire(at_most)

    limiter = Freezing(database, 600_000)
    glomo = make_client(rate_limit=limiter)
    await plan_rows(database, glomo, *rows(30), slice_size=30)
    with pytest.raises(FencedError):
        await pay_slice(glomo, database, "b", 0, concurrency=4, lease=0.5)
    assert limiter.acquired < 20, "the rows that come behind are not tried at all"
    assert posts(sandbox) <= 8
    progress = await batch_progress(database, "b")
    assert not progress.finished


async def test_a_client_without_a_guard_is_refused(
    database: Database, make_client: Callable[..., AsyncGlomo]
) -> None:
    glomo = make_client(rate_limit=None)
    await plan_rows(database, glomo, *rows(1))
    with pytest.raises(errors.ConfigurationError, match="PostgresLimiter"):
        await pay_slice(glomo, database, "b", 0)


async def test_what_a_killed_worker_left_is_looked_up(
    database: Database, glomo: AsyncGlomo, sandbox: Sandbox
) -> None:
    await plan_rows(database, glomo, *rows(4))
    killed = PostgresJournal(database, "b", 0, lease=0.2)
    await killed.open(identity_of(glomo, "b"))
    await killed._heartbeat.stop()
    one, two, *_ = [entry async for entry in killed.entries()]
    await killed.write([attrs.evolve(e, status=RowStatus.UNKNOWN) for e in (one, two)])
    await glomo.payouts.create(**one.parameters, request_id=one.request_id)
    await anyio.sleep(0.3)
    await pay_all(glomo, database)
    assert set(sandbox.ledger.counts().values()) == {1}
    assert posts(sandbox) == 4


async def test_a_changed_file_is_refused_and_a_grown_one_gets_new_slices(
    database: Database, glomo: AsyncGlomo, sandbox: Sandbox
) -> None:
    await plan_rows(database, glomo, *rows(6))
    await pay_slice(glomo, database, "b", 0)
    changed = [row("row-0001", source_amount="9.00"), *rows(6)[1:]]
    with pytest.raises(ChangedRowsError, match=r"source_amount was 1250\.00 USD, is now 9\.00 USD"):
        await plan_rows(database, glomo, *changed)
    # A row that was not sent may change; one that is gone is not sent; new ones come behind.
    grown = [*rows(4), row("row-0005", source_amount="9.00"), *(row(f"new-{n}") for n in range(5))]
    assert await plan_rows(database, glomo, *grown) == [1, 2, 3]
    await pay_all(glomo, database)
    assert sorted(sandbox.ledger.counts().values()) == [1] * 10
    assert sandbox.ledger.totals() == {"USD": 125_000 * 9 + 900}
    report = await batch_report(database, "b", planned(*grown))
    assert report.ok
    assert report.removed == ()


async def test_a_file_that_changes_under_the_workers_hands_is_refused(
    database: Database, glomo: AsyncGlomo
) -> None:
    await plan_rows(database, glomo, *rows(4))
    journal = PostgresJournal(database, "b", 0)
    await journal.open(identity_of(glomo, "b"))
    assert await plan_rows(database, glomo, *rows(4)) == [0]
    with pytest.raises(SliceTakenError, match="the file has changed while workers are paying"):
        await plan_rows(database, glomo, *rows(5))
    await journal.close()
    assert await plan_rows(database, glomo, *rows(5)) == [0, 1]


async def test_rejected_rows_are_paid_again_on_request_also_corrected(
    database: Database, glomo: AsyncGlomo, sandbox: Sandbox
) -> None:
    records = [row("a", beneficiary_id="bene_unknown_ifsc"), row("b")]
    await plan_rows(database, glomo, *records)
    await pay_all(glomo, database)
    assert (await batch_progress(database, "b")).rejected == 1
    assert await plan_rows(database, glomo, *records) == []
    mended = [row("a"), row("b")]
    with pytest.raises(ChangedRowsError):
        await plan_rows(database, glomo, *mended)
    assert await plan_rows(database, glomo, *mended, retry_failed=True) == [0]
    await pay_all(glomo, database)
    report = await batch_report(database, "b", planned(*mended))
    assert report.ok
    assert [one.generation for one in report.results] == [2, 1]
    kept = await database.run(lambda c: _fetch(c, "SELECT reference FROM glomo_row_history"))
    assert kept == [("a",)]
    assert await plan_rows(database, glomo, *mended, retry_failed=True) == []


async def test_references_of_another_batch_are_no_rows_of_this_one(
    database: Database, glomo: AsyncGlomo, sandbox: Sandbox
) -> None:
    await plan_rows(database, glomo, *rows(10))
    other = Batch.from_rows(rows(3), name="other")
    identity = identity_of(glomo, "other")
    assert await plan(database, other.plan(), identity, slice_size=4) == [0]
    await pay_all(glomo, database)
    assert len(sandbox.ledger.payouts) == 13
    assert (await batch_report(database, "other", other.plan())).ok
    # Rows that are added and that are removed, of which the other batch has the same ones.
    grown = Batch.from_rows(rows(5)[1:], name="other")
    assert await plan(database, grown.plan(), identity, slice_size=4) == [1]
    await pay_all(glomo, database)
    assert len(sandbox.ledger.payouts) == 15
    report = await batch_report(database, "other", grown.plan())
    assert (report.ok, len(report), len(report.removed)) == (True, 4, 1)


async def _fetch(connection: psycopg.AsyncConnection[tuple[object, ...]], query: str) -> object:
    return await (await connection.execute(query.encode())).fetchall()


async def test_a_stop_is_heard_on_every_machine_and_planning_goes_on(
    database: Database, glomo: AsyncGlomo, sandbox: Sandbox
) -> None:
    await plan_rows(database, glomo, *rows(8))
    await stop(database, "b")
    assert await due(database) == []
    assert (await batch_progress(database, "b")).stopped
    await plan_rows(database, glomo, *rows(8))
    await pay_all(glomo, database)
    assert (await batch_progress(database, "b")).finished


async def test_another_account_is_refused(database: Database, glomo: AsyncGlomo) -> None:
    await plan_rows(database, glomo, *rows(1))
    other = attrs.evolve(identity_of(glomo, "b"), subject="merchant_2")
    with pytest.raises(JournalMismatchError, match="the account merchant_sandbox"):
        await plan(database, planned(*rows(1)), other)
    with pytest.raises(JournalMismatchError, match="plan it first"):
        await pay_slice(glomo, database, "b", 7)


async def test_two_rows_never_claim_one_payout(database: Database, glomo: AsyncGlomo) -> None:
    await plan_rows(database, glomo, *rows(2))
    journal = PostgresJournal(database, "b", 0)
    await journal.open(identity_of(glomo, "b"))
    one, two = [entry async for entry in journal.entries()]
    await journal.write([attrs.evolve(one, payout_id="payout_1")])
    with pytest.raises(PayoutClaimedError, match="payout_1 by row-0002"):
        await journal.write([attrs.evolve(two, payout_id="payout_1")])
    await journal.close()


async def test_a_whole_batch_runs_over_the_database_as_over_a_file(
    database: Database, glomo: AsyncGlomo, sandbox: Sandbox
) -> None:
    batch = Batch.from_rows([*rows(20), row("x", beneficiary_id="bene_unknown_ifsc")], name="b")
    async for _ in batch.run(glomo, PostgresJournal(database, "b")):
        pass
    report = batch.report()
    assert (report.accepted, report.rejected) == (20, 1)
    assert (await batch.reconcile(glomo, PostgresJournal(database, "b"))).ok
    again = [result async for result in batch.run(glomo, PostgresJournal(database, "b"))]
    assert again == []
    assert posts(sandbox) == 21


@pytest.mark.parametrize("setting", ["synchronous_commit"])
async def test_a_server_that_forgets_is_refused(dsn: str, setting: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        name = dsn.rpartition("/")[2]
        connection.execute(f"ALTER DATABASE {name} SET {setting} = off".encode())
    with pytest.raises(JournalError, match=f"has {setting} = off"):
        async with Database(dsn):
            pass


async def test_newer_tables_are_explained(dsn: str) -> None:
    async with Database(dsn) as database:
        await database.run(lambda c: c.execute("INSERT INTO glomo_migration (version) VALUES (99)"))
    with pytest.raises(JournalError, match="the tables have version 99"):
        async with Database(dsn):
            pass
