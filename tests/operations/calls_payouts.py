"""Calls around paying out: beneficiaries, quotes, payouts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .call_arguments import PAGE, SPAN, CallArguments, arguments

_PARTY: Mapping[str, Any] = {
    "name": "ACME Corporation",
    "type": "business",
    "email": "payee@example.com",
    "phone": "+1-555-123-4567",
    "nickname": "ACME Primary Account",
    "address": {
        "address_line1": "123 Business Park",
        "address_line2": "Suite 100",
        "city": "New York",
        "state": "NY",
        "country_code": "USA",
        "postal_code": "10001",
    },
    "documents": ["doc_68e7980auYRAs"],
}
_ACCOUNT: Mapping[str, Any] = {
    "account_number": "1234567890",
    "name": "Citibank NA",
    "swift_code": "CITIUS33",
    "currency": "USD",
    "address": {
        "address_line1": "388 Greenwich Street",
        "address_line2": "",
        "city": "New York",
        "state": "NY",
        "country_code": "USA",
        "postal_code": "10013",
    },
    "intermediate_bank": {
        "name": "JPMorgan Chase Bank",
        "country": "USA",
        "swift_code": "CHASUS33",
        "account_number": "123456789",
    },
}
_NOTES = {"invoice_ref": "INV-2026-001", "project": "Alpha"}
_OLD_PARTY: Mapping[str, Any] = {
    "beneficiary_type": "business",
    "account_number": "1234567890",
    "holder_name": "Test Arts & Crafts Pvt Ltd",
    "bic_primary": "QWERIN000",
    "bic_secondary": "YESB0000002",
    "bank_name": "Yes Bank",
    "address_line1": "123 Main St",
    "address_line2": "Near Apts",
    "email": "payee@example.com",
    "city": "Anytown",
    "state": "Anystate",
    "country": "IND",
    "pincode": "560048",
    "nickname": "Test Beneficiary",
    "intermediate_bank_name": "Intermediate Bank",
    "intermediate_bank_country": "IND",
    "intermediate_bank_swift_code": "INTBANKSWIFT",
}
# The description's own purpose code (PYR002) is not one of those that payouts take.
_PAYOUT: Mapping[str, Any] = {
    "beneficiary_id": "bene_5JU9yv0lGSUP",
    "purpose_code": "S1005",
    "invoice_number": "INV-2026-001",
    "request_id": "req-7f3a9c20",
    "documents": ["doc_5JU9yv0lGSUP", "doc_678a5aa9SKkEr"],
    "notes": _NOTES,
}
_RFI = [{"id": "doc_67fc2f42468Bw", "rfi_doc_id": "rfidoc_68c8dffedhMHD"}]

CALLS: Mapping[str, tuple[CallArguments, ...]] = {
    "bank_account_validations.create": (
        arguments(id="bene_5JU9yv0lGSUP"),
        arguments(
            country="Ind",
            holder_name="John Doe",
            account_number="987654321001",
            bic_primary="QWERIN000",
            bic_secondary="YESB0000002",
        ),
    ),
    "bank_account_validations.list": (
        arguments(beneficiary_account_id="bene_5JU9yv0lGSUP", country="Ind", **SPAN),
    ),
    "beneficiaries.create": (
        arguments(category="payout", beneficiary=_PARTY, bank_account=_ACCOUNT, notes=_NOTES),
        arguments(
            category="lrs",
            beneficiary=_PARTY,
            bank_account={**_ACCOUNT, "local_routing_number": "021000089"},
        ),
        arguments(
            category="payout",
            beneficiary=_PARTY,
            upi_account={"upi_id": "1111111111@ybl"},
            notes=None,
        ),
    ),
    "beneficiaries.list": (arguments(status="pending", **PAGE),),
    "beneficiaries.mock_review": (arguments("bene_5JU9yv0lGSUP", review_action="approve"),),
    "beneficiaries.retrieve": (arguments("bene_698c0615XZocZ"),),
    "beneficiaries_v1.create": (arguments(**_OLD_PARTY),),
    "beneficiaries_v1.list": (arguments(beneficiary_type="business", country="IND", **SPAN),),
    "beneficiaries_v1.retrieve": (arguments("bene_5JU9yv0lGSUP"),),
    "payouts.cancel": (arguments("pout_DdWp_HUbOnlg"),),
    "payouts.create": (
        arguments(
            **_PAYOUT,
            source_currency="USD",
            destination_currency="INR",
            source_amount=100000,
            payment_rail="neft",
        ),
        arguments(
            **_PAYOUT,
            source_currency="USD",
            destination_currency="INR",
            destination_amount=8235000,
        ),
        arguments(**_PAYOUT, quote_id="quote_3m4n5o6p7q"),
    ),
    "payouts.list": (
        arguments(
            beneficiary_id="bene_5JU9yv0lGSUP",
            status="action_required",
            request_id="req-7f3a9c20",
            **SPAN,
        ),
    ),
    "payouts.mock_update_status": (
        CallArguments(
            ("payout_E602dMzgjpDC",),
            {
                "status": "action_required",
                "rfi_document_ids": ["rfidoc_5JU9yv0lGSUP", "rfidoc_678a5aa9SKkEr"],
            },
            in_body={"id": "payout_E602dMzgjpDC"},
        ),
    ),
    "payouts.retrieve": (arguments("payout_E602dMzgjpDC"),),
    "payouts.update_rfi": (arguments("payout_E602dMzgjpDC", documents=_RFI),),
    "quotes.create": (
        arguments(
            resource="payout",
            source_currency="USD",
            destination_currency="INR",
            source_amount=10000,
            payment_method={"type": "bank_transfer", "subtype": "swift_transfer"},
        ),
        arguments(
            resource="payin",
            source_currency="USD",
            destination_currency="INR",
            destination_amount=882000,
            payment_method={"type": "bank_transfer", "subtype": "local_transfer"},
            split_ids=["psplit_5JU9yv0lGSUP"],
        ),
    ),
}
