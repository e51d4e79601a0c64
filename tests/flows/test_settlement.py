"""docs/flows/settlement.md"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from glomo import webhooks
from glomo.models.settlements import Settlement, Transaction
from glomo.money import Money
from glomo.resources.settlement_reconciliation import add_up
from glomo.serialization.codec import structure
from glomo.types import SettlementLine

from .conftest import Shop
from .test_checkout import CUSTOMER

PAGE = "flows/settlement.md"


def paid_orders(shop: Shop, count: int) -> list[tuple[str, str]]:
    """Orders that were paid, with their payments."""
    customer = shop.call(shop.glomo.customers.find_or_create, **CUSTOMER)
    pairs: list[tuple[str, str]] = []
    for n in range(count):
        order = shop.call(
            shop.glomo.orders.create,
            customer_id=customer.id,
            amount=10_000 + n,
            currency="USD",
            purpose_code="P0802",
            payment_methods=["bank_transfer"],
        )
        payment = shop.call(
            shop.glomo.payments.create_mock,
            amount=10_000 + n,
            currency="USD",
            payin_id=order.id,
        )
        pairs.append((order.id, payment.id))
        shop.sandbox.clock.advance(seconds=1)
    return pairs


def test_from_the_settlement_to_the_orders(shop: Shop) -> None:
    shop.receive()
    pairs = paid_orders(shop, 3)
    settlement = shop.call(
        shop.glomo.settlements.create, payment_ids=[payment for _, payment in pairs]
    )
    shop.learn(PAGE)
    booked = shop.call("book_settlement", shop.glomo, settlement.id)
    assert sorted(line.split()[:2] for line in booked) == sorted(map(list, pairs))
    result = shop.call(shop.glomo.settlements.reconcile, settlement.id)
    assert result.adds_up
    assert result.totals == {"USD": settlement.money}
    assert result.missing == ()
    for line in result.lines:
        assert (line.payin.id, line.payment.id) in pairs
        assert line.payment.payin_id == line.payin.id
    shop.sandbox.clock.advance(minutes=1)
    shop.flush()
    (event,) = (each for each in shop.events if isinstance(each, webhooks.SettlementSucceeded))
    assert event.data.money == settlement.money


def test_many_payments_take_few_requests(shop: Shop) -> None:
    pairs = paid_orders(shop, 30)
    settlement = shop.call(
        shop.glomo.settlements.create, payment_ids=[payment for _, payment in pairs]
    )
    before = len(shop.sandbox.requests)
    result = shop.call(shop.glomo.settlements.reconcile, settlement.id)
    request_counts = Counter(shop.requests[before:])
    assert {line.payment.id for line in result.lines} == {payment for _, payment in pairs}
    assert {line.payin.id for line in result.lines} == {order for order, _ in pairs}
    assert sum(request_counts.values()) == 4, (
        request_counts
    )  # the settlement, its lines, payments, orders


def test_an_older_settlement_takes_no_more(shop: Shop) -> None:
    pairs = paid_orders(shop, 10)
    settlement = shop.call(
        shop.glomo.settlements.create, payment_ids=[payment for _, payment in pairs]
    )
    shop.sandbox.clock.advance(days=1)
    paid_orders(shop, 100)  # a whole page of newer ones
    before = len(shop.sandbox.requests)
    result = shop.call(shop.glomo.settlements.reconcile, settlement.id)
    assert {(line.payin.id, line.payment.id) for line in result.lines} == set(pairs)
    assert len(shop.requests[before:]) == 4


def test_an_amount_of_the_balance_has_a_line_of_its_own(shop: Shop) -> None:
    settlement = shop.call(shop.glomo.settlements.create, amount=50_000, balance_currency="USD")
    result = shop.call(shop.glomo.settlements.reconcile, settlement.id)
    assert result.adds_up
    (line,) = result.lines
    assert (line.payment, line.payin, line.settled) == (None, None, Money(50_000, "USD"))


# ------------------------------------------------------------------ arithmetic


def money(minor: int, currency: str = "USD") -> dict[str, Any]:
    return {"amount": minor, "currency": currency}


def line(id: str = "txn_1", **fields: Any) -> SettlementLine:
    stamps = {"created_at": "2026-11-24T09:00:00Z", "updated_at": "2026-11-24T09:00:00Z"}
    fields_ = {"id": id, "source_id": "payt_1", "source_type": "payment", **stamps, **fields}
    return SettlementLine(structure(fields_, Transaction))


def settlement(minor: int, currency: str = "USD") -> Settlement:
    stamps = {"created_at": "2026-11-24T09:00:00Z", "updated_at": "2026-11-24T09:00:00Z"}
    fields_ = {"id": "setl_1", "status": "success", **money(minor, currency), **stamps}
    return structure(fields_, Settlement)


PAID = {"credit": money(1_000), "debit": money(0), "settled_amount": money(980)}
REFUNDED = {"credit": money(0), "debit": money(300), "settled_amount": money(300)}


@pytest.mark.parametrize("settled", [300, -300])
def test_a_refund_is_taken_out_however_its_sign_is_written(settled: int) -> None:
    refund = line("txn_2", **{**REFUNDED, "settled_amount": money(settled)})
    result = add_up(settlement(680), (line(**PAID), refund), ())
    assert result.adds_up
    assert refund.settled == Money(-300, "USD")


def test_what_is_missing_is_said_in_its_currency() -> None:
    euro = line("txn_2", **{**PAID, "settled_amount": money(500, "EUR")})
    result = add_up(settlement(1_000), (line(**PAID), euro), ())
    assert not result.adds_up
    assert result.differences == {"USD": Money(20, "USD"), "EUR": Money(-500, "EUR")}
    assert result.totals == {"USD": Money(980, "USD"), "EUR": Money(500, "EUR")}


def test_a_line_that_does_not_say_what_it_settles_never_adds_up() -> None:
    result = add_up(settlement(980), (line(**PAID), line("txn_2")), ())
    assert result.differences == {}
    assert result.incomplete == ("txn_2",)
    assert not result.adds_up
