"""The sandbox's own webhooks: verified, typed and handled once by both routers."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta
from random import Random

from glomo import webhooks
from glomo.sandbox import Sandbox
from glomo.sandbox.engine.webhooks.events import CATALOGUE
from glomo.webhooks.event import kind_of

from .conftest import SECRET, Shop


def pay(shop: Shop, **changes: object) -> str:
    shop.sandbox.add_beneficiary("bene_supplier")
    payout = shop.call(
        shop.glomo.payouts.create,
        beneficiary_id="bene_supplier",
        source_currency="USD",
        destination_currency="INR",
        source_amount=125_000,
        payment_rail="neft",
        purpose_code="S1005",
        **changes,
    )
    return str(payout.id)


def settle(shop: Shop) -> None:
    shop.sandbox.settle()
    shop.flush()


def test_a_payouts_life(shop: Shop) -> None:
    shop.receive()
    payout_id = pay(shop, request_id="invoice-17")
    settle(shop)
    # Deliveries come in any order.
    (last,) = (event for event in shop.events if isinstance(event, webhooks.PayoutSucceeded))
    assert (last.data.id, last.data.request_id) == (payout_id, "invoice-17")
    assert last.data.utr
    assert last.data == shop.call(shop.glomo.payouts.retrieve, payout_id)


def test_a_delivery_that_failed_comes_again(shop: Shop) -> None:
    failures = 1
    handled: list[str] = []

    def take(event: webhooks.PayoutSucceeded) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise LookupError("the database is away")
        handled.append(event.data.id)

    async def take_async(event: webhooks.PayoutSucceeded) -> None:
        take(event)

    async def ignore_async(event: webhooks.Event) -> None: ...
    def ignore(event: webhooks.Event) -> None: ...

    router = shop.webhooks.Router(SECRET, dedupe=webhooks.MemoryStore())
    router.on(webhooks.PayoutSucceeded)(take if shop.portal is None else take_async)
    router.otherwise(ignore if shop.portal is None else ignore_async)
    shop.receive(router)
    payout_id = pay(shop)
    settle(shop)
    assert handled == []
    shop.sandbox.clock.advance(minutes=1)
    shop.flush()
    assert handled == [payout_id]
    # Glomo delivers at least once.
    (event,) = shop.sandbox.webhooks.events("payout.success")
    shop.sandbox.webhooks.resend(event["id"])
    shop.flush()
    assert handled == [payout_id]


def test_an_older_snapshot_changes_nothing(shop: Shop) -> None:
    books: dict[str, webhooks.Event] = {}
    lock = threading.Lock()  # deliveries come at the same time, too

    def apply(event: webhooks.Event) -> None:
        assert isinstance(event, webhooks.PayoutEvent)
        with lock:
            previous = books.get(event.data.id)
            status = None if previous is None else previous.data.status
            updated_at = None if previous is None else previous.data.updated_at
            if webhooks.moves_forward(event.data, status=status, updated_at=updated_at):
                books[event.data.id] = event

    async def apply_async(event: webhooks.Event) -> None:
        apply(event)

    router = shop.webhooks.Router(SECRET)
    router.otherwise(apply if shop.portal is None else apply_async)
    shop.receive(router)
    payout_id = pay(shop)
    shop.sandbox.clock.advance(minutes=1)
    settle(shop)
    assert books[payout_id].data.status == "success"
    for event in shop.sandbox.webhooks.events("payout.*"):
        shop.sandbox.webhooks.resend(event["id"])
    shop.flush()
    assert books[payout_id].data.status == "success"


def test_shuffled_doubled_and_failing_deliveries_come_to_the_truth(shop: Shop) -> None:
    random = Random(7)
    books: dict[str, webhooks.PayoutEvent] = {}
    handled: Counter[str] = Counter()
    lock = threading.Lock()

    def apply(event: webhooks.Event) -> None:
        assert isinstance(event, webhooks.PayoutEvent)
        with lock:
            if random.random() < 0.3:
                raise LookupError("the database is away")
            handled[event.dedupe_key] += 1
            previous = books.get(event.data.id)
            if previous is None or webhooks.moves_forward(
                event.data, status=previous.data.status, updated_at=previous.data.updated_at
            ):
                books[event.data.id] = event

    async def apply_async(event: webhooks.Event) -> None:
        apply(event)

    router = shop.webhooks.Router(SECRET, dedupe=webhooks.MemoryStore())
    router.otherwise(apply if shop.portal is None else apply_async)
    shop.receive(router)
    shop.sandbox.set_options(settle_after=timedelta(seconds=30))
    shop.sandbox.webhooks.pause()
    ids = [pay(shop) for _ in range(15)]
    shop.sandbox.clock.advance(seconds=10)
    for id in ids[::3]:
        shop.call(shop.glomo.payouts.mock_update_status, id, status="failed")
    shop.sandbox.clock.advance(minutes=1)
    shop.sandbox.webhooks.duplicate(20)
    shop.sandbox.webhooks.resume("shuffled")
    for _ in range(5):  # every wait between two attempts passes
        shop.flush()
        shop.sandbox.clock.advance(minutes=30)
    shop.flush()
    assert set(handled.values()) == {1}
    assert len(handled) == len(shop.sandbox.webhooks.events())
    for payout in shop.call(shop.glomo.payouts.list().collect):
        assert books[payout.id].data == payout
    assert {event.data.status for event in books.values()} == {"success", "failed"}


def test_what_was_missed_is_reconciled(shop: Shop) -> None:
    payouts = [pay(shop) for _ in range(3)]
    settle(shop)
    result = shop.call(shop.webhooks.reconcile, shop.glomo, [*payouts, "payout_lost"])
    assert [payout.status for payout in result.objects] == ["success"] * 3
    assert result.missing == ("payout_lost",)


def test_every_event_of_the_sandbox_has_a_class(sandbox: Sandbox) -> None:
    events: list[webhooks.Event] = []
    sandbox.webhooks.add_receiver(
        lambda request: events.append(webhooks.parse(request.body, request.signature, SECRET)),
        secret=SECRET,
    )
    for entity_type, event_types in CATALOGUE.items():
        for event_type in event_types:
            sandbox.webhooks.trigger(f"{entity_type}.{event_type}")
    for event in events:
        # A triggered event may hold little more than an id.
        is_read = not isinstance(event, webhooks.UnreadableEvent)
        event_class = type(event) if is_read else event.event_class
        assert kind_of(event.entity_type, event.event_type).event_type == event.event_type
        assert event_class is kind_of(event.entity_type, event.event_type).event_class
    assert len(events) == sum(map(len, CATALOGUE.values()))
