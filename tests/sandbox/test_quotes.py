from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import Api
from tests.sandbox.shop import Shop, created, refused

PAYOUT = {
    "resource": "payout",
    "source_currency": "USD",
    "destination_currency": "INR",
    "source_amount": 10_000,
    "payment_method": {"type": "bank_transfer", "subtype": "local_transfer"},
}
BOUND = {"amount": ..., "currency": ..., "expires_at": ...}
"""What a payin with a quote must not bear."""


@pytest.fixture
def shop(api: Api) -> Shop:
    return Shop(api)


async def offers(api: Api, **changes: Any) -> list[dict[str, Any]]:
    return created(await api.post("v1/quotes", {**PAYOUT, **changes}))["quotes"]


async def test_a_local_payout_has_an_offer_for_each_rail(api: Api) -> None:
    quotes = await offers(api)
    assert [one["method"]["payment_rail"] for one in quotes] == ["imps", "neft", "rtgs", "upi"]
    assert len({one["id"] for one in quotes}) == 4
    assert {one["expires_at"] for one in quotes} == {"2026-09-09T07:30:09Z"}
    one = quotes[0]
    assert (one["source_amount"], one["destination_amount"]) == (10_000, 900_000)
    assert one["fx_rate"] == 90.0
    guide = {"payment_method": "bank_transfer", "subtype": "swift_transfer"}
    (swift,) = await offers(api, payment_method=None, method=guide)
    assert swift["method"] == {**guide, "payment_rail": "swift"}


async def test_rails_whose_limits_do_not_fit_are_left_out(api: Api) -> None:
    small = await offers(api, destination_currency="AED")
    assert [one["method"]["payment_rail"] for one in small] == ["fts", "ipp"]
    large = await offers(api, destination_currency="AED", source_amount=2_000_000)
    assert [one["method"]["payment_rail"] for one in large] == ["fts"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"destination_currency": "SGD"}, "local_transfer is not supported for SGD destination"),
        ({"source_currency": "INR"}, "Source currency is not supported"),
        ({"destination_currency": "JPY"}, "Destination currency is not supported"),
        ({"source_currency": None}, "source_currency is missing"),
        ({"source_amount": None}, "Exactly one of source_amount or destination_amount"),
        ({"destination_amount": 1}, "Exactly one of source_amount or destination_amount"),
        ({"source_amount": 1.5}, "source_amount must be an integer"),
        ({"resource": "refund"}, "resource does not have a valid value"),
        ({"payment_method": {"type": "cash"}}, "payment_method does not have a valid value"),
        ({"payment_method": {"subtype": "fast"}}, "subtype does not have a valid value"),
        ({"payment_method": "bank_transfer"}, "payment_method must be an object"),
    ],
)
async def test_every_rule_has_its_text(api: Api, changes: dict[str, Any], message: str) -> None:
    assert message in refused(await api.post("v1/quotes", {**PAYOUT, **changes}))


async def test_a_payout_uses_its_quote_once(api: Api) -> None:
    neft = (await offers(api))[1]
    body = {"quote_id": neft["id"], "beneficiary_id": "bene_supplier", "purpose_code": "S1005"}
    payout = created(await api.post("v1/payouts", {**body, "request_id": "p-1"}))
    assert payout["payment_rail"] == "neft"
    assert payout["source_amount"] == neft["source_amount"]
    assert payout["destination_amount"] == neft["destination_amount"]
    # A resend fails on the used quote first; with a new quote on the old request_id.
    again = await api.post("v1/payouts", {**body, "request_id": "p-1"})
    assert refused(again) == "quote_id has already been used"
    fresh = {**body, "quote_id": (await offers(api))[1]["id"], "request_id": "p-1"}
    assert refused(await api.post("v1/payouts", fresh), 409) == "Record already exists"


async def test_an_order_takes_its_terms_from_the_quote(shop: Shop) -> None:
    quote = await shop.quote()
    assert quote["fx_rate"] == pytest.approx(1 / 1.17, abs=1e-5)
    order = await shop.order(quote_id=quote["id"], **BOUND)
    assert (order["amount"], order["currency"]) == (10_000, "EUR")
    assert order["payment_methods"] == ["bank_transfer"]
    wrong = await shop.transfer(order)  # what is quoted to the payer is in USD
    assert wrong["error_code"] == "PAYIN_AMOUNT_MISMATCH"
    payment = await shop.transfer(order, amount=quote["source_amount"], currency="USD")
    assert payment["status"] == "success"
    assert (payment["payment_amount"], payment["payment_currency"]) == (
        quote["source_amount"],
        "USD",
    )
    assert payment["fee_bearer"] == "customer"
    assert shop.balance("exchange", "EUR") == -10_000


