from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.conftest import Api
from tests.sandbox.shop import (
    NO_OTP,
    NO_OTP_DECLINED,
    OTP,
    OTP_DECLINED,
    RESIDENT,
    Shop,
    created,
    refused,
)

SCREENED = frozenset({"bank_transfer"})


@pytest.fixture
def shop(api: Api) -> Shop:
    return Shop(api)


async def test_a_matching_transfer_pays(shop: Shop) -> None:
    order = await shop.order(product={"name": "Insurance"}, notes={"policy": "1"})
    before = shop.balance()
    payment = await shop.transfer(order)
    assert payment["status"] == "success"
    assert payment["payin_id"] == payment["transaction_reference_number"] == order["id"]
    assert payment["payin_type"] == "orders"
    assert payment["customer_id"] == order["customer_id"]
    assert payment["funds_available"] is True
    assert payment["compliance_status"] is None
    assert payment["converted_amount"] == payment["requested_amount"] == 10_000
    assert payment["product_name"] == "Insurance"
    assert payment["notes"] == {"policy": "1"}
    assert payment["fees"]["txn_fee"] == {"amount": 100, "currency": "USD"}
    assert "error_code" not in payment
    assert "rfi" not in payment
    assert shop.balance() == before + 9_900
    assert shop.balance("fees.payment") == 100
    assert shop.events() == ["payment.success", "orders.paid"]
    assert await shop.read(payment) == payment


@pytest.mark.parametrize("change", [{"amount": 9_999}, {"currency": "EUR"}])
async def test_another_amount_or_currency_is_a_mismatch(shop: Shop, change: dict[str, Any]) -> None:
    order = await shop.order()
    payment = await shop.transfer(order, **change)
    assert payment["status"] == "action_required"
    assert payment["error_code"] == "PAYIN_AMOUNT_MISMATCH"
    assert payment["customer_error_description"] is None
    assert payment["payin_id"] is None
    assert payment["payment_amount"] == payment["converted_amount"]
    assert (await shop.read(order))["status"] == "active"
    assert shop.balance("customers") == 0
    assert shop.events() == ["payment.action_required"]


async def test_a_transfer_for_what_is_paid_already_is_not_found(shop: Shop) -> None:
    order = await shop.order()
    await shop.transfer(order)
    second = await shop.transfer(order)
    assert second["error_code"] == "PAYIN_NOT_FOUND"
    assert second["payin_id"] is None


async def test_an_unmatched_transfer_can_be_connected(shop: Shop) -> None:
    payment = await shop.transfer(amount=7_000, currency="EUR")
    assert payment["error_code"] == "PAYIN_NOT_FOUND"
    assert payment["converted_amount"] == 7_000
    assert "customer_id" not in payment
    path = f"v1/payment/{payment['id']}"
    await shop.order()
    assert (await shop.api.get(f"{path}/eligible-payins")).json()["data"] == []
    order = await shop.order(amount=7_000, currency="EUR")
    link = await shop.link(amount=7_000, currency="EUR")
    eligible = (await shop.api.get(f"{path}/eligible-payins")).json()["data"]
    assert {one["id"] for one in eligible} == {order["id"], link["id"]}
    other = await shop.order()
    wrong = await shop.api.post(f"{path}/connect-payin", {"payin_id": other["id"]})
    assert refused(wrong) == "Payin is not eligible for this payment"
    unknown = await shop.api.post(f"{path}/connect-payin", {"payin_id": "order_unknown"})
    assert refused(unknown, 404) == "Payin not found"
    before = shop.balance(currency="EUR")
    connected = created_200(await shop.api.post(f"{path}/connect-payin", {"payin_id": order["id"]}))
    assert connected["status"] == "success"
    assert connected["payin_id"] == order["id"]
    assert "error_code" not in connected
    assert shop.balance(currency="EUR") == before + 6_900
    assert (await shop.read(order))["status"] == "paid"
    again = await shop.api.post(f"{path}/connect-payin", {"payin_id": link["id"]})
    assert refused(again) == "Payment cannot be connected to a payin"


def created_200(response: Any) -> Any:
    assert response.status_code == 200, response.text
    return response.json()


async def test_a_mismatch_is_eligible_for_its_customer_only(shop: Shop) -> None:
    payment = await shop.transfer(await shop.order(), amount=7_000)
    stranger = await shop.customer(email="stranger@example.com")
    await shop.order(customer_id=stranger["id"], amount=7_000)
    own_order = await shop.order(amount=7_000)
    eligible = await shop.api.get(f"v1/payment/{payment['id']}/eligible-payins")
    assert [one["id"] for one in eligible.json()["data"]] == [own_order["id"]]


