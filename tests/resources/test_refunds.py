from __future__ import annotations

from typing import Any

import httpx
import pytest

from glomo import AsyncGlomo, Money
from glomo.errors import (
    BadRequestError,
    IdempotencyConflictError,
    ParameterError,
    UnprocessableError,
)
from glomo.models.refunds import Refund, RefundReason, RefundStatus
from glomo.models.shared import DocumentStatus
from glomo.serialization.codec import structure

from .conftest import Created, Wire

LOST = httpx.ReadError("connection reset")
REFUND: dict[str, Any] = {
    "id": "refund_6776d57dnbTWj",
    "customer_id": "cust_E602dMzgjpDC",
    "payment_id": "payt_E602dMzgjpDC",
    "reason": "Requested by Customer",
    "fx_fee": {"amount": 1000, "currency": "USD"},
    "txn_fee": {"amount": None, "currency": None},
    "documents": [],
    "status": "in_progress",
    "currency": "USD",
    "amount": 1000,
    "created_at": "2021-06-01T12:00:00Z",
}


async def test_a_refund_needs_only_its_payment(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("POST", "/v1/refunds", (202, Created(REFUND)))

    refund = await glomo.refunds.create(payment_id="payt_1", request_id="refund-payt_1")

    assert wire.body == {
        "payment_id": "payt_1",
        "reason": "Others",
        "request_id": "refund-payt_1",
    }
    assert refund.status is RefundStatus.IN_PROGRESS
    assert not refund.status.terminal
    assert refund.money == Money(1000, "USD")
    assert refund.fx_fee == Money(1000, "USD")
    assert refund.txn_fee is None


async def test_a_part_is_given_back_for_a_reason(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("POST", "/v1/refunds", (201, Created(REFUND | {"status": "success"})))
    await glomo.refunds.create(payment_id="payt_1", reason=RefundReason.FRAUDULENT, amount=400)
    assert wire.body["reason"] == "Fraudulent"
    assert wire.body["amount"] == 400
    assert 0 < len(wire.body["request_id"]) <= 64


async def test_a_refund_that_failed_at_once_is_on_the_error(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("POST", "/v1/refunds", (422, REFUND | {"status": "failed"}))
    with pytest.raises(UnprocessableError) as failed:
        await glomo.refunds.create(payment_id="payt_1")
    refund = failed.value.object
    assert isinstance(refund, Refund)
    assert refund.status is RefundStatus.FAILED
    assert len(wire.targets) == 1


async def test_a_locked_payment_is_waited_for(wire: Wire, glomo: AsyncGlomo) -> None:
    lock = (409, {"error": "Conflict", "message": "Refund is being processed"})
    wire.on("POST", "/v1/refunds", lock, lock, (201, Created(REFUND)))
    assert (await glomo.refunds.create(payment_id="payt_1")).id == REFUND["id"]
    assert wire.targets == ["POST /v1/refunds"] * 3


async def test_a_lost_answer_refunds_once(wire: Wire, glomo: AsyncGlomo) -> None:
    duplicate = (400, {"message": "Refund already exists for this request_id"})
    wire.on("POST", "/v1/refunds", LOST, duplicate)
    wire.on("GET", "/v1/refunds", {"data": [REFUND]})

    refund = await glomo.refunds.create(
        payment_id="payt_E602dMzgjpDC", amount=1000, request_id="r-1"
    )

    assert refund.id == REFUND["id"]
    assert wire.targets[-1] == "GET /v1/refunds?request_id=r-1"


async def test_a_key_of_another_payment_is_a_conflict(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("POST", "/v1/refunds", (400, {"message": "Refund already exists for this request_id"}))
    wire.on("GET", "/v1/refunds", {"data": [REFUND | {"request_id": "r-1"}]})
    with pytest.raises(IdempotencyConflictError, match=r"payment_id \(asked payt_1, exists payt_E"):
        await glomo.refunds.create(payment_id="payt_1", amount=400, request_id="r-1")


async def test_the_amount_is_shown_in_another_currency_than_asked(
    wire: Wire, glomo: AsyncGlomo
) -> None:
    wire.on("POST", "/v1/refunds", LOST, (400, {"message": "already fully refunded"}))
    wire.on("GET", "/v1/refunds", {"data": [REFUND | {"currency": "AED", "amount": 3670}]})
    refund = await glomo.refunds.create(payment_id=REFUND["payment_id"], amount=1000)
    assert refund.amount == 3670


@pytest.mark.parametrize("spelling", ["Fraudulent", "Fradulent"])
def test_both_spellings_are_read_and_the_newer_is_sent(spelling: str) -> None:
    refund = structure(REFUND | {"reason": spelling}, Refund)
    assert refund.reason is RefundReason.FRAUDULENT
    assert refund.reason == "Fraudulent"


async def test_only_reasons_that_can_be_sent_are_sent(wire: Wire, glomo: AsyncGlomo) -> None:
    for reason in ("Fradulent", "fraudulent", RefundReason.SUBSCRIPTION_CARD_UPDATE, 5, None):
        reason_: Any = reason
        with pytest.raises(ParameterError, match="reason"):
            await glomo.refunds.create(payment_id="payt_1", reason=reason_)
    assert wire.targets == []


def test_newer_fields_of_a_refund() -> None:
    newer = {
        "fees": {"fx_fees": {"amount": 5, "currency": "USD"}, "txn_fees": None},
        "balance_used": {"amount": 1005, "currency": "USD"},
        "utr": "UTR123",
        "partial_refund": True,
    }
    refund = structure(REFUND | newer, Refund)
    assert refund.fees is not None
    assert (refund.fees.fx_fees, refund.fees.txn_fees) == (Money(5, "USD"), None)
    assert refund.balance_used == Money(1005, "USD")
    assert (refund.utr, refund.partial_refund) == ("UTR123", True)


async def test_other_refusals_are_told_as_they_are(wire: Wire, glomo: AsyncGlomo) -> None:
    message = "Partial refunds are not enabled for this business"
    wire.on("POST", "/v1/refunds", (400, {"error": "Refund creation failed", "message": message}))
    with pytest.raises(BadRequestError, match=message):
        await glomo.refunds.create(payment_id="payt_1", amount=1)


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"payment_id": "payin_1"}, "payment_id"),
        ({"payment_id": ""}, "payment_id"),
        ({"payment_id": "payt_1", "reason": ""}, "reason"),
        ({"payment_id": "payt_1", "amount": 0}, "amount"),
        ({"payment_id": "payt_1", "amount": 9.99}, "amount"),
        ({"payment_id": "payt_1", "document_id": "x"}, "document_id"),
        ({"payment_id": "payt_1", "request_id": "a\nb"}, "request_id"),
    ],
)
async def test_what_the_api_would_refuse_is_not_sent(
    changes: dict[str, Any], parameter: str, wire: Wire, glomo: AsyncGlomo
) -> None:
    with pytest.raises(ParameterError) as refused:
        await glomo.refunds.create(**changes)
    assert refused.value.parameter == parameter
    assert wire.targets == []


