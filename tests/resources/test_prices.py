from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from glomo import AsyncGlomo, Money
from glomo.errors import ParameterError
from glomo.models.prices import PricingType

from .conftest import Wire

FIXED = {"pricing_type": "fixed", "fees_currency": "USD", "fees_amount": 1000}
SHARE = {"pricing_type": "percentage", "bps": 150}


async def test_a_fixed_price_is_an_amount(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("POST", "/v1/prices", (201, {"id": "price_1", **FIXED, "bps": None}))
    price = await glomo.prices.create(
        pricing_type=PricingType.FIXED, fees_currency="USD", fees_amount=1000
    )
    assert wire.body == FIXED
    assert price.fees == Money(1000, "USD")
    assert price.bps is None


async def test_a_share_is_exact(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("POST", "/v1/prices", (201, {"id": "price_1", **SHARE, "bps": 12.1}))
    price = await glomo.prices.create(pricing_type="percentage", bps=150)
    assert wire.body == SHARE
    assert price.bps == Decimal("12.1")
    assert price.fees is None


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"pricing_type": "fixed", "fees_currency": "USD"}, "fees_amount"),
        ({"pricing_type": "fixed", "fees_amount": 10}, "fees_currency"),
        (FIXED | {"fees_amount": 0}, "fees_amount"),
        (FIXED | {"fees_currency": "usd"}, "fees_currency"),
        ({"pricing_type": "percentage"}, "bps"),
        (SHARE | {"bps": 0}, "bps"),
        (SHARE | {"bps": 1.5}, "bps"),
    ],
)
async def test_what_the_api_would_refuse_is_not_sent(
    changes: dict[str, Any], parameter: str, wire: Wire, glomo: AsyncGlomo
) -> None:
    with pytest.raises(ParameterError) as refused:
        await glomo.prices.create(**changes)
    assert refused.value.parameter == parameter
    assert wire.targets == []


async def test_a_price_is_read_by_its_id(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("GET", "/v1/prices/price_1", {"id": "price_1", **FIXED})
    assert (await glomo.prices.retrieve("price_1")).pricing_type is PricingType.FIXED
    with pytest.raises(ParameterError, match="price_"):
        await glomo.prices.retrieve("pout_1")
