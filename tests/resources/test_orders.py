from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from glomo import AsyncGlomo, Money
from glomo.errors import BadRequestError, IdempotencyConflictError, ParameterError
from glomo.models.orders import LrsParams, Order, OrderStatus
from glomo.serialization.codec import structure

from .conftest import Created, Wire

LOST = httpx.ReadError("connection reset")
ORDER: dict[str, Any] = {
    "id": "order_678a4c88hpAjf",
    "customer_id": "cust_E602dMzgjpDC",
    "status": "active",
    "currency": "USD",
    "amount": 10000,
    "purpose_code": "P1401",
    "payment_methods": ["card", "bank_transfer"],
    "product": {"name": "ShieldGuard Insurance", "description": "Flexible insurance"},
    "bank_account_details": {
        "account_number": "1234567890",
        "bic_primary": "HDFCINBBDEL",
        "bic_secondary": None,
        "bank_customer_id": "7189204715",
    },
    "created_at": "2021-06-01T12:00:00Z",
}
PLAIN: dict[str, Any] = {
    "customer_id": "cust_E602dMzgjpDC",
    "amount": 10000,
    "currency": "USD",
    "payment_methods": ["card"],
}
QUOTED: dict[str, Any] = {"customer_id": "cust_E602dMzgjpDC", "quote_id": "quote_1"}
LRS: dict[str, Any] = {
    "customer_id": "cust_E602dMzgjpDC",
    "amount": 1028,
    "currency": "USD",
    "lrs": {
        "lrs_quote_id": "quote_7",
        "remittance_information": "INV-17",
        "bank_account_id": "acclrs_1",
        "beneficiary_id": "bene_1",
        "later_field": "as it is",
    },
}


def lrs(**changes: Any) -> dict[str, Any]:
    return LRS | {"lrs": LRS["lrs"] | changes}