async def test_the_rfi_goes_to_the_path_with_an_underscore(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("PATCH", "/v1/refunds/refu_1/update_rfi", REFUND | {"status": "under_review"})
    documents = [{"id": "doc_1", "rfi_doc_id": "rfidoc_1"}]
    refund = await glomo.refunds.update_rfi("refu_1", documents=documents)
    assert wire.body == {"documents": documents}
    assert refund.status is RefundStatus.UNDER_REVIEW


async def test_a_mocked_end_is_looked_up_after_a_lost_answer(wire: Wire, glomo: AsyncGlomo) -> None:
    path = "/v1/refunds/refund_1"
    refused = (400, {"message": "Refund cannot be marked success."})
    wire.on("PATCH", f"{path}/mock_update_status", LOST, refused)
    wire.on("GET", path, REFUND | {"status": "success"})
    refund = await glomo.refunds.mock_update_status("refund_1")
    assert wire.targets[0] == f"PATCH {path}/mock_update_status"
    assert refund.status is RefundStatus.SUCCESS


async def test_waiting_ends_when_the_refund_has_failed(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("GET", "/v1/refunds/refund_1", REFUND, REFUND | {"status": "failed"})
    assert (await glomo.refunds.wait("refund_1")).status is RefundStatus.FAILED


def test_documents_that_an_rfi_asks_for_have_no_id_yet() -> None:
    asked_for = {"id": None, "rfi_doc_id": "rfidoc_1", "type": "rfi", "status": "pending"}
    refund = structure(REFUND | {"documents": [{"id": "doc_1", "type": "rfi"}, asked_for]}, Refund)
    assert [entry.id for entry in refund.documents] == ["doc_1", None]
    assert refund.documents[1].status is DocumentStatus.PENDING