@pytest.mark.parametrize("payer", [{}, {"amount": 5_000, "remitter_name": "Sanctioned_Entity"}])
async def test_a_sanctions_hit_stops_an_unscreened_payment(
    shop: Shop, payer: dict[str, Any]
) -> None:
    amount = payer.get("amount", 6623)
    order = await shop.order(amount=amount)
    payment = await shop.transfer(order, **payer)
    assert payment["status"] == "action_required"
    assert payment["error_code"] == "SANCTION_HIT"
    assert "rfi" not in payment
    assert shop.sandbox.rfi_of(payment["id"]) is None
    assert shop.balance("customers") == 0
    connect = f"v1/payment/{payment['id']}/connect-payin"
    assert "cannot be connected" in refused(await shop.api.post(connect, {"payin_id": order["id"]}))


async def test_where_payments_are_screened_a_hit_holds_the_money(make_api: Any) -> None:
    shop = Shop(make_api(payment_screening=SCREENED))
    before = shop.balance()
    order = await shop.order(amount=6623)
    payment = await shop.transfer(order)
    assert payment["status"] == "success"
    assert payment["compliance_status"] == "action_required"
    assert payment["funds_available"] is False
    assert (await shop.read(order))["status"] == "paid"
    assert shop.balance() == before
    assert shop.balance("pending") == 6523
    refund = await shop.ask_refund(payment)
    assert "withheld" in refused(refund)
    (required,) = payment["rfi"]["documents_required"]
    assert required["max_count"] == 1
    documents = [{"rfi_doc_id": required["rfi_doc_id"], "doc_id": await shop.document()}]
    rfi = f"v1/rfis/{payment['rfi']['id']}"
    responded = await shop.api.patch(f"{rfi}/respond", {"documents": documents})
    assert responded.json()["status"] == "under_review"
    reviewed = await shop.read(payment)
    assert reviewed["compliance_status"] == "under_review"
    assert "documents_required" not in reviewed["rfi"]
    shop.sandbox.decide_rfi(payment["rfi"]["id"])
    approved = await shop.read(payment)
    assert approved["compliance_status"] == "approved"
    assert approved["funds_available"] is True
    assert shop.balance() == before + 6523
    assert shop.balance("pending") == 0
    assert shop.events() == [
        "payment.success",
        "payment.compliance_action_required",
        "orders.paid",
        "payment.compliance_under_review",
        "payment.compliance_approved",
        "payment.funds_available",
    ]


async def test_a_rejected_payment_stays_withheld(make_api: Any) -> None:
    shop = Shop(make_api(payment_screening=SCREENED))
    payment = await shop.transfer(await shop.order(amount=6623))
    (required,) = payment["rfi"]["documents_required"]
    documents = [{"rfi_doc_id": required["rfi_doc_id"], "id": await shop.document()}]
    path = f"v1/payment/{payment['id']}/update_rfi"
    answered = created_200(await shop.api.patch(path, {"documents": documents}))
    assert answered["compliance_status"] == "under_review"
    assert refused(await shop.api.patch(path, {"documents": documents})) == (
        "State change not allowed"
    )
    shop.sandbox.decide_rfi(payment["rfi"]["id"], approved=False)
    rejected = await shop.read(payment)
    assert rejected["compliance_status"] == "rejected"
    assert rejected["funds_available"] is False
    assert shop.balance("pending") == 6523
    assert shop.events()[-1] == "payment.compliance_rejected"


async def test_a_screened_payment_without_a_hit_is_approved(make_api: Any) -> None:
    shop = Shop(make_api(payment_screening=SCREENED))
    payment = await shop.transfer(await shop.order())
    assert payment["compliance_status"] == "approved"
    assert payment["funds_available"] is True
    by_card = await shop.card(await shop.order())
    assert by_card["compliance_status"] is None


async def test_reviews_end_by_themselves_by_the_clock(make_api: Any) -> None:
    shop = Shop(make_api(payment_screening=SCREENED, settle_after=timedelta(minutes=1)))
    payment = await shop.transfer(await shop.order(amount=6623))
    (required,) = payment["rfi"]["documents_required"]
    documents = [{"rfi_doc_id": required["rfi_doc_id"], "doc_id": await shop.document()}]
    await shop.api.patch(f"v1/rfis/{payment['rfi']['id']}/respond", {"documents": documents})
    shop.sandbox.clock.advance(minutes=1)
    assert (await shop.read(payment))["funds_available"] is True


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"amount": ...}, "amount is missing"),
        ({"amount": 99}, "amount must be greater than or equal to 100"),
        ({"amount": "1000"}, "amount must be an integer"),
        ({"currency": ...}, "currency is missing"),
        ({"currency": "XAU"}, "Currency not supported"),
        ({"payment_method": ...}, "payin_id or payment_method must be provided"),
        ({"payment_method": "Card"}, "payment_method does not have a valid value"),
        ({"remitter_name": "Me"}, "remitter_name does not have a valid value"),
    ],
)
async def test_the_mock_has_its_texts(api: Api, changes: dict[str, Any], message: str) -> None:
    body = {"amount": 1000, "currency": "USD", "payment_method": "BankTransfer", **changes}
    body = {key: value for key, value in body.items() if value is not ...}
    assert refused(await api.post("v1/payment/mock", body)) == message


