"""Stopping: what is in flight finishes, nothing is lost, and running again goes on from there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from pathlib import Path

import anyio
import httpx
import pytest

from glomo import AsyncGlomo
from glomo.batch import Batch, BatchError, Entry, RowStatus, SQLiteJournal
from glomo.batch.sqlite_file import read_only
from glomo.sandbox import Sandbox, sandbox_key

from .conftest import rows, run


def states(journal: Path) -> set[RowStatus]:
    return {entry.status for entry in read_only(journal)[2]}


def each_paid_once(sandbox: Sandbox, count: int) -> bool:
    counts = sandbox.ledger.counts()
    return len(counts) == count and set(counts.values()) == {1}


async def test_stop_finishes_what_is_in_flight_and_the_next_run_goes_on(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    batch = Batch.from_rows(rows(40), name="b")
    count = 0
    async for _ in batch.run(glomo, journal, concurrency=4):
        count += 1
        if count == 10:
            batch.stop()
    report = batch.report()
    assert batch.stopped
    assert count == report.accepted == len(sandbox.ledger.payouts)
    assert 10 <= report.accepted < 40
    assert report.not_sent == 40 - report.accepted
    assert states(journal) == {RowStatus.ACCEPTED, RowStatus.NOT_SENT}

    rest = await run(batch, glomo, journal)
    assert not batch.stopped
    assert len(rest) == 40 - count
    assert batch.report().ok
    assert each_paid_once(sandbox, 40)


async def test_leaving_the_loop_finishes_what_is_in_flight(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    batch = Batch.from_rows(rows(40), name="b")
    async with aclosing(batch.run(glomo, journal, concurrency=4)) as events:
        async for _ in events:
            break
    assert states(journal) == {RowStatus.ACCEPTED, RowStatus.NOT_SENT}
    assert batch.report().accepted == len(sandbox.ledger.payouts) < 40
    await run(batch, glomo, journal)
    assert each_paid_once(sandbox, 40)


@pytest.mark.parametrize("grace", [10.0, 0.0])
async def test_cancelling_leaves_the_journal_right(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path, grace: float
) -> None:
    batch = Batch.from_rows(rows(40), name="b")
    reached = asyncio.Event()

    async def consume() -> None:
        count = 0
        async with aclosing(batch.run(glomo, journal, concurrency=4, grace=grace)) as events:
            async for _ in events:
                count += 1
                if count == 5:
                    reached.set()

    task = asyncio.create_task(consume())
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    report = batch.report()
    assert 0 < report.not_sent < 40
    if grace:
        assert states(journal) == {RowStatus.ACCEPTED, RowStatus.NOT_SENT}
    assert report.accepted <= len(sandbox.ledger.payouts) <= report.accepted + report.unknown

    await run(batch, glomo, journal)
    assert batch.report().ok
    assert each_paid_once(sandbox, 40)


async def test_a_timeout_around_the_loop_works_and_nothing_is_left_running(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    batch = Batch.from_rows(rows(10), name="b")
    with anyio.CancelScope() as scope:
        async with aclosing(batch.run(glomo, journal, concurrency=1)) as events:
            async for _ in events:
                scope.cancel()
    assert scope.cancelled_caught
    assert batch.report().not_sent > 0
    assert [task.get_name() for task in asyncio.all_tasks() if "batch" in task.get_name()] == []
    await run(batch, glomo, journal)
    assert each_paid_once(sandbox, 10)


async def test_a_consumer_that_fails_leaves_the_journal_right(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    batch = Batch.from_rows(rows(10), name="b")

    async def consume() -> None:
        async with aclosing(batch.run(glomo, journal, concurrency=2)) as events:
            async for _ in events:
                _ = 1 / 0

    with pytest.raises(ZeroDivisionError):
        await consume()
    await run(batch, glomo, journal)
    assert batch.report().ok
    assert each_paid_once(sandbox, 10)


async def test_progress_can_be_read_while_it_runs(
    sandbox: Sandbox, make_client: Callable[..., AsyncGlomo], journal: Path
) -> None:
    batch = Batch.from_rows(rows(10), name="b")
    seen: list[tuple[int, int]] = []
    async for _ in batch.run(make_client(), journal, concurrency=1):
        seen.append((batch.progress.accepted, batch.progress.remaining))
    assert seen[-1] == (10, 0)
    assert all(accepted + left == batch.progress.total == 10 for accepted, left in seen)
    assert seen == sorted(seen)


async def test_concurrency_is_bounded(sandbox: Sandbox, glomo: AsyncGlomo, journal: Path) -> None:
    most = 0
    create = glomo.payouts.create
    under_way = 0
    three = asyncio.Barrier(3)

    async def counted(**parameters: object) -> object:
        nonlocal most, under_way
        under_way += 1
        most = max(most, under_way)
        try:
            await three.wait()
            return await create(**parameters)  # type: ignore[call-overload]
        finally:
            under_way -= 1

    glomo.payouts.create = counted  # type: ignore[method-assign,assignment]
    await run(Batch.from_rows(rows(30), name="b"), glomo, journal, concurrency=3)
    assert most == 3
    with pytest.raises(ValueError, match="at least 1"):
        await run(Batch.from_rows(rows(1), name="c"), glomo, journal.with_name("c"), concurrency=0)


async def test_a_batch_runs_once_at_a_time(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    batch = Batch.from_rows(rows(3), name="b")
    async with aclosing(batch.run(glomo, journal)) as events:
        await anext(events)
        with pytest.raises(BatchError, match="is running already"):
            await run(batch, glomo, journal.with_name("other.journal"))
        assert [event.status async for event in events] == [RowStatus.ACCEPTED] * 2
    assert batch.report().ok


async def test_a_stop_before_the_run_is_heeded(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    batch = Batch.from_rows(rows(3), name="b")
    batch.stop()
    assert await run(batch, glomo, journal) == []
    assert batch.stopped
    assert len(sandbox.requests) == 0
    await run(batch, glomo, journal)
    assert batch.report().ok


async def test_the_next_rows_are_on_the_disk_while_those_before_them_are_sent(
    sandbox: Sandbox, journal: Path
) -> None:
    """A worker that is done finds a row ready; and only so many are ready, as each is looked up
    if the process dies.
    """
    all_in_flight, all_written, release = asyncio.Event(), asyncio.Event(), asyncio.Event()
    marked = sent = 0

    class Holding(httpx.ASGITransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            nonlocal sent
            sent += request.method == "POST"
            if sent == 4:
                all_in_flight.set()
            await release.wait()
            return await super().handle_async_request(request)

    class Watching(SQLiteJournal):
        async def write(self, entries: Sequence[Entry]) -> None:
            nonlocal marked
            await super().write(entries)
            marked += sum(entry.status is RowStatus.UNKNOWN for entry in entries)
            if marked == 8:
                all_written.set()

    async with httpx.AsyncClient(transport=Holding(app=sandbox.app)) as http:
        batch = Batch.from_rows(rows(40), name="b")
        glomo = AsyncGlomo(
            sandbox_key(),
            base_url="http://sandbox.localhost/api",
            rate_limit=None,
            http_client=http,
        )
        running = asyncio.create_task(run(batch, glomo, Watching(journal), concurrency=4))
        with anyio.fail_after(10):
            await all_in_flight.wait()
            await all_written.wait()
        await anyio.wait_all_tasks_blocked()
        assert (sent, marked) == (4, 8)  # a further group comes when two are left
        batch.stop()
        release.set()
        await running
    assert batch.report().accepted == len(sandbox.ledger.payouts) == 4
    assert states(journal) == {RowStatus.ACCEPTED, RowStatus.NOT_SENT}
