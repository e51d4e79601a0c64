from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.conftest import Api
from tests.sandbox.shop import OTP, Shop, created, refused

TEXTS = {
    "status": "Payment must be in success status",
    "partial": "Partial refunds are not enabled for this business",
    "under way": "Refund is already in progress.",
    "done": "Payment has already been fully refunded",
    "repeated": "Refund already exists for this request_id",
}


@pytest.fixture
def shop(api: Api) -> Shop:
    return Shop(api)


async def paid(shop: Shop, **changes: Any) -> dict[str, Any]:
    return await shop.transfer(await shop.order(**changes))


async def mock(shop: Shop, refund: dict[str, Any], status: str) -> Any:
    path = f"v1/refunds/{refund['id']}/mock_update_status"
    return await shop.api.patch(path, {"status": status})


async def test_the_money_is_held_and_then_the_customers(shop: Shop) -> None:
    payment = await paid(shop)
    before = shop.balance()
    response = await shop.ask_refund(payment, request_id="refund-1")
    assert response.status_code == 202
    refund = response.json()
    assert refund["status"] == "in_progress"
    assert (refund["amount"], refund["currency"]) == (10_000, "USD")
    assert refund["balance_used"] == {"amount": 10_000, "currency": "USD"}
    assert refund["partial_refund"] is False
    assert "request_id" not in refund  # it is a filter, and in no described response
    assert "utr" not in refund
    assert (shop.balance(), shop.balance("held")) == (before - 10_000, 10_000)
    done = (await mock(shop, refund, "success")).json()
    assert done["status"] == "success"
    assert done["utr"]
    assert (shop.balance(), shop.balance("held")) == (before - 10_000, 0)
    assert shop.balance("customers") == 0
    assert shop.events()[2:] == ["refund.success", "refund.utr.updated"]
    assert await shop.read(refund) == done


async def test_a_failed_refund_gives_the_money_back(shop: Shop) -> None:
    payment = await paid(shop)
    before = shop.balance()
    refund = created(await shop.ask_refund(payment))
    failed = (await mock(shop, refund, "failed")).json()
    assert failed["status"] == "failed"
    assert shop.balance() == before
    assert shop.events()[-1] == "refund.failed"
    assert refused(await mock(shop, refund, "success")) == "Refund cannot be marked success."
    created(await shop.ask_refund(payment))  # nothing was refunded, so it can be tried again


async def test_it_ends_by_itself_by_the_clock(make_api: Any) -> None:
    shop = Shop(make_api(settle_after=timedelta(minutes=1)))
    refund = created(await shop.ask_refund(await paid(shop)))
    shop.sandbox.clock.advance(minutes=1)
    assert (await shop.read(refund))["status"] == "success"


async def test_where_nothing_takes_time_it_is_a_201(make_api: Any) -> None:
    shop = Shop(make_api(settle_after=timedelta()))
    response = await shop.ask_refund(await paid(shop))
    assert (response.status_code, response.json()["status"]) == (201, "success")


async def test_a_short_balance_is_a_422_with_the_refund(make_api: Any) -> None:
    shop = Shop(make_api(balances={}))
    payment = await paid(shop)  # of which a fee was taken, so that it does not cover itself
    response = await shop.ask_refund(payment)
    assert response.status_code == 422
    refund = response.json()
    assert refund["status"] == "failed"
    assert await shop.read(refund) == refund
    assert shop.balance() == 9_900
    assert shop.events()[-1] == "refund.failed"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"payment_id": ...}, "payment_id is missing"),
        ({"payment_id": "order_1"}, "Payment id must start with 'payt_'"),
        ({"reason": ...}, "reason is missing"),
        ({"reason": "Fradulent"}, "reason does not have a valid value"),
        ({"reason": "duplicate"}, "reason does not have a valid value"),
        ({"reason": "Refunded For Subscription Verification"}, "reason does not have"),
        ({"amount": "1"}, "amount must be an integer"),
        ({"amount": 0}, "amount must be greater than 0"),
        ({"amount": 9_999}, TEXTS["partial"]),
    ],
)
async def test_every_rule_has_its_text(shop: Shop, changes: dict[str, Any], message: str) -> None:
    assert message in refused(await shop.ask_refund(await paid(shop), **changes))
    assert shop.sandbox.account().store.count("refund") == 0


