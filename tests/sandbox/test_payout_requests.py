"""What `POST /payouts` accepts and how it refuses the rest."""

from __future__ import annotations

from typing import Any

import pytest

PAYOUT_FIELDS = {
    "id",
    "status",
    "destination_amount",
    "destination_currency",
    "source_amount",
    "source_currency",
    "beneficiary_id",
    "documents",
    "purpose_code",
    "mid_market_rate",
    "fees",
    "created_at",
    "updated_at",
    "utr",
    "request_id",
    "payment_rail",
    "invoice_number",
    "fee_collection_mode",
    "error_code",
    "error_description",
    "customer_error_description",
    "quote_id",
    "taxes",
    "notes",
}


async def test_a_payout_is_answered_with_every_field_of_the_description(api: Any) -> None:
    response = await api.pay(request_id="INV-1", notes={"ref": "é"}, documents=["doc_1"])
    payout = response.json()
    assert response.status_code == 201
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert set(payout) == PAYOUT_FIELDS
    assert payout["id"].startswith("payout_")
    assert len(payout["id"]) == len("payout_") + 12
    assert payout["status"] == "in_progress"
    assert (payout["source_amount"], payout["destination_amount"]) == (125_000, 11_250_000)
    assert payout["mid_market_rate"] == {"currency": "INR", "rate": 90.0}
    assert payout["fees"] == {
        "fx_fee": {"currency": "USD", "amount": 1250},
        "txn_fee": {"currency": "USD", "amount": 100},
    }
    assert payout["created_at"] == "2026-09-09T07:00:09Z"
    assert payout["notes"] == {"ref": "é"}
    assert payout["documents"] == [
        {"id": "doc_1", "type": "invoice", "status": "uploaded", "rfi_doc_id": None}
    ]
    assert (await api.get(f"v1/payouts/{payout['id']}")).json() == payout


async def test_a_destination_amount_is_reached_exactly_and_priced_backwards(api: Any) -> None:
    payout = await api.paid(source_amount=..., destination_amount=9_001)
    assert payout["destination_amount"] == 9_001
    assert payout["source_amount"] == 101  # 100.01 cents do not suffice


