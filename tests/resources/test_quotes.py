from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from glomo import AsyncGlomo, Money
from glomo.errors import OutcomeUnknownError, ParameterError
from glomo.models.quotes import QuotePaymentMethodParams, QuoteTransfer

from .conftest import Wire

QUOTE = {
    "id": "quote_3m4n5o6p7q",
    "resource": "payout",
    "expires_at": "2026-06-12T08:16:50Z",
    "method": {
        "payment_method": "bank_transfer",
        "subtype": "swift_transfer",
        "payment_rail": "swift",
    },
    "source_currency": "USD",
    "destination_currency": "INR",
    "fx_rate": 90.1234567890123456789,
    "source_amount": 10000,
    "destination_amount": 882000,
    "fees": {"txn_fee": {"currency": "USD", "amount": 100}},
}


def quote(**changes: Any) -> dict[str, Any]:
    parameters = {
        "resource": "payout",
        "source_currency": "USD",
        "destination_currency": "INR",
        "source_amount": 10000,
        **changes,
    }
    return {name: value for name, value in parameters.items() if value is not ...}


async def test_offers(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("POST", "/v1/quotes", (201, b'{"quotes":[' + _with_a_long_rate() + b"]}"))
    offered = await glomo.quotes.create(
        **quote(payment_method={"type": "bank_transfer", "subtype": "swift_transfer"})
    )
    (offer,) = offered.quotes
    assert offer.id == "quote_3m4n5o6p7q"
    assert offer.fx_rate == Decimal("90.1234567890123456789")
    assert offer.source == Money(10000, "USD")
    assert offer.destination == Money(882000, "INR")
    assert offer.expires_at == datetime(2026, 6, 12, 8, 16, 50, tzinfo=UTC)
    assert offer.method is not None
    assert offer.method.payment_rail == "swift"


def _with_a_long_rate() -> bytes:
    return (
        b'{"id":"quote_3m4n5o6p7q","resource":"payout","expires_at":"2026-06-12T08:16:50Z",'
        b'"method":{"payment_method":"bank_transfer","payment_rail":"swift"},'
        b'"source_currency":"USD","destination_currency":"INR","source_amount":10000,'
        b'"destination_amount":882000,"fx_rate":90.1234567890123456789}'
    )


@pytest.mark.parametrize(
    ("way", "sent"),
    [
        ("local_transfer", {"type": "bank_transfer", "subtype": "local_transfer"}),
        (QuoteTransfer.SWIFT_TRANSFER, {"type": "bank_transfer", "subtype": "swift_transfer"}),
        ("bank_transfer", {"type": "bank_transfer"}),
        ("pay_via_bank", {"type": "pay_via_bank"}),
        (QuotePaymentMethodParams(type="pay_via_bank"), {"type": "pay_via_bank"}),
        ({"type": "bank_transfer"}, {"type": "bank_transfer"}),
    ],
)
async def test_one_spelling_of_the_method(
    glomo: AsyncGlomo, wire: Wire, way: Any, sent: dict[str, str]
) -> None:
    wire.on("POST", "/v1/quotes", {"quotes": [QUOTE]})
    await glomo.quotes.create(**quote(payment_method=way))
    assert wire.body == quote(payment_method=sent)


@pytest.mark.parametrize(
    ("parameter", "changes"),
    [
        ("source_amount / destination_amount", {"source_amount": ...}),
        ("source_amount / destination_amount", {"destination_amount": 1}),
        ("source_amount", {"source_amount": -1}),
        ("resource", {"resource": ""}),
        ("source_currency", {"source_currency": "usd"}),
        (
            "payment_method.subtype",
            {"destination_currency": "USD", "payment_method": {"subtype": "local_transfer"}},
        ),
        (
            "payment_method.subtype",
            {"destination_currency": "JPY", "payment_method": "local_transfer"},
        ),
        ("payment_method.type", {"payment_method": "carrier_pigeon"}),
        ("payment_method.payment_method", {"payment_method": {"payment_method": "bank_transfer"}}),
    ],
)
async def test_a_quote_that_the_api_would_refuse_is_not_asked_for(
    glomo: AsyncGlomo, wire: Wire, parameter: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(ParameterError) as refused:
        await glomo.quotes.create(**quote(**changes))
    assert refused.value.parameter == parameter
    assert wire.targets == []


async def test_payins_have_no_rule_of_local_transfers(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("POST", "/v1/quotes", {"quotes": []})
    offered = await glomo.quotes.create(
        **quote(
            resource="payin",
            destination_currency="USD",
            payment_method={"type": "bank_transfer", "subtype": "local_transfer"},
        )
    )
    assert offered.quotes == ()


async def test_a_failed_quote_can_be_asked_for_anew(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("POST", "/v1/quotes", (503, {"message": "down"}))
    with pytest.raises(OutcomeUnknownError, match="ask for another one"):
        await glomo.quotes.create(**quote())
