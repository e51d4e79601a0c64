from __future__ import annotations

from decimal import Decimal
from typing import Any

import httpx
import pytest

from glomo import AsyncGlomo, Money
from glomo.errors import OutcomeUnknownError, ParameterError
from glomo.models.balance_conversions import BalanceConversionStatus

from .conftest import Wire

CONVERSION = {
    "id": "conv_6776d57dnbTWj",
    "from": {"amount": 1000.0, "currency": "USD"},
    "to": {"amount": 930, "currency": "eur"},
    "fees": {"amount": 5, "currency": "USD"},
    "mid_market_rate": {"currency": "EUR", "rate": 0.93},
    "status": "pending",
    "created_at": "2021-01-01T00:00:00Z",
}


EUROS = {"amount": 1000, "currency": "EUR"}


@pytest.mark.parametrize("named", ["source_amount", "target_amount"])
async def test_one_amount_is_named(glomo: AsyncGlomo, wire: Wire, named: str) -> None:
    right = CONVERSION if named == "source_amount" else CONVERSION | {"to": EUROS}
    wire.on("POST", "/v1/balance_conversions", (201, right))
    amount: Any = {named: 1000}
    conversion_ = await glomo.balance_conversions.create(
        source_currency="USD", target_currency="EUR", **amount
    )
    assert wire.body == {"source_currency": "USD", "target_currency": "EUR", named: 1000}
    assert conversion_.from_ == Money(1000, "USD")
    assert conversion_.to == Money(930 if named == "source_amount" else 1000, "EUR")
    assert conversion_.fees == Money(5, "USD")
    assert conversion_.mid_market_rate is not None
    assert conversion_.mid_market_rate.rate == Decimal("0.93")
    assert conversion_.status is BalanceConversionStatus.PENDING
    assert conversion_.extra == {}


@pytest.mark.parametrize(
    ("parameter", "parameters"),
    [
        ("source_amount / target_amount", {}),
        ("source_amount / target_amount", {"source_amount": 1, "target_amount": 1}),
        ("target_amount", {"target_amount": 0}),
        ("source_amount", {"source_amount": 10.0}),
        ("target_currency", {"source_amount": 1, "target_currency": "euro"}),
    ],
)
async def test_a_conversion_that_the_api_would_refuse_is_not_sent(
    glomo: AsyncGlomo, wire: Wire, parameter: str, parameters: dict[str, Any]
) -> None:
    currencies = {"source_currency": "USD", "target_currency": "EUR"}
    with pytest.raises(ParameterError) as refused:
        await glomo.balance_conversions.create(**{**currencies, **parameters})
    assert refused.value.parameter == parameter
    assert wire.targets == []


async def test_a_lost_answer_is_not_converted_twice(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("POST", "/v1/balance_conversions", httpx.ReadError("connection reset"))
    with pytest.raises(OutcomeUnknownError, match=r"balance_conversions\.list"):
        await glomo.balance_conversions.create(
            source_currency="USD", target_currency="EUR", source_amount=1000
        )
    assert len(wire.targets) == 1


async def test_filters_of_the_list(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("GET", "/v1/balance_conversions", {"data": [CONVERSION], "page_meta": {}})
    await glomo.balance_conversions.list(source_currency="USD", per_page=5).collect()
    assert wire.targets == ["GET /v1/balance_conversions?source_currency=USD&per_page=5"]