async def test_a_payin_expires_with_its_quote(shop: Shop) -> None:
    order = await shop.order(quote_id=(await shop.quote())["id"], **BOUND)
    link = await shop.link(quote_id=(await shop.quote())["id"], **BOUND)
    assert link["expires_at"] == "2026-09-09T07:30:09Z"
    change = await shop.api.patch(f"v1/payin/{link['id']}", {"expires_at": "2026-10-01"})
    assert refused(change) == "expires_at cannot be specified when quote_id is present"
    shop.sandbox.clock.advance(minutes=30)
    assert (await shop.read(order))["status"] == "expired"
    assert (await shop.read(link))["status"] == "expired"


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("order", "amount", 1),
        ("order", "currency", "USD"),
        ("order", "price_id", "price_1"),
        ("order", "payment_methods", ["card"]),
        ("link", "amount", 1),
        ("link", "currency", "USD"),
        ("link", "expires_at", "2026-10-01"),
        ("link", "price_id", "price_1"),
        ("link", "payment_methods", ["card"]),
    ],
)
async def test_a_quote_locks_fields(shop: Shop, kind: str, field: str, value: Any) -> None:
    ask = shop.ask_order if kind == "order" else shop.ask_link
    response = await ask(**{**BOUND, "quote_id": "quote_any", field: value})
    assert refused(response) == f"{field} cannot be specified when quote_id is present"


@pytest.mark.parametrize("kind", ["order", "link"])
async def test_a_quote_has_its_texts(shop: Shop, kind: str) -> None:
    ask = shop.ask_order if kind == "order" else shop.ask_link

    async def text(quote_id: str, **more: Any) -> str:
        return refused(await ask(**{**BOUND, "quote_id": quote_id, **more}))

    assert await text("quote_unknown") == "quote_id not found"
    assert await text((await offers(shop.api))[0]["id"]) == "quote_id is not a payin quote"
    assert await text((await shop.lrs_quote())["id"]) == "quote_id is not a payin quote"
    quote = await shop.quote()
    assert await text(quote["id"], split_ids=["psplit_1"]) == (
        "Validation failed: Split ids cannot be specified when quote_id is present"
    )
    assert await text(quote["id"], surprise=1) == "surprise is not a permitted parameter"
    unknown = await ask(**{**BOUND, "quote_id": quote["id"], "customer_id": "cust_unknown"})
    assert refused(unknown, 404) == "Customer not found"
    created(await ask(**{**BOUND, "quote_id": quote["id"]}))  # a refused payin used nothing up
    assert await text(quote["id"]) == "quote_id has already been used"
    late = await shop.quote()
    shop.sandbox.clock.advance(minutes=30)
    assert await text(late["id"]) == "quote_id has expired"


async def test_a_resent_order_fails_on_its_quote_first(shop: Shop) -> None:
    body = {**BOUND, "quote_id": (await shop.quote())["id"], "request_id": "o-1"}
    await shop.order(**body)
    assert refused(await shop.ask_order(**body)) == "quote_id has already been used"
    fresh = {**body, "quote_id": (await shop.quote())["id"]}
    assert refused(await shop.ask_order(**fresh)) == "Order already exists for this request_id"


async def test_a_payin_quote_is_no_payout_quote(shop: Shop) -> None:
    body = {"beneficiary_id": "bene_supplier", "purpose_code": "S1005"}
    for quote in (await shop.quote(), await shop.lrs_quote()):
        response = await shop.api.post("v1/payouts", {**body, "quote_id": quote["id"]})
        assert refused(response) == "Quote is not a payout quote"


async def test_by_source_amount_fees_come_off(shop: Shop) -> None:
    quote = await shop.quote(source_amount=11_700, destination_amount=...)
    assert quote["source_amount"] == 11_700
    fees = quote["fees"]["txn_fee"]["amount"] + quote["fees"]["fx_fee"]["amount"]
    assert fees == 100 + 117
    assert quote["destination_amount"] == round((11_700 - fees) * quote["fx_rate"])