async def test_a_mock_for_an_unknown_payin(api: Api) -> None:
    body = {"amount": 1000, "currency": "USD", "payin_id": "plink_unknown"}
    assert refused(await api.post("v1/payment/mock", body), 404) == "Payin not found"


async def test_cards_without_a_password_end_at_once(shop: Shop) -> None:
    order = await shop.order()
    declined = await shop.card(order, NO_OTP_DECLINED)
    assert declined["status"] == "failed"
    assert declined["error_code"] == "PAYMENT_DECLINED"
    assert declined["customer_error_description"]
    assert declined["next_steps"] is None
    assert (await shop.read(order))["status"] == "active"
    paid = await shop.card(order, NO_OTP)
    assert paid["status"] == "success"
    assert paid["payment_method"]["type"] == "card"
    assert paid["payment_method"]["details"]["end_digits"] == NO_OTP[-4:]
    assert NO_OTP not in str(paid)
    assert shop.events() == ["payment.failed", "payment.success", "orders.paid"]
    assert refused(await shop.ask_card(order)) == "Order is not active"


@pytest.mark.parametrize(("number", "status"), [(OTP, "success"), (OTP_DECLINED, "failed")])
async def test_cards_with_a_password_end_by_the_clock(
    make_api: Any, number: str, status: str
) -> None:
    shop = Shop(make_api(settle_after=timedelta(minutes=1)))
    order = await shop.order()
    payment = await shop.card(order, number)
    assert payment["status"] == "in_progress"
    assert payment["next_steps"]["url"].startswith("https://")
    assert shop.events() == []
    # The filter is not one to one: a payment that waits for the customer is not in it.
    listed = await shop.api.get("v1/payment", status="in_progress")
    assert listed.json()["data"] == []
    shop.sandbox.clock.advance(minutes=1)
    assert (await shop.read(payment))["status"] == status


async def test_of_two_attempts_one_takes_money(shop: Shop) -> None:
    order = await shop.order()
    first, second = await shop.card(order, OTP), await shop.card(order, OTP)
    shop.sandbox.complete_payment(second["id"])
    shop.sandbox.complete_payment(first["id"])
    assert (await shop.read(second))["status"] == "success"
    assert (await shop.read(first))["status"] == "failed"
    assert shop.balance("customers") == -10_000


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"order_id": ...}, "Exactly one of order_id or subscription_id must be provided"),
        ({"subscription_id": "sub_1"}, "Exactly one of order_id or subscription_id"),
        ({"order_id": "plink_1"}, "Order id must start with 'order_'"),
        ({"method": "cash"}, "method does not have a valid value"),
        ({"card": ...}, "card is missing"),
        ({"card": {"cvv": "123"}}, "card number is missing"),
        ({"card": {"number": "4242424242424242"}}, "Card is not a valid test card"),
        ({"callback_url": ...}, "callback_url is missing"),
        ({"callback_url": "http://shop.example.com"}, "callback_url must be a valid https URL"),
    ],
)
async def test_a_card_payment_has_its_texts(
    shop: Shop, changes: dict[str, Any], message: str
) -> None:
    assert message in refused(await shop.ask_card(await shop.order(), **changes))
    assert shop.sandbox.account().store.count("payment") == 0


async def test_an_order_without_cards_takes_none(shop: Shop) -> None:
    order = await shop.order(payment_methods=["bank_transfer"])
    assert "card is not enabled" in refused(await shop.ask_card(order))


async def test_a_repeated_request_id_is_refused_and_found(api: Api, shop: Shop) -> None:
    order = await shop.order()
    payment = await shop.card(order, OTP, request_id="pay-1")
    again = await shop.ask_card(order, OTP, request_id="pay-1")
    assert refused(again) == "Payment already exists for this request_id"
    listed = await api.get("v1/payment", request_id="pay-1")
    assert [one["id"] for one in listed.json()["data"]] == [payment["id"]]


