"""Workers that must not pay a batch, batches that take turns, and rest after failures."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import anyio
import attrs
import httpx
import pytest

from glomo import AsyncGlomo, errors
from glomo.batch import Batch, Stop, identity_of
from glomo.distributed import Database, PostgresLimiter, Slice, batch_progress, due, pay_slice, plan
from glomo.distributed.payer import Payer, SliceState, WorkerEvent
from glomo.distributed.procrastinate import queue, work
from glomo.sandbox import Sandbox, sandbox_key
from tests.batch.conftest import posts, rows, write_csv

from .test_commands import FAST, call, environment, started

__all__ = ["environment"]


async def plan_rows(
    database: Database, glomo: AsyncGlomo, count: int, *, name: str = "b", subject: str = ""
) -> None:
    """Batches whose references do not collide, in slices of two."""
    records = [{**row, "reference": f"{name}-{n}"} for n, row in enumerate(rows(count))]
    identity = identity_of(glomo, name)
    if subject:
        identity = attrs.evolve(identity, subject=subject)
    await plan(database, Batch.from_rows(records, name=name).plan(), identity, slice_size=2)


async def test_a_batch_of_another_account_is_left_alone_and_told_once(
    database: Database, glomo: AsyncGlomo, sandbox: Sandbox
) -> None:
    await plan_rows(database, glomo, 2, name="theirs", subject="merchant_2")
    await plan_rows(database, glomo, 4, name="ours")
    messages: list[str] = []
    async with asyncio.timeout(60):
        await work(
            database,
            glomo,
            until_finished=True,
            lease=3.0,
            on_event=lambda event: messages.append(str(event)),
        )
    assert len(sandbox.ledger.payouts) == 4
    assert await due(database) == [Slice("theirs", 0)]
    [refused] = [text for text in messages if text.startswith("theirs")]
    assert refused == (
        "theirs is left to other workers: it belongs to the account merchant_2, this worker is for "
        f"{glomo.subject}"
    )


async def test_a_slice_of_another_account_is_refused_before_anything_is_sent(
    database: Database, glomo: AsyncGlomo, sandbox: Sandbox
) -> None:
    await plan_rows(database, glomo, 2, name="theirs", subject="merchant_2")
    events: list[WorkerEvent] = []
    payer = Payer(database, glomo, stop=Stop(), on_event=events.append)
    await payer.pay("theirs", 0)
    assert [getattr(event, "state", None) for event in events] == [SliceState.GIVEN_UP]
    assert posts(sandbox) == 0
    # Whoever may pay it does not wait for the one who may not.
    assert await due(database) == [Slice("theirs", 0)]


async def test_a_batch_that_comes_later_takes_turns(database: Database, glomo: AsyncGlomo) -> None:
    await plan_rows(database, glomo, 20, name="large")
    account = identity_of(glomo, "")
    fetched: list[str] = []
    async with queue(database, account) as waiting:
        manager = waiting.app.job_manager
        worker_id = await manager.register_worker()

        async def fetch(times: int) -> None:
            for _ in range(times):
                job = await manager.fetch_job(queues=[waiting.name], worker_id=worker_id)
                assert job is not None
                fetched.append(f"{job.task_kwargs['batch']}/{job.task_kwargs['number']}")

        assert await waiting.enqueue(await due(database)) == 10
        await fetch(4)
        await plan_rows(database, glomo, 6, name="small")
        assert await waiting.enqueue(await due(database, "small")) == 3
        await fetch(6)
    assert fetched[:4] == [f"large/{n}" for n in range(4)]
    # Neither waits for the other: level with what is next, not behind what was first.
    assert fetched[4:] == ["large/4", "small/0", "large/5", "small/1", "large/6", "small/2"]


async def test_slices_of_several_batches_are_due_in_turns(
    database: Database, glomo: AsyncGlomo
) -> None:
    await plan_rows(database, glomo, 4, name="a")
    await plan_rows(database, glomo, 4, name="b")
    assert [str(one.batch) for one in await due(database)] == ["a", "b", "a", "b"]


@pytest.fixture
async def revoked(database: Database) -> AsyncIterator[AsyncGlomo]:
    """A client whose key the API no longer takes."""
    response = {"error": {"code": "UNAUTHORIZED", "message": "Unauthorized"}}
    transport = httpx.MockTransport(lambda _: httpx.Response(401, json=response))
    async with httpx.AsyncClient(transport=transport) as http:
        yield AsyncGlomo(
            sandbox_key(),
            base_url="http://sandbox.localhost/api",
            rate_limit=PostgresLimiter(database, 600_000),
            http_client=http,
        )


@pytest.fixture
def long_pauses(monkeypatch: pytest.MonkeyPatch) -> tuple[float, float]:
    """So long that the machine's own slowness does not matter."""
    first, longest = 1000.0, 6000.0
    for module in ("releasing", "payer"):
        monkeypatch.setattr(f"glomo.distributed.{module}.FIRST_PAUSE", first)
        monkeypatch.setattr(f"glomo.distributed.{module}.LONGEST_PAUSE", longest)
    return first, longest


