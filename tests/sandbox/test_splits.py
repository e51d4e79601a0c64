from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import Api
from tests.sandbox.shop import Shop, created, refused
from tests.sandbox.test_subscriptions import ON_DEMAND

PREFIX = "Validation failed: Split ids"


@pytest.fixture(params=["order", "link", "quote"])
def ask(request: pytest.FixtureRequest) -> Any:
    """Asks for a payin or a quote with these splits."""

    async def create_order(shop: Shop, split_ids: list[str] | None) -> Any:
        if request.param == "order":
            return await shop.ask_order(split_ids=split_ids, payment_methods=["bank_transfer"])
        if request.param == "link":
            return await shop.ask_link(split_ids=split_ids, payment_methods=["bank_transfer"])
        body = {
            "resource": "payin",
            "source_currency": "USD",
            "destination_currency": "EUR",
            "destination_amount": 10_000,
            "split_ids": split_ids,
        }
        return await shop.api.post("v1/quotes", body)

    return create_order


async def test_every_rule_has_its_text(make_api: Any, ask: Any) -> None:
    shop = Shop(make_api(require_splits=True))
    missing = refused(await ask(shop, None))
    assert missing == f"{PREFIX} are required when dynamic fee splits are enforced"
    unresolved = f"{PREFIX} are invalid or no longer point at a dynamic rule: "
    assert refused(await ask(shop, ["psplit_unknown"])) == f"{unresolved}psplit_unknown"
    stale = shop.sandbox.add_split("bank_transfer", live=False)
    assert refused(await ask(shop, [stale])) == unresolved + stale
    by_card = shop.sandbox.add_split("card")
    assert refused(await ask(shop, [by_card])) == (
        f"{PREFIX} are not valid for any enabled payment method: card"
    )
    one = shop.sandbox.add_split("bank_transfer", price_id="price_one")
    assert (await ask(shop, [one])).status_code == 201
    two = shop.sandbox.add_split("bank_transfer", price_id="price_two")
    assert refused(await ask(shop, [one])) == (
        f"{PREFIX} must be declared for every dynamic rule on the dimension, "
        "missing rules: price_two"
    )
    assert (await ask(shop, [one, two])).status_code == 201


async def test_splits_are_strings_in_an_array(api: Api) -> None:
    shop = Shop(api)
    assert refused(await shop.ask_order(split_ids="psplit_1")) == "split_ids must be an array"
    assert "psplit_" in refused(await shop.ask_order(split_ids=[1]))


async def test_the_customer_bears_the_rest_of_the_fee(api: Api) -> None:
    shop = Shop(api)
    split = shop.sandbox.add_split("bank_transfer", merchant_share_bps=2_500)
    order = await shop.order(split_ids=[split])
    assert order["split_ids"] == [split]
    assert (await shop.transfer(order))["error_code"] == "PAYIN_AMOUNT_MISMATCH"
    before = shop.balance()
    payment = await shop.transfer(order, amount=10_075)
    assert payment["status"] == "success"
    assert payment["payment_amount"] == 10_075
    assert payment["converted_amount"] == 10_000
    assert payment["fee_bearer"] == "split"
    bearers = {one["bearer"]: one["amount"] for one in payment["fee_breakdown"]["txn_fee"]}
    assert bearers == {"merchant": 25, "customer": 75}
    assert shop.balance() == before + 9_975
    assert shop.balance("fees.payment") == 100
    refund = (await shop.ask_refund(payment)).json()
    assert refund["amount"] == 10_075
    assert refund["balance_used"]["amount"] == 10_000
    path = f"v1/refunds/{refund['id']}/mock_update_status"
    await api.patch(path, {"status": "success"})
    assert shop.balance("customers") == 0


async def test_a_split_that_went_stale_ends_the_order(api: Api) -> None:
    shop = Shop(api)
    split = shop.sandbox.add_split("card")
    order = await shop.order(split_ids=[split])
    shop.sandbox.retire_split(split)
    unresolved = f"{PREFIX} are invalid or no longer point at a dynamic rule: {split}"
    assert refused(await shop.ask_card(order)) == unresolved
    assert (await shop.read(order))["status"] == "expired"
    assert shop.events() == ["orders.expired"]


async def test_a_stale_split_stops_the_next_charge_of_a_subscription(api: Api) -> None:
    shop = Shop(api)
    split = shop.sandbox.add_split("card", price_id="price_1")
    body = {"customer_id": await shop.customer_id(), **ON_DEMAND, "split_ids": [split]}
    subscription = created(await api.post("v1/subscriptions", body))
    created(await shop.ask_card({"id": ""}, subscription_id=subscription["id"], order_id=...))
    shop.sandbox.retire_split(split)

    async def charge(**changes: Any) -> Any:
        paid = {"subscription_id": subscription["id"], "sequence": "subsequent"}
        paid |= {"amount": 1_000, "currency": "USD", "request_id": "c-1", **changes}
        return await api.post("v1/payment", paid)

    assert f"no longer point at a dynamic rule: {split}" in refused(await charge())
    valid = shop.sandbox.add_split("card", price_id="price_1")
    created(await charge(split_ids=[valid]))