async def test_unknown_objects(api: Api, shop: Shop) -> None:
    unknown = await shop.ask_refund({"id": "payt_unknown"})
    assert refused(unknown, 404) == "Payment not found"
    document = await shop.ask_refund(await paid(shop), document_id="doc_unknown")
    assert refused(document, 404) == "Document not found"
    assert refused(await api.get("v1/refunds/refund_unknown"), 404) == "Refund not found"
    assert refused(await api.get("v1/refunds/payt_1")) == "Id must start with 'refund_'"


async def test_without_partial_refunds_more_than_all_is_all(shop: Shop) -> None:
    refund = created(await shop.ask_refund(await paid(shop), amount=99_999))
    assert refund["amount"] == 10_000


async def test_the_order_of_the_checks(shop: Shop) -> None:
    loose = await shop.transfer()
    assert refused(await shop.ask_refund(loose, amount=1)) == TEXTS["status"]
    payment = await paid(shop)
    refund = created(await shop.ask_refund(payment, request_id="r"))
    # Under way comes before the partial amount and before the repeated request_id.
    assert refused(await shop.ask_refund(payment, amount=1, request_id="r")) == TEXTS["under way"]
    await mock(shop, refund, "success")
    assert refused(await shop.ask_refund(payment, amount=1, request_id="r")) == TEXTS["done"]
    other = await paid(shop)
    assert refused(await shop.ask_refund(other, amount=1, request_id="r")) == TEXTS["partial"]
    assert refused(await shop.ask_refund(other, request_id="r")) == TEXTS["repeated"]
    refunds = await shop.api.get("v1/refunds", request_id="r")
    assert [one["id"] for one in refunds.json()["data"]] == [refund["id"]]


async def test_the_lock_is_a_409_that_goes_away(shop: Shop) -> None:
    payment = await paid(shop)
    shop.sandbox.lock_refunds(payment["id"], times=2)
    for _ in range(2):
        assert refused(await shop.ask_refund(payment), 409) == "Refund is being processed"
    created(await shop.ask_refund(payment))


async def test_too_old(shop: Shop) -> None:
    payment = await paid(shop)
    shop.sandbox.clock.advance(days=181)
    assert "older than 180 days" in refused(await shop.ask_refund(payment))


async def test_cards_can_be_refunded_in_parts(make_api: Any) -> None:
    shop = Shop(make_api(partial_refunds=True))
    payment = await shop.card(await shop.order())
    first = created(await shop.ask_refund(payment, amount=4_000))
    assert (first["amount"], first["partial_refund"]) == (4_000, True)
    assert "exceeds" in refused(await shop.ask_refund(payment, amount=6_001))  # pending counts
    rest = created(await shop.ask_refund(payment))
    assert (rest["amount"], rest["partial_refund"]) == (6_000, True)
    assert refused(await shop.ask_refund(payment)) == TEXTS["under way"]
    for one in (first, rest):
        await mock(shop, one, "success")
    assert refused(await shop.ask_refund(payment, amount=1)) == TEXTS["done"]
    assert shop.balance("customers") == 0


async def test_transfers_cannot_be_refunded_in_parts(make_api: Any) -> None:
    shop = Shop(make_api(partial_refunds=True))
    assert refused(await shop.ask_refund(await paid(shop), amount=1)) == TEXTS["partial"]


async def test_amounts_are_in_the_currency_that_was_paid(shop: Shop) -> None:
    quote = await shop.quote()  # EUR 100.00, for which the customer pays USD
    order = await shop.order(quote_id=quote["id"], amount=..., currency=...)
    payment = await shop.transfer(order, amount=quote["source_amount"], currency="USD")
    assert payment["status"] == "success"
    assert (payment["converted_amount"], payment["converted_currency"]) == (10_000, "EUR")
    refund = created(await shop.ask_refund(payment, amount=10_000))
    assert (refund["amount"], refund["currency"]) == (quote["source_amount"], "USD")
    assert refund["balance_used"] == {"amount": 10_000, "currency": "EUR"}
    await mock(shop, refund, "success")
    assert shop.balance("customers") == 0
    assert shop.balance("customers", "EUR") == 0


