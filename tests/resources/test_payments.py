from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from glomo import AsyncGlomo, Money
from glomo.errors import DecodingError, IdempotencyConflictError, ParameterError
from glomo.models.payment_methods import BankTransferDetails, CardDetails, PayViaBankDetails
from glomo.models.payments import ComplianceStatus, Payment, PaymentErrorCode, PaymentStatus
from glomo.serialization.codec import strict, structure

from .conftest import Wire

LOST = httpx.ReadError("connection reset")
PAYMENT: dict[str, Any] = {
    "id": "payt_E602dMzgjpDC",
    "payin_id": "order_1",
    "payin_type": "orders",
    "subscription_id": None,
    "status": "success",
    "compliance_status": "action_required",
    "rfi": {
        "id": "rfi_6a72a39b38jDD",
        "reason_code": "COMPLIANCE_REVIEW",
        "response_deadline": "2026-08-21T10:29:00Z",
        "documents_required": [
            {"rfi_doc_id": "rfidoc_1", "description": "Passport", "max_count": 1}
        ],
    },
    "payment_currency": "aed",
    "payment_amount": 374580,
    "converted_currency": "USD",
    "converted_amount": 102000,
    "requested_currency": "USD",
    "requested_amount": 100000,
    "fees": {"txn_fee": {"amount": 100, "currency": "USD"}, "referral_fee": None},
    "fee_breakdown": {
        "fx_fee": [
            {
                "amount": 250,
                "currency": "USD",
                "bearer": "merchant",
                "collection_mode": None,
                "taxes": [{"amount": 45, "currency": "USD", "name": "GST", "bps": 1800.5}],
            }
        ]
    },
    "funds_available": False,
    "auto_debit?": True,
    "paid_at": None,
}
TRANSFER = {
    "sender_name": "Sender Name",
    "sender_account_number": "5454545454",
    "receiver_account_number": "98765432109876",
    "transfer_type": "swift",
}
DEBIT = {"sender_account_number": "5454545454", "sender_bank_name": "HDFC Bank"}
CARD = {
    "card_network": "Visa",
    "end_digits": "4242",
    "card_holder_name": "Ada Lovelace",
    "card_bin": "400000",
}


def read(**changes: Any) -> Payment:
    return structure(PAYMENT | changes, Payment)


def test_a_payment_has_three_amounts() -> None:
    payment = read()
    assert payment.payment == Money(374580, "AED")
    assert payment.converted == Money(102000, "USD")
    assert payment.requested == Money(100000, "USD")


def test_fees_are_read_in_both_forms() -> None:
    payment = read(fx_fee={"amount": 7, "currency": "USD"})
    assert payment.fees is not None
    assert payment.fees.txn_fee == Money(100, "USD")
    assert payment.fee_breakdown is not None
    (entry,) = payment.fee_breakdown.fx_fee
    assert entry.money == Money(250, "USD")
    assert entry.taxes[0].bps == Decimal("1800.5")
    assert payment.fx_fee == Money(7, "USD")


def test_a_compliance_review_is_separate_from_the_payment() -> None:
    payment = read()
    assert payment.status.terminal
    assert payment.compliance_status is ComplianceStatus.ACTION_REQUIRED
    assert payment.rfi is not None
    assert payment.rfi.response_deadline == datetime(2026, 8, 21, 10, 29, tzinfo=UTC)
    assert payment.rfi.documents_required[0].description == "Passport"


def test_a_field_whose_name_ends_in_a_question_mark_is_read() -> None:
    assert read().is_auto_debit is True
    assert read(auto_debit=False).auto_debit is False
    assert read().extra == {}


@pytest.mark.parametrize(
    ("type", "details", "cls"),
    [
        ("bank_transfer", TRANSFER, BankTransferDetails),
        ("pay_via_bank", DEBIT, PayViaBankDetails),
        ("card", CARD, CardDetails),
    ],
)
def test_the_details_are_of_the_methods_kind(type: str, details: Any, cls: Any) -> None:
    method = read(payment_method={"type": type, "details": details}).payment_method
    assert method is not None
    assert isinstance(method.details, cls)
    assert method.details.extra == {}


@pytest.mark.parametrize("type", ["crypto", None])
def test_the_details_of_an_unknown_method_stay_as_they_came(type: str | None) -> None:
    method = read(payment_method={"type": type, "details": {"wallet": "0x123"}}).payment_method
    assert method is not None
    assert method.details == {"wallet": "0x123"}
    assert "0x123" not in repr(method)


def test_missing_details_are_none() -> None:
    method = read(payment_method={"type": "card", "details": None}).payment_method
    assert method is not None
    assert method.details is None


