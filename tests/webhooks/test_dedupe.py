"""Handled once, though delivered several times; delivered again after a failure."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from glomo import webhooks
from glomo.errors import EventInProgressError, ParameterError
from glomo.webhooks import Claim, MemoryStore, SQLiteStore, testing
from glomo.webhooks.parsing import read_event

from .conftest import SECRET, Kind


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


MakeStore = Callable[..., MemoryStore | SQLiteStore]


@pytest.fixture(params=["memory", "sqlite"])
def make_store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> MakeStore:
    if request.param == "memory":
        return lambda **options: MemoryStore(clock=clock, **options)
    return lambda **options: SQLiteStore(tmp_path / "webhooks.sqlite", clock=clock, **options)


# ------------------------------------------------------------------ the key


def key(cls: type[webhooks.Event], **data: Any) -> str:
    return testing.event(cls, **data).dedupe_key


def test_a_redelivery_has_the_same_key() -> None:
    assert key(webhooks.PayoutSucceeded, id="payout_1") == "payout:payout_1:success:success"
    # An older snapshot in a redelivery is still the same event.
    assert key(webhooks.PayoutSucceeded, id="payout_1", updated_at=None) == key(
        webhooks.PayoutSucceeded, id="payout_1"
    )


def test_other_events_have_other_keys() -> None:
    keys = [
        key(webhooks.PayoutSucceeded, id="payout_1"),
        key(webhooks.PayoutSucceeded, id="payout_2"),
        key(webhooks.PayoutFailed, id="payout_1"),
        key(webhooks.SettlementSucceeded, id="payout_1"),
        key(webhooks.PaymentSucceeded, id="payt_1"),
        key(webhooks.PaymentFundsAvailable, id="payt_1"),
        key(webhooks.PaymentSucceeded, id="payt_1", status="failed"),
    ]
    assert len(set(keys)) == len(keys)


def test_a_balance_is_told_by_payment_and_time() -> None:
    first = key(webhooks.FundedBalanceCredited, payment_id="payt_1", timestamp="2026-09-09T07:00Z")
    assert first == "balance:payt_1:2026-09-09T07:00Z"
    assert first != key(
        webhooks.FundedBalanceCredited, payment_id="payt_1", timestamp="2026-09-09T08:00Z"
    )
    assert first != key(
        webhooks.FundedBalanceCredited, payment_id="payt_2", timestamp="2026-09-09T07:00Z"
    )


def test_without_an_id_the_content_tells() -> None:
    def unknown(data: dict[str, Any]) -> str:
        return read_event({"entity_type": "x", "event_type": "y", "data": data}).dedupe_key

    assert unknown({"a": 1, "b": 2}) == unknown({"b": 2, "a": 1})
    assert unknown({"a": 1}) != unknown({"a": 2})


# ------------------------------------------------------------------ stores


def test_one_claim_is_granted(make_store: MakeStore) -> None:
    store = make_store()
    assert store.claim("k", "a") is Claim.GRANTED
    assert store.claim("k", "b") is Claim.IN_PROGRESS
    assert store.claim("other", "b") is Claim.GRANTED
    store.complete("k")
    assert store.claim("k", "c") is Claim.DONE


def test_a_released_claim_is_granted_again(make_store: MakeStore) -> None:
    store = make_store()
    store.claim("k", "a")
    store.release("k", "a")
    assert store.claim("k", "b") is Claim.GRANTED


def test_a_claim_that_is_over_is_taken_over(make_store: MakeStore, clock: Clock) -> None:
    store = make_store(lease=60)
    store.claim("k", "a")
    clock.now += 59.9
    assert store.claim("k", "b") is Claim.IN_PROGRESS
    clock.now += 0.1
    assert store.claim("k", "b") is Claim.GRANTED
    # The first worker is late, and fails: that must not let a third one in.
    store.release("k", "a")
    assert store.claim("k", "c") is Claim.IN_PROGRESS
    # Or it is late, and was done: then it is done.
    store.complete("k")
    store.release("k", "b")
    assert store.claim("k", "d") is Claim.DONE


def test_handled_events_are_forgotten_after_the_last_redelivery(
    make_store: MakeStore, clock: Clock
) -> None:
    store = make_store()
    store.claim("k", "a")
    store.complete("k")
    clock.now += 95 * 3600  # the ninth redelivery is after a little more than 94 hours
    assert store.claim("k", "b") is Claim.DONE
    clock.now += 7 * 24 * 3600
    assert store.claim("k", "c") is Claim.GRANTED


def test_of_many_threads_one_is_granted(make_store: MakeStore) -> None:
    store = make_store()
    barrier = threading.Barrier(8)

    def claim(n: int) -> Claim:
        barrier.wait()
        return store.claim("k", str(n))

    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(claim, range(8)))
    assert claims.count(Claim.GRANTED) == 1
    assert claims.count(Claim.IN_PROGRESS) == 7


def test_the_memory_is_bounded(clock: Clock) -> None:
    store = MemoryStore(max_keys=10, clock=clock)
    for n in range(1000):
        assert store.claim(f"k{n}", "a") is Claim.GRANTED
        store.complete(f"k{n}")
    assert len(store) == 10
    assert store.claim("k999", "b") is Claim.DONE
    # What is under way is never forgotten.
    store = MemoryStore(max_keys=2, clock=clock)
    for n in range(5):
        store.claim(f"k{n}", "a")
    assert all(store.claim(f"k{n}", "b") is Claim.IN_PROGRESS for n in range(5))


def test_the_file_outlives_the_process(tmp_path: Path) -> None:
    path = tmp_path / "webhooks.sqlite"
    SQLiteStore(path).claim("k", "a")
    SQLiteStore(path).complete("k")
    assert SQLiteStore(path).claim("k", "b") is Claim.DONE


def _claim_in_process(path: str, results: Any) -> None:
    results.put(SQLiteStore(path).claim("k", "child").value)


def test_processes_share_the_file(tmp_path: Path) -> None:
    path = tmp_path / "webhooks.sqlite"
    store = SQLiteStore(path)
    store.claim("k", "a")
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    child = context.Process(target=_claim_in_process, args=(str(path), results))
    child.start()
    assert results.get(timeout=100) == "in_progress"
    child.join()


@pytest.mark.parametrize("path", ["", ":memory:"])
def test_a_store_without_a_file_is_refused(path: str) -> None:
    with pytest.raises(ParameterError, match=r"MemoryStore\(\)"):
        SQLiteStore(path)


# ------------------------------------------------------------------ routers


class Handled:
    """A router with a store, whose handler fails when told to."""

    def __init__(self, kind: Kind, store: Any) -> None:
        self.kind = kind
        self.ids: list[str] = []
        self.error: BaseException | None = None
        self.router = kind.Router(SECRET, dedupe=store)
        self.router.on(webhooks.PayoutSucceeded)(kind.function(self._handle))
        self.router.otherwise(kind.function(lambda _: None))

    def _handle(self, event: webhooks.PayoutSucceeded) -> None:
        if self.error is not None:
            raise self.error
        self.ids.append(event.data.id)

    def deliver(self, id: str = "payout_1") -> webhooks.Event:
        delivery = testing.delivery(webhooks.PayoutSucceeded, secret=SECRET, id=id)
        return self.kind.handle(self.router, delivery)


def test_an_event_is_handled_once(kind: Kind, make_store: MakeStore) -> None:
    handled = Handled(kind, make_store())
    first = handled.deliver()
    assert handled.deliver() == first
    handled.deliver("payout_2")
    assert handled.ids == ["payout_1", "payout_2"]


def test_without_a_store_it_is_handled_each_time(kind: Kind) -> None:
    handled = Handled(kind, None)
    handled.deliver()
    handled.deliver()
    assert handled.ids == ["payout_1", "payout_1"]


def test_a_failed_handler_gets_the_next_delivery(kind: Kind, make_store: MakeStore) -> None:
    handled = Handled(kind, make_store())
    handled.error = LookupError("the database is away")
    for _ in range(2):
        with pytest.raises(LookupError):
            handled.deliver()
    handled.error = None
    handled.deliver()
    handled.deliver()
    assert handled.ids == ["payout_1"]


def test_an_interrupted_handler_gets_the_next_delivery(kind: Kind, make_store: MakeStore) -> None:
    handled = Handled(kind, make_store())
    handled.error = SystemExit(3)
    with pytest.raises(SystemExit):
        handled.deliver()
    handled.error = None
    handled.deliver()
    assert handled.ids == ["payout_1"]


def test_what_another_worker_handles_comes_again(
    kind: Kind, make_store: MakeStore, clock: Clock
) -> None:
    store = make_store()
    handled = Handled(kind, store)
    store.claim("payout:payout_1:success:success", "another worker")
    with pytest.raises(EventInProgressError) as caught:
        handled.deliver()
    assert caught.value.dedupe_key == "payout:payout_1:success:success"
    assert handled.ids == []
    clock.now += 300  # that worker has died
    handled.deliver()
    assert handled.ids == ["payout_1"]


def test_the_handlers_error_survives_a_store_that_fails(kind: Kind, caplog: Any) -> None:
    class Broken(MemoryStore):
        def release(self, key: str, token: str) -> None:
            raise OSError("disk full")

    handled = Handled(kind, Broken())
    handled.error = LookupError("the database is away")
    with pytest.raises(LookupError):
        handled.deliver()
    assert "payout:payout_1:success:success could not be released" in caplog.text


def test_a_store_that_cannot_complete_is_not_a_success(kind: Kind) -> None:
    class Broken(MemoryStore):
        def complete(self, key: str) -> None:
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        Handled(kind, Broken()).deliver()


async def test_a_cancelled_handler_gets_the_next_delivery(make_store: MakeStore) -> None:
    started = anyio.Event()
    handled: list[str] = []
    events = webhooks.Router(SECRET, dedupe=make_store())
    patient = True

    @events.otherwise
    async def handle(event: webhooks.Event) -> None:
        started.set()
        if patient:
            await anyio.sleep_forever()
        handled.append(event.dedupe_key)

    delivery = testing.delivery(webhooks.PayoutSucceeded, secret=SECRET)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(events.handle, delivery.body, delivery.signature)
        await started.wait()
        with pytest.raises(EventInProgressError):
            await events.handle(delivery.body, delivery.signature)
        tasks.cancel_scope.cancel()
    patient = False
    await events.handle(delivery.body, delivery.signature)
    assert len(handled) == 1


async def test_an_asynchronous_store_is_awaited_on_the_loop() -> None:
    class Store:
        def __init__(self) -> None:
            self.inner = MemoryStore()
            self.threads: set[int] = set()

        async def claim(self, key: str, token: str) -> Claim:
            self.threads.add(threading.get_ident())
            return self.inner.claim(key, token)

        async def complete(self, key: str) -> None:
            self.threads.add(threading.get_ident())
            self.inner.complete(key)

        async def release(self, key: str, token: str) -> None:
            self.inner.release(key, token)

    store = Store()
    events = webhooks.Router(SECRET, dedupe=store)
    handled: list[webhooks.Event] = []

    @events.otherwise
    async def handle(event: webhooks.Event) -> None:
        handled.append(event)

    delivery = testing.delivery(webhooks.PayoutSucceeded, secret=SECRET)
    await events.handle(delivery.body, delivery.signature)
    await events.handle(delivery.body, delivery.signature)
    assert len(handled) == 1
    assert store.threads == {threading.get_ident()}


async def test_a_slow_store_does_not_hold_the_loop() -> None:
    free = threading.Event()

    class Slow(MemoryStore):
        def claim(self, key: str, token: str) -> Claim:
            assert free.wait(30)
            return super().claim(key, token)

    events = webhooks.Router(SECRET, dedupe=Slow())

    @events.otherwise
    async def handle(_: webhooks.Event) -> None: ...

    delivery = testing.delivery(webhooks.PayoutSucceeded, secret=SECRET)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(events.handle, delivery.body, delivery.signature)
        await anyio.lowlevel.checkpoint()
        free.set()  # only reached if the loop goes on while the claim waits


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_the_router_runs_on_both_backends(backend: str, tmp_path: Path) -> None:
    events = webhooks.Router(SECRET, dedupe=SQLiteStore(tmp_path / "webhooks.sqlite"))
    handled: list[webhooks.Event] = []

    @events.otherwise
    async def handle(event: webhooks.Event) -> None:
        await anyio.lowlevel.checkpoint()
        handled.append(event)

    delivery = testing.delivery(webhooks.PayoutSucceeded, secret=SECRET)
    for _ in range(2):
        anyio.run(events.handle, delivery.body, delivery.signature, backend=backend)
    assert len(handled) == 1
