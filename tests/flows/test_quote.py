"""docs/flows/quote-to-payout.md"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from glomo import webhooks
from glomo.errors import IdempotencyConflictError
from glomo.money import Money
from glomo.serialization.codec import structure
from glomo.types import Payout, Quote, Quotes

from .conftest import Shop

PAGE = "flows/quote-to-payout.md"


@pytest.fixture
def payer(shop: Shop) -> Shop:
    shop.sandbox.add_beneficiary("bene_supplier")
    shop.sandbox.add_beneficiary("bene_other")
    shop.learn(PAGE)
    return shop


def pay(shop: Shop, number: str = "17", beneficiary_id: str = "bene_supplier") -> Payout:
    payout: Payout = shop.call("pay_invoice", shop.glomo, number, beneficiary_id, 125_000)
    return payout


def payouts(shop: Shop) -> list[Payout]:
    created: list[Payout] = shop.call(shop.glomo.payouts.list().collect)
    return created


def test_an_invoice_is_paid_at_the_cheapest_rail(
    payer: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    payer.receive()
    payout = pay(payer)
    assert (payout.request_id, payout.source) == ("invoice-17", Money(125_000, "USD"))
    rail, cost = capsys.readouterr().out.split()[:2]
    assert payout.payment_rail == rail
    # 100 flat and 1% for the exchange, on top.
    assert cost == "1263.50"
    payer.sandbox.settle()
    payer.flush()
    (paid,) = (each for each in payer.events if isinstance(each, webhooks.PayoutSucceeded))
    assert (paid.data.id, paid.data.quote_id) == (payout.id, payout.quote_id)


def test_called_again_it_finds_the_payout(payer: Shop) -> None:
    first = pay(payer)
    requests_before = len(payer.sandbox.requests)
    again = pay(payer)
    assert again.id == first.id
    assert [one.path for one in list(payer.sandbox.requests)[requests_before:]] == [
        "/api/v1/payouts"
    ]
    assert len(payouts(payer)) == 1


def test_a_lost_response_is_not_paid_again(payer: Shop) -> None:
    payer.sandbox.lose_response(after_commit=True, operation="payouts.create", times=1)
    first = pay(payer)
    assert pay(payer).id == first.id
    assert payer.sandbox.ledger.paid_once("invoice-17")


def test_a_crash_between_quote_and_payout_wastes_only_the_quote(payer: Shop) -> None:
    payer.sandbox.lose_response(after_commit=True, operation="quotes.create", times=1)
    with pytest.raises(Exception, match="ask for another one"):
        pay(payer)
    pay(payer)
    assert len(payouts(payer)) == 1


def test_another_worker_was_faster(payer: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    first = pay(payer)
    # It had not made it yet when this one looked.
    resource = payer.glomo.payouts
    look = resource.list
    monkeypatch.setattr(
        type(resource), "list", lambda _, **filters: look(**{**filters, "request_id": "none"})
    )
    assert pay(payer).id == first.id
    with pytest.raises(IdempotencyConflictError):
        pay(payer, beneficiary_id="bene_other")
    monkeypatch.undo()
    assert len(payouts(payer)) == 1


# ------------------------------------------------------------------ one offer


def offer(id: str = "quote_1", **changes: Any) -> dict[str, Any]:
    later = datetime.now(UTC) + timedelta(minutes=30)
    return {
        "id": id,
        "resource": "payout",
        "expires_at": later.isoformat(),
        "method": {"payment_method": "bank_transfer", "payment_rail": "neft"},
        "source_currency": "USD",
        "destination_currency": "INR",
        "source_amount": 10_000,
        "destination_amount": 882_000,
        "fees": {
            "txn_fee": {"currency": "USD", "amount": 100},
            "fx_fee": {"currency": "USD", "amount": 50},
        },
        **changes,
    }


def read(**changes: Any) -> Quote:
    return structure(offer(**changes), Quote)


def test_cost_and_rail() -> None:
    quote = read()
    assert quote.cost == Money(10_150, "USD")
    assert quote.payment_rail == "neft"
    assert not quote.expired
    assert read(fees=None).cost == Money(10_000, "USD")
    assert read(resource="payin").cost == Money(10_000, "USD")
    assert read(fees={"txn_fee": {"currency": "INR", "amount": 100}}).cost is None
    assert read(source_amount=None).cost is None
    assert read(method=None).payment_rail is None


def test_a_quote_expires() -> None:
    assert read(expires_at=(datetime.now(UTC) - timedelta(seconds=1)).isoformat()).expired
    assert not read(expires_at=None).expired


def cheapest(*offers: dict[str, Any]) -> str | None:
    quote = structure({"quotes": list(offers)}, Quotes).cheapest
    return None if quote is None else quote.id


def test_the_cheapest_offer() -> None:
    dear = offer("quote_dear", source_amount=10_200)
    cheap = offer("quote_cheap")
    # More arrives for the same money: cheaper still.
    more = offer("quote_more", destination_amount=883_000)
    past = offer("quote_past", source_amount=1, expires_at="2020-01-01T00:00:00Z")
    silent = offer("quote_silent", source_amount=None)
    assert cheapest(dear, cheap) == "quote_cheap"
    assert cheapest(dear, cheap, more, past, silent) == "quote_more"
    assert cheapest(cheap, offer("quote_same")) == "quote_cheap"
    assert cheapest(past, silent) is None
    assert cheapest() is None