async def test_an_order_is_sent_as_asked_and_read_typed(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("POST", "/v1/orders", (201, ORDER))

    order = await glomo.orders.create(
        customer_id="cust_E602dMzgjpDC",
        amount=10000,
        currency="USD",
        payment_methods=["card", "bank_transfer"],
        purpose_code="P1401",
        product={"name": "ShieldGuard Insurance"},
        bank_account_details={"account_number": "1234567890", "bic_primary": "HDFCINBBDEL"},
        request_id="order-17",
    )

    assert wire.targets == ["POST /v1/orders"]
    assert wire.body == {
        "customer_id": "cust_E602dMzgjpDC",
        "amount": 10000,
        "currency": "USD",
        "payment_methods": ["card", "bank_transfer"],
        "purpose_code": "P1401",
        "product": {"name": "ShieldGuard Insurance"},
        "bank_account_details": {"account_number": "1234567890", "bic_primary": "HDFCINBBDEL"},
        "request_id": "order-17",
    }
    assert order.status is OrderStatus.ACTIVE
    assert order.money == Money(10000, "USD")
    assert order.product is not None
    assert order.product.name == "ShieldGuard Insurance"
    assert order.created_at == datetime(2021, 6, 1, 12, tzinfo=UTC)


async def test_a_quote_takes_the_place_of_the_amount(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("POST", "/v1/orders", (201, Created(ORDER)))

    await glomo.orders.create(customer_id="cust_1", quote_id="quote_1", request_id="q-1")

    assert wire.body == {"customer_id": "cust_1", "quote_id": "quote_1", "request_id": "q-1"}


async def test_an_lrs_order_names_its_quote_and_may_hold_more(
    wire: Wire, glomo: AsyncGlomo
) -> None:
    wire.on("POST", "/v1/orders", (201, Created(ORDER)))

    await glomo.orders.create(
        customer_id="cust_1",
        amount=1028,
        currency="USD",
        lrs=LrsParams(
            lrs_quote_id="quote_7", remittance_information="INV-17", bank_account_id="acclrs_1"
        ),
        purpose_code="S0001",
    )
    assert wire.body["lrs"] == {
        "lrs_quote_id": "quote_7",
        "remittance_information": "INV-17",
        "bank_account_id": "acclrs_1",
    }
    assert "payment_methods" not in wire.body

    await glomo.orders.create(**LRS)
    assert wire.body["lrs"] == LRS["lrs"]


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        (PLAIN | {"customer_id": "E602dMzgjpDC"}, "customer_id"),
        (PLAIN | {"customer_id": None}, "customer_id"),
        (PLAIN | {"amount": 0}, "amount"),
        (PLAIN | {"amount": 10.5}, "amount"),
        (PLAIN | {"currency": "usd"}, "currency"),
        (PLAIN | {"payment_methods": "card"}, "payment_methods"),
        (PLAIN | {"payment_methods": []}, "payment_methods"),
        (PLAIN | {"payment_methods": ["cash"]}, "payment_methods[0]"),
        (PLAIN | {"currency": "INR"}, "currency"),
        (PLAIN | {"invoice_amount": 9999}, "invoice_amount"),
        (PLAIN | {"invoice_amount": Money(9999, "USD")}, "invoice_amount"),
        (PLAIN | {"invoice_amount": Money(20000, "EUR")}, "invoice_amount"),
        (QUOTED | {"invoice_amount": Money(20000, "EUR")}, "invoice_amount"),
        (PLAIN | {"split_ids": "psplit_1"}, "split_ids"),
        (PLAIN | {"purpose_code": "S0001"}, "purpose_code"),
        (QUOTED | {"split_ids": ["psplit_1"]}, "split_ids"),
        (LRS | {"quote_id": "quote_1"}, "quote_id"),
        (LRS | {"currency": "EUR"}, "currency"),
        (LRS | {"purpose_code": "P1401"}, "purpose_code"),
        (lrs(lrs_quote_id="lrs_7"), "lrs.lrs_quote_id"),
        (LRS | {"lrs": {"lrs_quote_id": "quote_7"}}, "lrs.remittance_information"),
        (
            LRS | {"lrs": {**LRS["lrs"], "remittance_information": "x" * 21}},
            "lrs.remittance_information",
        ),
        (
            LRS | {"lrs": {**LRS["lrs"], "remittance_information": "a b"}},
            "lrs.remittance_information",
        ),
        (LRS | {"lrs": {**LRS["lrs"], "bank_account_id": "ba_1"}}, "lrs.bank_account_id"),
        (LRS | {"lrs": {**LRS["lrs"], "beneficiary_id": "cust_1"}}, "lrs.beneficiary_id"),
        (LRS | {"lrs": "quote_7"}, "lrs"),
        (PLAIN | {"purpose_code": "S1005"}, "purpose_code"),
        (PLAIN | {"document_id": "invoice.pdf"}, "document_id"),
        (PLAIN | {"product": {"description": "no name"}}, "product.name"),
        (
            PLAIN | {"bank_account_details": {"account_number": "123456"}},
            "bank_account_details.bic_primary",
        ),
        (
            PLAIN | {"bank_account_details": {"account_number": 12345678, "bic_primary": "X"}},
            "bank_account_details.account_number",
        ),
        (
            PLAIN
            | {
                "bank_account_id": "ba_1",
                "bank_account_details": {"account_number": "123456", "bic_primary": "X"},
            },
            "bank_account_id / bank_account_details",
        ),
        (PLAIN | {"request_id": "x" * 65}, "request_id"),
        (QUOTED | {"amount": 100}, "amount"),
        (QUOTED | {"currency": "USD"}, "currency"),
        (QUOTED | {"payment_methods": ["card"]}, "payment_methods"),
        (QUOTED | {"price_id": "price_1"}, "price_id"),
        (LRS | {"lrs": {}}, "lrs.lrs_quote_id"),
    ],
)
async def test_what_the_api_would_refuse_is_not_sent(
    changes: dict[str, Any], parameter: str, wire: Wire, glomo: AsyncGlomo
) -> None:
    with pytest.raises(ParameterError) as refused:
        await glomo.orders.create(**changes)

    assert refused.value.parameter == parameter
    assert "12345678" not in str(refused.value)
    assert wire.targets == []


async def test_the_checks_can_be_left_to_the_api(wire: Wire) -> None:
    wire.on("POST", "/v1/orders", (201, Created(ORDER)))
    async with AsyncGlomo("sk-unit", rate_limit=None, validate=False) as glomo:
        await glomo.orders.create(**PLAIN, purpose_code="P9999")
    assert wire.body["purpose_code"] == "P9999"