async def test_lists_have_their_quirks(api: Api, shop: Shop) -> None:
    order, link = await shop.order(), await shop.link(currency="EUR")
    by_order, by_link = await shop.transfer(order), await shop.transfer(link)
    loose = await shop.transfer()
    every = [loose["id"], by_link["id"], by_order["id"]]
    for query, expected in (
        ({}, every),
        ({"status": "success"}, every[1:]),
        ({"status": "action_required"}, every[:1]),
        ({"payin_id": order["id"]}, [by_order["id"]]),
        ({"payin_id": "plink_unknown"}, []),
        ({"payment_type": "payment_link"}, [by_link["id"]]),
        ({"payment_type": "add_funds"}, []),
        ({"currency": "eur"}, [by_link["id"]]),
        ({"customer_id": order["customer_id"]}, every[1:]),
        ({"compliance_status": "approved"}, []),
        ({"subscription_id": "sub_1"}, []),
        ({"status": "success", "currency": "USD"}, [by_order["id"]]),
    ):
        listed = (await api.get("v1/payment", **query)).json()
        assert [one["id"] for one in listed["data"]] == expected, query
    for query, message in (
        ({"status": "under_review"}, "status does not have a valid value"),
        ({"payin_id": "payin_1"}, "payin_id is invalid"),
        ({"payin_id": "order_1", "subscription_id": "sub_1"}, "mutually exclusive"),
        ({"payment_type": "card"}, "payment_type does not have a valid value"),
        ({"compliance_status": "maybe"}, "compliance_status does not have a valid value"),
        ({"before": "noon"}, "before is invalid"),
    ):
        assert message in refused(await api.get("v1/payment", **query))
    assert refused(await api.get("v1/payment/payt_unknown"), 404) == "Payment not found"


async def test_add_funds_are_a_payment_of_their_own(api: Api, shop: Shop) -> None:
    before = shop.balance()
    payment = shop.sandbox.add_funds("USD", 50_000)
    assert payment["payin_id"].startswith("addfunds_")
    assert shop.balance() == before + 50_000
    listed = await api.get("v1/payment", payment_type="add_funds", payin_id=payment["payin_id"])
    assert [one["id"] for one in listed.json()["data"]] == [payment["id"]]
    assert shop.events() == [
        "payment.success",
        "payment_link.paid",
        "balance.balance.funded_balance.credited",
    ]
    assert "Add funds" in refused(await shop.ask_refund(payment))


async def test_funds_of_lrs_become_available_by_the_mock(api: Api, shop: Shop) -> None:
    customer = await shop.customer(**RESIDENT)
    quote = await shop.lrs_quote()
    order = created(await shop.ask_lrs_order(quote, customer_id=customer["id"]))
    before = shop.balance()
    payment = await shop.transfer(order)
    assert payment["status"] == "success"
    assert payment["funds_available"] is False
    assert shop.balance() == before
    path = f"v1/payment/{payment['id']}/mock-funds-available"
    updated = created_200(await api.patch(path))
    assert updated["message"] == "Payment funds available status updated successfully"
    assert updated["data"]["funds_available"] is True
    assert shop.balance() == before + quote["to"]["amount"] - 100
    assert shop.events() == ["payment.success", "orders.paid", "payment.funds_available"]
    again = await api.patch(path)
    assert again.status_code == 400
    assert again.json() == {"error": "Transaction already has funds available"}


async def test_funds_of_others_are_not_mocked(api: Api, shop: Shop) -> None:
    paid, loose = await shop.transfer(await shop.order()), await shop.transfer()
    for payment, text in (
        (paid, "Payment must be from LRS gateway"),
        (loose, "Payment must be in success status"),
    ):
        response = await api.patch(f"v1/payment/{payment['id']}/mock-funds-available")
        assert response.status_code == 400
        assert response.json() == {"error": text}


async def test_one_attempt_at_an_lrs_order_at_a_time(shop: Shop) -> None:
    customer = await shop.customer(**RESIDENT)
    order = created(await shop.ask_lrs_order(await shop.lrs_quote(), customer_id=customer["id"]))
    body = {"method": "pay_via_bank", "card": ...}
    payment = created(await shop.ask_card(order, **body))
    assert payment["status"] == "in_progress"
    assert shop.events() == ["payment.in_progress"]
    text = "The order has an existing in progress payment"
    assert refused(await shop.ask_card(order, **body)) == text
    mock = {"payin_id": order["id"], "amount": order["amount"], "currency": "USD"}
    assert refused(await shop.api.post("v1/payment/mock", mock)) == text
    shop.sandbox.complete_payment(payment["id"])
    assert (await shop.read(payment))["status"] == "success"
