"""Procrastinate delivers slices; the journal decides."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from glomo import AsyncGlomo
from glomo.batch import Batch, Stop, identity_of
from glomo.distributed import Database, Slice, batch_progress, due, plan
from glomo.distributed.payer import WorkerEvent
from glomo.distributed.procrastinate import queue, work
from glomo.sandbox import Sandbox
from tests.batch.conftest import posts, rows


async def plan_rows(database: Database, glomo: AsyncGlomo, count: int) -> None:
    batch_plan = Batch.from_rows(rows(count), name="b").plan()
    await plan(database, batch_plan, identity_of(glomo, "b"), slice_size=5)


async def test_two_workers_pay_a_batch(
    database: Database, make_client: Callable[..., AsyncGlomo], sandbox: Sandbox
) -> None:
    one, two = make_client(), make_client()
    await plan_rows(database, one, 23)
    async with asyncio.timeout(60):
        await asyncio.gather(
            *(work(database, glomo, until_finished=True, lease=3.0) for glomo in (one, two))
        )
    assert (await batch_progress(database, "b")).finished
    assert set(sandbox.ledger.counts().values()) == {1}
    assert posts(sandbox) == 23


async def test_a_slice_is_enqueued_once_however_often(
    database: Database, glomo: AsyncGlomo
) -> None:
    await plan_rows(database, glomo, 10)
    account = identity_of(glomo, "")
    async with queue(database, account) as waiting:
        assert await waiting.enqueue(await due(database)) == 2
        assert await waiting.enqueue([*await due(database), Slice("b", 0)]) == 0
    async with queue(database, account):  # the tables are there
        pass


async def test_a_worker_stops_and_the_rest_stays_due(
    database: Database, glomo: AsyncGlomo, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    await plan_rows(database, glomo, 20)
    stop = Stop()
    events: list[WorkerEvent] = []

    def tell(event: WorkerEvent) -> None:
        events.append(event)
        stop.set()

    async with asyncio.timeout(60):
        await work(database, glomo, stop=stop, lease=3.0, on_event=tell)
    assert len(events) == 1
    assert 0 < posts(sandbox) < 20
    async with asyncio.timeout(60):
        await work(database, glomo, until_finished=True, lease=3.0)
    assert set(sandbox.ledger.counts().values()) == {1}
    assert len(sandbox.ledger.payouts) == 20