@pytest.mark.parametrize("amount", [1, 2, 3, 99, 101, 202, 10_000])
async def test_fees_stay_below_the_amount(api: Any, amount: int) -> None:
    fees = (await api.paid(source_amount=amount))["fees"]
    assert all(type(fee["amount"]) is int for fee in fees.values())
    assert sum(fee["amount"] for fee in fees.values()) < amount


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"source_amount": "1000"}, "source_amount must be an integer"),
        ({"source_amount": 1000.5}, "source_amount must be an integer"),
        ({"source_amount": 1000.0}, "source_amount must be an integer"),
        ({"source_amount": True}, "source_amount must be an integer"),
        ({"source_amount": 0}, "source_amount must be greater than 0"),
        ({"source_amount": -5}, "source_amount must be greater than 0"),
        (
            {"source_amount": ...},
            "Exactly one of source_amount or destination_amount must be provided",
        ),
        (
            {"destination_amount": 5},
            "Exactly one of source_amount or destination_amount must be provided",
        ),
        ({"beneficiary_id": ...}, "beneficiary_id is missing"),
        ({"purpose_code": None}, "purpose_code is missing"),
        ({"source_currency": "INR"}, "Source currency is not supported"),
        ({"destination_currency": "usd"}, "Destination currency is not supported"),
        ({"payment_rail": "wire"}, "payment_rail does not have a valid value"),
        ({"payment_rail": "sepa"}, "payment_rail sepa is not supported for INR destination"),
        (
            {"purpose_code": "P0102"},
            "purpose_code is not a valid purpose code for the selected payment rail",
        ),
        (
            {"purpose_code": "S9999"},
            "purpose_code is not a valid purpose code for the selected payment rail",
        ),
        (
            {"purpose_code": "P0102", "payment_rail": "swift"},
            "purpose_code is not a valid purpose code",
        ),
        ({"request_id": "x" * 65}, "request_id is too long (maximum is 64 characters)"),
        ({"invoice_number": "x" * 51}, "Invoice number must be 50 characters or less"),
        ({"amount": 5}, "amount is not a permitted parameter"),
        ({"notes": {"a": 1}}, "notes.a must be a string"),
        ({"documents": ["invoice.pdf"]}, "documents must contain ids that start with 'doc_'"),
        ({"quote_id": "quote_1"}, "source_amount cannot be specified when quote_id is present"),
        (
            {
                "quote_id": "quote_1",
                "source_amount": ...,
                "source_currency": ...,
                "destination_currency": ...,
                "payment_rail": "neft",
            },
            "payment_rail cannot be specified when quote_id is present",
        ),
        (
            {
                "quote_id": "quote_1",
                "source_amount": ...,
                "source_currency": ...,
                "destination_currency": ...,
                "payment_rail": ...,
            },
            "quote_id not found",
        ),
    ],
)
async def test_a_wrong_request_is_refused_and_nothing_is_made(
    api: Any, changes: dict[str, Any], message: str
) -> None:
    response = await api.pay(**changes)
    assert response.status_code == 400
    assert response.json() == {"error": "Bad Request", "message": message}
    assert api.sandbox.ledger.payouts == []


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff", b'{"source_amount": NaN}', b"[" * 9999])
async def test_a_body_that_is_no_json_object_is_a_400(api: Any, raw: bytes) -> None:
    response = await api.http.post(
        "/api/v1/payouts", content=raw, headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 400


async def test_json_has_to_be_declared_as_json(api: Any, body_of: Any) -> None:
    response = await api.http.post("/api/v1/payouts", data=body_of(api.sandbox))
    assert response.status_code == 415


@pytest.mark.parametrize("code", ["S0017", "PYR002"])
async def test_payout_codes_and_legacy_codes_are_accepted(api: Any, code: str) -> None:
    assert (await api.paid(purpose_code=code))["purpose_code"] == code


async def test_a_repatriation_needs_usd_to_inr_over_neft_and_a_document(api: Any) -> None:
    assert (await api.pay(purpose_code="P0001")).status_code == 400
    assert (
        await api.pay(purpose_code="P0001", documents=["doc_1"], payment_rail="imps")
    ).status_code == 400
    payout = await api.paid(purpose_code="P0001", documents=["doc_1"])
    assert payout["taxes"] == []
    done = (await api.mock(payout, "success")).json()
    assert done["taxes"] == [{"name": "GST", "amount": 20250, "currency": "INR", "bps": 1800}]


@pytest.mark.parametrize(
    ("status", "message"),
    [("pending", "verification is pending"), ("rejected", "has been rejected")],
)
async def test_a_beneficiary_that_is_not_active_is_not_paid(
    api: Any, status: str, message: str
) -> None:
    bene = api.sandbox.add_beneficiary(status=status)
    response = await api.pay(beneficiary_id=bene["id"])
    assert response.status_code == 400
    assert message in response.json()["message"]


async def test_an_unknown_beneficiary_is_a_404(api: Any) -> None:
    response = await api.pay(beneficiary_id="bene_nobody")
    assert response.status_code == 404
    assert response.json() == {"error": "Not Found", "message": "Beneficiary not found"}


async def test_a_rail_that_does_not_reach_the_beneficiary_is_refused(api: Any) -> None:
    api.sandbox.add_beneficiary("bene_imps", rails=["imps"])
    for changes in ({"payment_rail": "neft"}, {"payment_rail": ...}):  # omitted means swift
        response = await api.pay(beneficiary_id="bene_imps", **changes)
        assert response.json()["message"] == "No rails available for this beneficiary"
    assert (await api.pay(beneficiary_id="bene_imps", payment_rail="imps")).status_code == 201


async def test_ipp_carries_no_more_than_50000_aed(api: Any) -> None:
    wanted = {"destination_currency": "AED", "payment_rail": "ipp", "source_amount": ...}
    assert (await api.pay(**wanted, destination_amount=5_000_000)).status_code == 201
    assert (await api.pay(**wanted, destination_amount=5_000_001)).status_code == 400


async def test_what_the_bank_refuses_is_made_and_failed(api: Any) -> None:
    api.sandbox.add_beneficiary("bene_wrong", bank_error="INVALID_BENE_IFSC")
    payout = await api.paid(beneficiary_id="bene_wrong", request_id="INV-9")
    assert payout["status"] == "failed"
    assert payout["error_code"] == "INVALID_BENE_IFSC"
    assert payout["error_description"]
    assert payout["customer_error_description"]
    assert api.sandbox.ledger.balances["USD"]["held"] == 0
    assert api.sandbox.ledger.count("INV-9") == 1
    assert not api.sandbox.ledger.paid_once("INV-9")
