from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.conftest import Api
from tests.sandbox.shop import OTP, Shop, refused


@pytest.fixture
def shop(api: Api) -> Shop:
    return Shop(api)


async def test_an_order_echoes_what_was_sent(shop: Shop) -> None:
    account = {"account_number": "1234567890", "bic_primary": "HDFCINBBDEL"}
    sent = {
        "request_id": "order-1",
        "purpose_code": "P0103",
        "invoice_number": "RG12FF590",
        "invoice_description": "Services",
        "invoice_amount": 20_000,
        "reference_number": "R0001",
        "product": {"name": "Insurance", "description": "Monthly"},
        "notes": {"project": "Alpha"},
        "payment_methods": ["card"],
    }
    order = await shop.order(**sent, bank_account_details=account)
    assert order["id"].startswith("order_")
    assert order["status"] == "active"
    assert {key: order[key] for key in sent} == sent
    nulls = {"bic_secondary": None, "bank_customer_id": None}
    assert order["bank_account_details"] == {**account, **nulls}
    assert await shop.read(order) == order
    assert shop.events() == []  # nobody is told that an order is active


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"customer_id": ...}, "Customer ID must start with cust_ and be valid."),
        ({"customer_id": "order_1"}, "Customer ID must start with cust_ and be valid."),
        ({"amount": ...}, "amount is missing"),
        ({"amount": "1000"}, "amount must be an integer"),
        ({"amount": 10.5}, "amount must be an integer"),
        ({"amount": True}, "amount must be an integer"),
        (
            {"amount": 0},
            "Amount must be a positive whole number in the smallest currency unit (e.g., cents).",
        ),
        ({"currency": ...}, "currency is missing"),
        ({"currency": "INR"}, "Currency not supported"),
        ({"currency": "usd"}, "Currency not supported"),
        ({"purpose_code": "S1401"}, "Validation failed: Purpose code is invalid"),
        ({"purpose_code": "p0103"}, "Validation failed: Purpose code is invalid"),
        ({"invoice_amount": 9_999}, "Validation failed: Invoice amount must be greater"),
        ({"payment_methods": ["cash"]}, "payment_methods does not have a valid value"),
        ({"payment_methods": "card"}, "payment_methods must be an array"),
        ({"product": {"description": "no name"}}, "name is missing"),
        ({"notes": {"n": 1}}, "notes.n must be a string"),
        ({"bank_account_details": {"account_number": "1"}}, "Either bic_primary or bic_secondary"),
        ({"bank_account_details": {"bic_primary": "X"}}, "Account number can't be blank"),
    ],
)
async def test_every_rule_has_its_text(shop: Shop, changes: dict[str, Any], message: str) -> None:
    assert message in refused(await shop.ask_order(**changes))
    assert shop.sandbox.account().store.count("order") == 0


async def test_an_unknown_customer_is_a_404(shop: Shop) -> None:
    response = await shop.ask_order(customer_id="cust_unknown")
    assert refused(response, 404) == "Customer not found"


async def test_a_method_that_is_not_enabled_is_refused(make_api: Any) -> None:
    shop = Shop(make_api(payment_methods=frozenset({"bank_transfer"})))
    assert "card is not enabled" in refused(await shop.ask_order(payment_methods=["card"]))
    assert (await shop.order())["payment_methods"] == ["bank_transfer"]


async def test_a_repeated_request_id_is_refused_and_found(api: Api, shop: Shop) -> None:
    order = await shop.order(request_id="order-1")
    again = await shop.ask_order(request_id="order-1")
    assert refused(again) == "Order already exists for this request_id"
    listed = await api.get("v1/orders", request_id="order-1")
    assert [one["id"] for one in listed.json()["data"]] == [order["id"]]