async def test_a_lost_answer_is_asked_for_again_with_the_same_key(
    wire: Wire, glomo: AsyncGlomo
) -> None:
    duplicate = (
        400,
        {"error": "Bad Request", "message": "Order already exists for this request_id"},
    )
    wire.on("POST", "/v1/orders", LOST, duplicate)
    wire.on("GET", "/v1/orders", {"data": [ORDER]})

    order = await glomo.orders.create(**PLAIN, request_id="order-17")

    assert order.id == ORDER["id"]
    assert wire.targets == ["POST /v1/orders"] * 2 + ["GET /v1/orders?request_id=order-17"]


async def test_a_key_of_another_order_is_a_conflict(wire: Wire, glomo: AsyncGlomo) -> None:
    duplicate = (400, {"message": "Order already exists for this request_id"})
    other = ORDER | {"request_id": "order-17", "customer_id": "cust_other", "amount": 99}
    wire.on("POST", "/v1/orders", duplicate)
    wire.on("GET", "/v1/orders", {"data": [other]})

    with pytest.raises(IdempotencyConflictError) as conflict:
        await glomo.orders.create(**PLAIN, request_id="order-17")

    assert conflict.value.differences == {
        "customer_id": ("cust_E602dMzgjpDC", "cust_other"),
        "amount": (10000, 99),
    }


async def test_an_rfi_that_was_answered_although_the_answer_was_lost(
    wire: Wire, glomo: AsyncGlomo
) -> None:
    path = "/v1/orders/order_1/update-rfi"
    refused = (400, {"message": "Invalid rfi_doc_id or order not in action_required status"})
    wire.on("PATCH", path, LOST, refused)
    wire.on("GET", "/v1/orders/order_1", ORDER | {"status": "under_review"})
    documents = [{"id": "doc_1", "rfi_doc_id": "rfidoc_1"}]

    order = await glomo.orders.update_rfi("order_1", documents=documents)

    assert order.status is OrderStatus.UNDER_REVIEW
    assert wire.targets[:2] == [f"PATCH {path}"] * 2


async def test_an_rfi_answer_that_the_api_refuses_is_an_error(
    wire: Wire, glomo: AsyncGlomo
) -> None:
    wire.on("PATCH", "/v1/orders/order_1/update-rfi", (400, {"message": "Invalid rfi_doc_id"}))
    with pytest.raises(BadRequestError, match="Invalid rfi_doc_id"):
        await glomo.orders.update_rfi(
            "order_1", documents=[{"id": "doc_1", "rfi_doc_id": "rfidoc_1"}]
        )


async def test_waiting_ends_when_the_order_is_paid(wire: Wire, glomo: AsyncGlomo) -> None:
    active, paid = ORDER, ORDER | {"status": "paid"}
    wire.on("GET", "/v1/orders/order_1", active, active, paid)

    order = await glomo.orders.wait("order_1")

    assert order.status.terminal
    assert len(wire.targets) == 3


async def test_the_list_is_filtered_as_asked(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("GET", "/v1/orders", {"data": [ORDER], "page_meta": {"current": 1, "next": None}})

    orders = await glomo.orders.list(customer_id="cust_1", status="paid").collect()

    assert [order.id for order in orders] == [ORDER["id"]]
    assert wire.targets == ["GET /v1/orders?customer_id=cust_1&status=paid&per_page=100"]


def test_an_order_in_the_shape_of_the_webhook_reads_too() -> None:
    order = structure(
        ORDER
        | {
            "payment_methods": "card",
            "rfi_documents": {"rfi_doc_id": "rfi_doc_123", "name": "Passport"},
            "invoice_amount": 0,
            "document_id": None,
            "loyalty": "gold",
        },
        Order,
    )

    assert order.payment_methods == ("card",)
    assert [entry.name for entry in order.rfi_documents] == ["Passport"]
    assert order.extra == {"loyalty": "gold"}


def test_account_numbers_are_masked_in_a_repr() -> None:
    shown = repr(structure(ORDER, Order))
    assert "1234567890" not in shown
    assert "7890" in shown


async def test_an_id_of_something_else_is_not_sent(wire: Wire, glomo: AsyncGlomo) -> None:
    with pytest.raises(ParameterError, match="must start with 'order_'"):
        await glomo.orders.retrieve("payt_1")
    assert wire.targets == []
