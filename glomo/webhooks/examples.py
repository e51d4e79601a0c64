"""What the `data` of each event looks like, for tests."""

from __future__ import annotations

from typing import Any

_TIMES = {"created_at": "2026-09-09T07:00:09Z", "updated_at": "2026-09-09T07:05:12Z"}
_PRODUCT = {"name": "Consulting", "description": "Consulting in September"}

_PAYIN: dict[str, Any] = {
    "customer_id": "cust_6819d7d0lrLvP",
    "currency": "USD",
    "amount": 10000,
    "purpose_code": "P0802",
    "reference_number": "REF-1234",
    "payment_methods": ["card"],
    "product": _PRODUCT,
    "notes": {"invoice": "INV-17"},
    **_TIMES,
}

_DATA: dict[str, dict[str, Any]] = {
    "payment": {
        "id": "payt_686f7cc3pe69T",
        "payin_id": "order_6819d8046mpKt",
        "payin_type": "orders",
        "payment_amount": 10000,
        "payment_currency": "USD",
        "converted_amount": 10000,
        "converted_currency": "USD",
        "requested_amount": 10000,
        "requested_currency": "USD",
        "purpose_code": "P0802",
        "customer_id": "cust_6819d7d0lrLvP",
        "funds_available": False,
        **_TIMES,
    },
    "payment_link": {"id": "plink_678a4c88hpAjf", **_PAYIN},
    "orders": {"id": "order_6819d8046mpKt", **_PAYIN},
    "refund": {
        "id": "refund_6776d57dnbTWj",
        "payment_id": "payt_686f7cc3pe69T",
        "customer_id": "cust_6819d7d0lrLvP",
        "reason": "Requested By Customer",
        "currency": "USD",
        "amount": 10000,
        "documents": [],
        **_TIMES,
    },
    "payout": {
        "id": "payout_6a8fd80eo6coZ",
        "source_amount": 250000,
        "source_currency": "USD",
        "destination_amount": 250000,
        "destination_currency": "USD",
        "beneficiary_id": "bene_5JU9yv0lGSUP",
        "purpose_code": "S0802",
        "payment_rail": "swift",
        "request_id": "invoice-2026-0917",
        "documents": [],
        "error_code": None,
        **_TIMES,
    },
    "settlement": {
        "id": "setl_6878e266jt1P3",
        "payment_method": "swift_transfer",
        "amount": 10000,
        "currency": "USD",
        **_TIMES,
    },
    "beneficiary": {
        "id": "bene_5JU9yv0lGSUP",
        "name": "Acme GmbH",
        "type": "business",
        "category": "payout",
        **_TIMES,
    },
    "internal_transfer": {
        "id": "inttransfer_68f1f9126GDCB",
        "from_merchant_id": "merch_68cc1216xPrdU",
        "to_merchant_id": "merch_68cc0571y5S4h",
        "owner_merchant_id": "merch_68cc0571y5S4h",
        "transfer_amount": 1000,
        "transfer_currency": "AED",
        "reference": "123",
        "error_code": None,
        **_TIMES,
    },
    "subscription": {
        "id": "sub_5JU9yv0lGSUP",
        "customer_id": "cust_6819d7d0lrLvP",
        "product_name": "Consulting",
        "amount": 1000,
        "currency": "USD",
        "interval_type": "month",
        "interval_count": 1,
        "billing_cycles": 12,
        "start_date": "2026-09-10",
        "next_payment_date": "2026-10-10",
    },
    "virtual_account": {
        "id": "VA1001",
        "account_id": "VA1001",
        "currency": "USD",
        "account_number": "8800123456",
        "name": "Acme Exports",
        **_TIMES,
    },
    "balance": {"payment_id": "payt_686f7cc3pe69T", "timestamp": "2026-09-09T07:05:12Z"},
    "kyc_journey": {"id": "kyc_journey_1"},
    "merchant": {
        "id": "merch_68c777fcOOMpl",
        "merchant_id": "merch_68c777fcOOMpl",
        "owner_merchant_id": "merch_68511919RVuf6",
        "name": "Acme Agents",
        **_TIMES,
    },
    "amc_folio_transaction": {"id": "amc_folio_transaction_1"},
    "webhook_test": {},
}

_WITHOUT_STATUS = {"internal_transfer", "balance", "webhook_test"}

_STATES: dict[tuple[str, str], dict[str, Any]] = {
    ("payment", "funds_available"): {"status": "success", "funds_available": True},
    ("payment", "credited_to_beneficiary"): {"status": "success", "funds_available": True},
    ("payment", "failed"): {"status": "failed", "error_code": "PAYMENT_DECLINED"},
    ("payout", "success"): {"status": "success", "utr": "AXISN52024112000001234"},
    ("payout", "failed"): {"status": "failed", "error_code": "INVALID_BENE_ACCOUNT_NUMBER"},
    ("settlement", "initiate"): {"status": "in_progress"},
    ("settlement", "success"): {"status": "success", "utr": "1568176960vxp0rj"},
    ("refund", "utr.updated"): {"status": "success", "utr": "UTR123456789"},
    ("internal_transfer", "failed"): {"error_code": "FAILED"},
    ("subscription", "updated"): {"status": "active"},
    ("subscription", "payment_method.updated"): {"status": "active"},
}
"""Where `data` is not simply in the status that the event is called by."""


def example(entity_type: str, event_type: str) -> dict[str, Any]:
    """The `data` of an event, new for each call. It is plausible, and invented."""
    data: dict[str, Any] = dict(_DATA[entity_type])
    state = _STATES.get((entity_type, event_type))
    if state is None:
        state = {} if entity_type in _WITHOUT_STATUS else {"status": event_type}
        if event_type.startswith("compliance_"):
            compliance_status = event_type.removeprefix("compliance_")
            state = {"status": "success", "compliance_status": compliance_status}
    return {**data, **state}