async def test_a_slice_that_is_given_up_is_due_again_after_a_pause_that_doubles(
    database: Database,
    glomo: AsyncGlomo,
    revoked: AsyncGlomo,
    long_pauses: tuple[float, float],
) -> None:
    await plan_rows(database, glomo, 2)
    pauses: list[float] = []
    for _ in range(4):
        with pytest.raises(errors.AuthenticationError):
            await pay_slice(revoked, database, "b", 0)
        assert await due(database) == []
        row = await database.fetch(
            "SELECT extract(epoch FROM due_at - clock_timestamp())::float8 FROM glomo_slice", {}
        )
        assert row is not None
        pauses.append(row[0])
    for n, pause in enumerate(pauses):
        expected = min(long_pauses[0] * 2**n, long_pauses[1])
        assert expected - 200 < pause <= expected
    progress = await batch_progress(database, "b")
    assert progress.given_up == 1
    assert progress.problem is not None
    # Whoever plans again wants it paid now.
    await plan_rows(database, glomo, 2)
    assert await due(database) == [Slice("b", 0)]
    assert (await pay_slice(glomo, database, "b", 0)).done
    progress = await batch_progress(database, "b")
    assert (progress.given_up, progress.problem) == (0, None)


@pytest.mark.usefixtures("long_pauses")
async def test_rows_without_a_response_make_a_slice_wait_too(
    database: Database, glomo: AsyncGlomo, sandbox: Sandbox
) -> None:
    await plan_rows(database, glomo, 2)
    sandbox.fail(503, operation="payouts.create", times=None)
    outcome = await pay_slice(glomo, database, "b", 0)
    assert not outcome.done
    assert await due(database) == []
    assert (await batch_progress(database, "b")).problem == "2 rows have no usable response"


async def test_a_worker_whose_slices_fail_rests(
    database: Database,
    glomo: AsyncGlomo,
    revoked: AsyncGlomo,
    long_pauses: tuple[float, float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await plan_rows(database, glomo, 14)
    rests: list[float] = []
    events: list[WorkerEvent] = []
    payer = Payer(database, revoked, stop=Stop(), on_event=events.append)

    async def rest() -> None:
        rests.append(payer._resumes_at - asyncio.get_running_loop().time())

    monkeypatch.setattr(payer, "_rest", rest)
    for number in range(6):
        await payer.pay("b", number)
    for n, rested in enumerate(rests[1:]):
        expected = min(long_pauses[0] * 2**n, long_pauses[1])
        assert expected - 200 < rested <= expected
    assert {getattr(event, "state", None) for event in events} == {SliceState.GIVEN_UP}
    payer._glomo = glomo
    await payer.pay("b", 6)
    assert payer._failures == 0


async def test_a_slice_that_is_delivered_twice_is_told_once(
    database: Database, glomo: AsyncGlomo, sandbox: Sandbox
) -> None:
    await plan_rows(database, glomo, 2)
    events: list[WorkerEvent] = []
    payer = Payer(database, glomo, stop=Stop(), on_event=events.append)
    await payer.pay("b", 0)
    await payer.pay("b", 0)
    assert [getattr(event, "state", None) for event in events] == [SliceState.DONE]
    assert len(sandbox.ledger.payouts) == 2


async def test_a_worker_that_rests_stops_at_once(database: Database, glomo: AsyncGlomo) -> None:
    stop = Stop()
    payer = Payer(database, glomo, stop=stop, on_event=lambda _: None)
    payer._resumes_at = asyncio.get_running_loop().time() + 1000
    async with asyncio.timeout(30), anyio.create_task_group() as group:
        group.start_soon(payer.pay, "b", 0)
        await anyio.lowlevel.checkpoint()
        stop.set()


async def test_a_cancelled_worker_leaves_its_slices_to_others(
    database: Database, make_client: Callable[..., AsyncGlomo], sandbox: Sandbox
) -> None:
    glomo = make_client(timeout=3600)
    await plan_rows(database, glomo, 4)
    sandbox.delay(3600, operation="payouts.create", times=2)
    worker = asyncio.create_task(work(database, glomo, lease=3.0))
    async with asyncio.timeout(60):
        while sandbox.faults.active:  # noqa: ASYNC110 - the sandbox tells nobody
            await asyncio.sleep(0.01)
        worker.cancel()
        with pytest.raises(asyncio.CancelledError):
            await worker  # not for the calls that hang, which would take an hour
    assert (await batch_progress(database, "b")).workers == 0
    sandbox.clear_faults()
    async with asyncio.timeout(60):
        await work(database, make_client(), lease=3.0, until_finished=True)
    assert set(sandbox.ledger.counts().values()) == {1}
    assert len(sandbox.ledger.payouts) == 4


def test_a_worker_tells_programs_what_it_does_and_stops_now_at_the_second_signal(
    environment: dict[str, str], sandbox: Sandbox, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "november.csv", rows(2))
    with started(environment, "worker", *FAST, "--json") as worker:
        ended = call(environment, "payouts", "run", file, "--yes")
        assert ended.returncode == 0, ended.stderr
        write_csv(file, rows(4))
        sandbox.delay(3600, operation="payouts.create", times=2)
        with started(environment, "payouts", "run", file, "--yes") as run:
            while sandbox.faults.active:
                assert run.poll() is None, run.stdout and run.stdout.read()
                time.sleep(0.01)
            worker.send_signal(signal.SIGINT)
            assert worker.stdout is not None
            lines = []
            for line in worker.stdout:
                lines.append(line)
                if line.startswith("stopping:"):
                    worker.send_signal(signal.SIGINT)
        assert worker.wait(60) == 130
    events = [json.loads(line) for line in lines if line.startswith("{")]
    assert [one["event"] for one in events] == ["ready", "slice"]
    assert events[0] == {
        "event": "ready",
        "base_url": environment["GLOMO_BASE_URL"],
        "environment": "sandbox",
        "rate_limit": 600_000,
        "egress": "default",
    }
    assert events[1] == {
        "event": "slice",
        "batch": "november",
        "slice": 0,
        "state": "done",
        "accepted": 2,
        "rejected": 0,
        "unknown": 0,
        "not_sent": 0,
        "problem": None,
        "pause": 0.0,
    }
