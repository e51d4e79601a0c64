from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import Api
from tests.sandbox.shop import Shop, created, refused, without

FIXED = {"pricing_type": "fixed", "fees_amount": 200, "fees_currency": "USD"}
SHARE = {"pricing_type": "percentage", "bps": 1_000}


async def price(api: Api, **body: Any) -> dict[str, Any]:
    return created(await api.post("v1/prices", body))


async def test_the_first_price_becomes_the_default(api: Api) -> None:
    first = await price(api, **FIXED)
    assert first["set_as_default"] is True
    assert "bps" not in first
    second = await price(api, **SHARE)
    assert second["set_as_default"] is False
    third = await price(api, **SHARE, set_as_default=True)
    listed = (await api.get("v1/prices")).json()["data"]
    defaults = [one["id"] for one in listed if one["set_as_default"]]
    assert defaults == [third["id"]]
    assert (await api.get(f"v1/prices/{second['id']}")).json() == second


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "pricing_type is missing"),
        ({"pricing_type": "free"}, "pricing_type does not have a valid value"),
        ({**FIXED, "bps": 1}, "bps cannot be specified for fixed pricing"),
        ({**SHARE, "fees_amount": 1}, "fees_amount cannot be specified for percentage pricing"),
        ({**SHARE, "bps": ...}, "bps is missing"),
        ({**FIXED, "fees_currency": ...}, "fees_currency is missing"),
        ({**FIXED, "fees_currency": "INR"}, "Currency not supported"),
        ({**FIXED, "fees_amount": 0}, "fees_amount must be greater than 0"),
        ({**SHARE, "bps": 1.5}, "bps must be an integer"),
        ({**SHARE, "set_as_default": "yes"}, "set_as_default must be a boolean"),
    ],
)
async def test_every_rule_has_its_text(api: Api, body: dict[str, Any], message: str) -> None:
    assert refused(await api.post("v1/prices", without(body))) == message


async def test_a_price_is_the_referral_fee_of_a_payment(api: Api) -> None:
    shop = Shop(api)
    share = await price(api, **SHARE)
    fixed = await price(api, **FIXED)
    before = shop.balance()
    payment = await shop.transfer(await shop.order(price_id=fixed["id"]))
    assert payment["fees"]["referral_fee"] == {"amount": 200, "currency": "USD"}
    assert shop.balance() == before + 10_000 - 100 - 200
    unnamed = await shop.transfer(await shop.order())
    assert unnamed["fees"]["referral_fee"] == {"amount": 1_000, "currency": "USD"}
    assert share["set_as_default"]


async def test_unknown_prices(api: Api) -> None:
    assert refused(await api.get("v1/prices/price_unknown"), 404) == "Price not found"
    order = await Shop(api).ask_order(price_id="price_unknown")
    assert refused(order, 404) == "Price not found"