async def test_a_sanctions_hit_asks_for_documents(shop: Shop) -> None:
    payment = await shop.card(await shop.order(amount=6_623))
    assert payment["error_code"] == "SANCTION_HIT"
    customer = await shop.customer(email="x@example.com")
    order = await shop.order(customer_id=customer["id"])
    payment = await shop.transfer(order)
    rename(shop, customer["id"], "Renvak4")
    before = shop.balance()
    response = await shop.ask_refund(payment)
    assert (response.status_code, response.json()["status"]) == (202, "action_required")
    refund = response.json()
    (required,) = refund["documents"]
    assert required["status"] == "pending"
    assert "id" not in required
    assert shop.balance() == before
    assert refused(await mock(shop, refund, "success")) == "Refund cannot be marked success."
    document = await shop.document()
    documents = {"documents": [{"id": document, "rfi_doc_id": required["rfi_doc_id"]}]}
    path = f"v1/refunds/{refund['id']}/update_rfi"
    answered = (await shop.api.patch(path, documents)).json()
    assert answered["status"] == "under_review"
    assert [one["id"] for one in answered["documents"]] == [document]
    assert refused(await shop.api.patch(path, documents)) == "State change not allowed"
    rfi = shop.sandbox.rfi_of(refund["id"])
    assert rfi is not None
    shop.sandbox.decide_rfi(rfi["id"])
    assert (await shop.read(refund))["status"] == "in_progress"
    assert shop.balance("held") == 10_000


def rename(shop: Shop, customer_id: str, name: str) -> None:
    """Customers cannot change their names over the API; whoever is on a list may get there."""
    store = shop.sandbox.account().store
    customer = store.get("customer", customer_id)
    assert customer is not None
    with shop.sandbox.engine.transaction():
        store.put("customer", customer_id, {**customer, "name": name})


async def test_a_rejected_refund_is_cancelled(shop: Shop) -> None:
    customer = await shop.customer(email="x@example.com")
    payment = await shop.transfer(await shop.order(customer_id=customer["id"]))
    rename(shop, customer["id"], "Renvak4")
    refund = (await shop.ask_refund(payment)).json()
    rfi = shop.sandbox.rfi_of(refund["id"])
    assert rfi is not None
    documents = [
        {"rfi_doc_id": one["rfi_doc_id"], "doc_id": await shop.document()}
        for one in rfi["documents_required"]
    ]
    await shop.api.patch(f"v1/rfis/{rfi['id']}/respond", {"documents": documents})
    shop.sandbox.decide_rfi(rfi["id"], approved=False)
    assert (await shop.read(refund))["status"] == "cancelled"


async def test_payments_in_progress_are_not_refunded(shop: Shop) -> None:
    payment = await shop.card(await shop.order(), OTP)
    assert refused(await shop.ask_refund(payment)) == TEXTS["status"]


async def test_lists_filter(api: Api, shop: Shop) -> None:
    payment = await paid(shop)
    refund = created(await shop.ask_refund(payment))
    for query, count in (
        ({}, 1),
        ({"status": "pending"}, 1),
        ({"status": "in_progress"}, 1),
        ({"status": "success"}, 0),
        ({"payment_id": payment["id"]}, 1),
        ({"payment_id": "payt_unknown"}, 0),
        ({"payment_method": "bank_transfer"}, 1),
        ({"payment_method": "card"}, 0),
        ({"customer_id": payment["customer_id"]}, 1),
    ):
        listed = (await api.get("v1/refunds", **query)).json()["data"]
        assert [one["id"] for one in listed] == [refund["id"]] * count, query
    assert "status" in refused(await api.get("v1/refunds", status="sent"))