def test_accounts_and_cards_are_masked_in_a_repr() -> None:
    for type, details in (("bank_transfer", TRANSFER), ("card", CARD)):
        shown = repr(read(payment_method={"type": type, "details": details}))
        for hidden in ("5454545454", "98765432109876", "4242", "Ada", "400000"):
            assert hidden not in shown


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ({"type": "card", "details": {"card_bin": ["4"]}}, "details.card_bin"),
        ({"type": "card", "details": "visa"}, "details"),
        ({"type": "crypto", "details": "0x123"}, "details"),
        ({"type": {}, "details": {}}, "type"),
    ],
)
def test_details_that_do_not_fit_name_their_place(method: Any, path: str) -> None:
    at = "2026-08-20T10:29:00Z"
    with strict(), pytest.raises(DecodingError) as caught:
        read(payment_method=method, created_at=at, updated_at=at)
    assert caught.value.path == f"payment.payment_method.{path}"


def test_details_that_do_not_fit_do_not_hide_the_payment() -> None:
    payment = read(
        payment_method={"type": "card", "details": {"card_bin": ["4"], "end_digits": "4242"}}
    )
    assert payment.payment_method is not None
    details = payment.payment_method.details
    assert isinstance(details, CardDetails)
    assert (details.end_digits, details.card_bin) == ("4242", None)
    assert details.extra == {"card_bin": ["4"]}


# ---------------------------------------------------------------- server to server

FIRST: dict[str, Any] = {
    "order_id": "order_1",
    "card": {"number": "4000000000001234", "holder": {"name": "Ada"}},
    "callback_url": "https://shop.example/back",
}
LATER: dict[str, Any] = {
    "subscription_id": "sub_1",
    "sequence": "subsequent",
    "amount": 1000,
    "currency": "USD",
}


async def test_a_card_is_charged_and_the_customer_sent_on(wire: Wire, glomo: AsyncGlomo) -> None:
    response_body = {"id": "payt_1", "next_steps": [{"url": "https://acs.example"}], "mode": "3ds"}
    wire.on("POST", "/v1/payment", (201, response_body))

    payment = await glomo.payments.create(**FIRST, method="card", request_id="p-1")

    assert wire.body == FIRST | {"method": "card", "request_id": "p-1"}
    assert payment.next_steps == [{"url": "https://acs.example"}]
    assert payment.id == "payt_1"
    assert payment.extra == {"mode": "3ds"}


async def test_a_later_charge_has_a_key_of_its_own(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("POST", "/v1/payment", (201, {}))
    await glomo.payments.create(**LATER)
    first = wire.body.pop("request_id")
    await glomo.payments.create(**LATER)
    assert first != wire.body["request_id"]
    assert {k: v for k, v in wire.body.items() if k != "request_id"} == LATER


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        (FIRST | {"subscription_id": "sub_1"}, "order_id / subscription_id"),
        ({k: v for k, v in FIRST.items() if k != "order_id"}, "order_id / subscription_id"),
        (FIRST | {"order_id": "payin_1"}, "order_id"),
        (FIRST | {"callback_url": "http://shop.example"}, "callback_url"),
        ({k: v for k, v in FIRST.items() if k != "callback_url"}, "callback_url"),
        ({k: v for k, v in FIRST.items() if k != "card"}, "card"),
        (FIRST | {"card": {"number": 4000000000001234.0}}, "card.number"),
        (FIRST | {"card": {"holder": {"name": b"4000000000001234"}}}, "card.holder.name"),
        ({"order_id": "order_1", **LATER, "subscription_id": None}, "subscription_id"),
        ({k: v for k, v in LATER.items() if k != "amount"}, "amount"),
        (LATER | {"method": "card"}, "method"),
    ],
)
async def test_what_the_api_would_refuse_is_not_sent(
    changes: dict[str, Any], parameter: str, wire: Wire, glomo: AsyncGlomo
) -> None:
    with pytest.raises(ParameterError) as refused:
        await glomo.payments.create(**changes)
    assert refused.value.parameter == parameter
    assert "4000000000001234" not in str(refused.value)
    assert wire.targets == []


async def test_a_card_stays_out_of_errors_without_checks_too(wire: Wire) -> None:
    async with AsyncGlomo("sk-unit", rate_limit=None, validate=False) as glomo:
        with pytest.raises(ParameterError) as refused:
            await glomo.payments.create(
                order_id="order_1",
                card={"number": 4000000000001234.0},
                callback_url="https://shop.example/back",
            )
    assert "4000000000001234" not in str(refused.value)
    assert wire.targets == []


async def test_a_lost_answer_charges_once(wire: Wire, glomo: AsyncGlomo) -> None:
    duplicate = (400, {"message": "Payment already exists for this request_id"})
    wire.on("POST", "/v1/payment", LOST, duplicate)
    wire.on("GET", "/v1/payment", {"data": [PAYMENT]})

    payment = await glomo.payments.create(**FIRST, request_id="p-1")

    assert payment.id == PAYMENT["id"]
    assert payment.status is PaymentStatus.SUCCESS
    assert wire.targets[-1] == "GET /v1/payment?request_id=p-1"


async def test_a_key_of_another_charge_is_a_conflict(wire: Wire, glomo: AsyncGlomo) -> None:
    duplicate = (400, {"message": "Payment already exists for this request_id"})
    wire.on("POST", "/v1/payment", duplicate)
    other = PAYMENT | {
        "request_id": "p-1",
        "payin_id": None,
        "subscription_id": "sub_1",
        "requested_amount": 900,
    }
    wire.on("GET", "/v1/payment", {"data": [other]})
    with pytest.raises(IdempotencyConflictError) as conflict:
        await glomo.payments.create(**LATER, request_id="p-1")
    assert conflict.value.differences == {"amount": (1000, 900)}