async def test_an_order_expires_after_three_calendar_months(shop: Shop) -> None:
    order = await shop.order()
    shop.sandbox.clock.advance(timedelta(days=91) - timedelta(seconds=1))
    assert (await shop.read(order))["status"] == "active"
    shop.sandbox.clock.advance(seconds=1)
    assert (await shop.read(order))["status"] == "expired"
    assert shop.events() == ["orders.expired"]
    late = await shop.transfer(order)  # a late transfer never revives it
    assert late["error_code"] == "PAYIN_NOT_FOUND"
    assert (await shop.read(order))["status"] == "expired"


async def test_a_payment_under_way_at_expiry_still_pays(shop: Shop) -> None:
    order = await shop.order()
    payment = await shop.card(order, OTP)
    shop.sandbox.clock.advance(days=100)
    assert (await shop.read(order))["status"] == "expired"
    shop.sandbox.complete_payment(payment["id"])
    assert (await shop.read(order))["status"] == "paid"
    assert shop.events() == ["orders.expired", "payment.success", "orders.paid"]


async def test_a_sanctioned_customer_is_asked_for_documents(shop: Shop) -> None:
    customer = await shop.customer(name="Jexru7", email="jexru@example.com")
    order = await shop.order(customer_id=customer["id"])
    assert order["status"] == "action_required"
    wanted = order["rfi_documents"]
    assert [one["name"] for one in wanted] == ["Passport", "Proof of Address"]
    documents = [
        {"id": await shop.document(one["name"]), "rfi_doc_id": one["rfi_doc_id"]} for one in wanted
    ]
    path = f"v1/orders/{order['id']}/update-rfi"
    text = "Invalid rfi_doc_id or order not in action_required status"
    assert refused(await shop.api.patch(path, {"documents": documents[:1]})) == text
    wrong = [{**documents[0], "rfi_doc_id": "rfidoc_unknown"}, documents[1]]
    assert refused(await shop.api.patch(path, {"documents": wrong})) == text
    answered = (await shop.api.patch(path, {"documents": documents})).json()
    assert answered["status"] == "under_review"
    assert "rfi_documents" not in answered
    assert refused(await shop.api.patch(path, {"documents": documents})) == text
    rfi = shop.sandbox.rfi_of(order["id"])
    assert rfi is not None
    shop.sandbox.decide_rfi(rfi["id"])
    assert (await shop.read(order))["status"] == "active"
    assert shop.events() == ["orders.action_required", "orders.under_review"]


async def test_a_rejected_review_fails_the_order(make_api: Any) -> None:
    shop = Shop(make_api())
    customer = await shop.customer(name="nerqu8", email="n@example.com")
    order = await shop.order(customer_id=customer["id"])
    documents = [
        {"id": await shop.document(), "rfi_doc_id": one["rfi_doc_id"]}
        for one in order["rfi_documents"]
    ]
    await shop.api.patch(f"v1/orders/{order['id']}/update-rfi", {"documents": documents})
    rfi = shop.sandbox.rfi_of(order["id"])
    assert rfi is not None
    shop.sandbox.decide_rfi(rfi["id"], approved=False)
    assert (await shop.read(order))["status"] == "failed"


async def test_the_underscore_form_is_not_served(shop: Shop) -> None:
    order = await shop.order()
    response = await shop.api.patch(f"v1/orders/{order['id']}/update_rfi", {"documents": []})
    assert response.status_code == 404


async def test_lists_filter(api: Api, shop: Shop) -> None:
    order, other = await shop.order(), await shop.order()
    await shop.transfer(other)
    paid = (await api.get("v1/orders", status="paid")).json()["data"]
    assert [one["id"] for one in paid] == [other["id"]]
    filtered = await api.get("v1/orders", customer_id=order["customer_id"], status="active")
    assert [one["id"] for one in filtered.json()["data"]] == [order["id"]]
    assert refused(await api.get("v1/orders", customer_id="john")) == "Invalid customer_id"
    assert "status" in refused(await api.get("v1/orders", status="sleeping"))
    assert refused(await api.get("v1/orders/order_unknown"), 404) == "Order not found"
