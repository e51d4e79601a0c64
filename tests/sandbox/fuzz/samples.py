"""Requests that succeed in the world of `world.py`: one for every operation that needs luck."""

from __future__ import annotations

from typing import Any

from tests.sandbox.shop import CUSTOMER
from tests.sandbox.test_beneficiaries import BODY as BENEFICIARY
from tests.sandbox.test_platform import MERCHANT
from tests.sandbox.test_subscriptions import FIXED
from tests.sandbox.test_treasury import CONVERSION

Sample = tuple[str | None, Any]
"""The id in the path, if there is one, and the body."""

QUOTE = {"source_currency": "USD", "source_amount": 10_000, "resource": "payout"}


def samples(ids: dict[str, str], rfi_doc_ids: dict[str, str]) -> dict[str, Sample]:
    """The requests, by operation. `ids` names the objects of the world."""
    customer = {"customer_id": ids["customer"]}

    def rfi_response(subject: str, key: str = "id") -> Any:
        pair = {"rfi_doc_id": rfi_doc_ids[ids[subject]], key: ids["document"]}
        return {"documents": [pair]}

    payout = {"beneficiary_id": "bene_supplier", "purpose_code": "S1005", "payment_rail": "neft"}
    transfer = {"from_merchant_id": "merch_sandbox", "to_merchant_id": ids["merchant"]}
    card = {"number": "4532491111111111"}
    return {
        "balance_conversions.create": (None, CONVERSION),
        "beneficiaries.create": (None, BENEFICIARY),
        "beneficiaries.mock_review": ("bene_pending", {"review_action": "approve"}),
        "beneficiaries_v1.retrieve": (ids["beneficiary_v1"], None),
        "customers.create": (None, {**CUSTOMER, "email": "new@example.com"}),
        "internal_transfers.create": (
            None,
            {**transfer, "amount": 100, "currency": "AED", "reference": "r"},
        ),
        "lrs.create_quote": (
            None,
            {
                "bank_code": "hdfc",
                "source_amount": 4_400_000,
                "source_currency": "INR",
                "target_currency": "USD",
            },
        ),
        "orders.update_rfi": (ids["stopped_order"], rfi_response("stopped_order")),
        "payment_links.mock_mark_reviewed": (ids["reviewed_link"], None),
        "payment_links.update_rfi": (ids["stopped_link"], rfi_response("stopped_link")),
        "payments.connect_payin": (ids["loose_payment"], {"payin_id": ids["order"]}),
        "payments.create": (
            None,
            {"order_id": ids["order"], "card": card, "callback_url": "https://shop.example.com"},
        ),
        "payments.mock_funds_available": (ids["lrs_payment"], None),
        "payments.update_rfi": (ids["held_payment"], rfi_response("held_payment")),
        "payouts.create": (
            None,
            {**payout, "source_currency": "USD", "destination_currency": "INR"}
            | {"source_amount": 10_000},
        ),
        "platform.mock_update_merchant_status": (
            None,
            {"merchant_id": ids["merchant"], "target_status": "success"},
        ),
        "platform.onboard_merchant": (None, MERCHANT),
        "platform.retrieve_merchant": (ids["merchant"], None),
        "quotes.create": (None, {**QUOTE, "destination_currency": "INR"}),
        "payouts.update_rfi": (ids["stopped_payout"], rfi_response("stopped_payout")),
        "refunds.update_rfi": (ids["stopped_refund"], rfi_response("stopped_refund")),
        "rfis.respond": (ids["payout_rfi"], rfi_response("stopped_payout", "doc_id")),
        "settlements.create": (None, {"payment_ids": [ids["settleable_payment"]]}),
        "subscriptions.create": (None, {**FIXED, **customer}),
        "subscriptions.update_next_payment_date": (
            ids["active_subscription"],
            {"next_payment_date": "2026-09-20"},
        ),
        "withdrawal_accounts.retrieve": (ids["withdrawal_account"], None),
    }