# ---------------------------------------------------------------- lists and payins


async def test_the_list_is_asked_only_what_it_can_answer(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("GET", "/v1/payment", {"data": [], "page_meta": {"next": None}})

    assert await glomo.payments.list(payment_type="add_funds", currency="USD").collect() == []
    assert wire.targets == ["GET /v1/payment?payment_type=add_funds&currency=USD&per_page=100"]
    with pytest.raises(ParameterError, match="subscription_id"):
        glomo.payments.list(payin_id="payin_1", subscription_id="sub_1")
    with pytest.raises(ParameterError, match="in_progress"):
        glomo.payments.list(status="under_review")


@pytest.mark.parametrize("response_body", [[{"id": "plink_1"}], {"data": [{"id": "plink_1"}]}])
async def test_eligible_payins_are_listed_in_either_shape(
    response_body: Any, wire: Wire, glomo: AsyncGlomo
) -> None:
    wire.on("GET", "/v1/payment/payt_1/eligible-payins", response_body)
    payin_ids = [payin.id async for payin in glomo.payments.list_eligible_payins("payt_1")]
    assert payin_ids == ["plink_1"]


async def test_a_payin_is_connected_by_fields_that_are_not_documented(
    wire: Wire, glomo: AsyncGlomo
) -> None:
    wire.on("POST", "/v1/payment/payt_1/connect-payin", PAYMENT)
    payment = await glomo.payments.connect_payin("payt_1", extra_body={"payin_id": "plink_1"})
    assert wire.body == {"payin_id": "plink_1"}
    assert payment.extra["id"] == "payt_1"


async def test_the_rfi_goes_to_the_path_with_an_underscore(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("PATCH", "/v1/payment/payt_1/update_rfi", PAYMENT | {"status": "under_review"})
    documents = [{"id": "doc_1", "rfi_doc_id": "rfidoc_1"}]
    payment = await glomo.payments.update_rfi("payt_1", documents=documents)
    assert wire.body == {"documents": documents}
    assert payment.status is PaymentStatus.UNDER_REVIEW


# ---------------------------------------------------------------- the sandbox


async def test_a_customer_of_the_sandbox_pays(wire: Wire, glomo: AsyncGlomo) -> None:
    held = PAYMENT | {
        "payin_id": "payin_1",
        "status": "action_required",
        "error_code": "PAYIN_AMOUNT_MISMATCH",
    }
    wire.on("POST", "/v1/payment/mock", (201, held))
    payment = await glomo.payments.create_mock(amount=100, currency="AED", payin_id="payin_1")
    assert wire.body == {"amount": 100, "currency": "AED", "payin_id": "payin_1"}
    assert payment.error_code is PaymentErrorCode.PAYIN_AMOUNT_MISMATCH

    await glomo.payments.create_mock(amount=100, currency="AED", payment_method="BankTransfer")
    assert wire.body["payment_method"] == "BankTransfer"


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"amount": 99, "currency": "AED", "payin_id": "payin_1"}, "amount"),
        ({"amount": 100, "currency": "AED"}, "payin_id / payment_method"),
        ({"amount": 100, "currency": "aed", "payin_id": "payin_1"}, "currency"),
    ],
)
async def test_a_payment_that_the_sandbox_would_refuse_is_not_sent(
    changes: dict[str, Any], parameter: str, wire: Wire, glomo: AsyncGlomo
) -> None:
    with pytest.raises(ParameterError) as refused:
        await glomo.payments.create_mock(**changes)
    assert refused.value.parameter == parameter
    assert wire.targets == []


async def test_funds_arrive_in_an_envelope(wire: Wire, glomo: AsyncGlomo) -> None:
    message = "Payment funds available status updated successfully"
    path = f"/v1/payment/{PAYMENT['id']}/mock-funds-available"
    wire.on("PATCH", path, {"data": PAYMENT | {"funds_available": True}, "message": message})
    payment = await glomo.payments.mock_funds_available(PAYMENT["id"])
    assert wire.body is None
    assert payment.funds_available is True


async def test_funds_that_arrived_although_the_answer_was_lost(
    wire: Wire, glomo: AsyncGlomo
) -> None:
    refused = (400, {"error": "Transaction already has funds available"})
    wire.on("PATCH", "/v1/payment/payt_1/mock-funds-available", LOST, refused)
    wire.on("GET", "/v1/payment/payt_1", PAYMENT | {"funds_available": True})
    assert (await glomo.payments.mock_funds_available("payt_1")).funds_available is True


async def test_waiting_ends_when_the_payment_has_succeeded(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("GET", "/v1/payment/payt_1", PAYMENT | {"status": "in_progress"}, PAYMENT)
    assert (await glomo.payments.wait("payt_1")).status is PaymentStatus.SUCCESS
