"""Calls around being paid: customers, orders, links, payments, refunds, subscriptions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from .call_arguments import SPAN, CallArguments, arguments

# The description's own days have passed: a link that expires, and a plan that starts, lie ahead.
_SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
_NOTES = {"key1": "value1", "key2": "value2"}
_RFI = [{"id": "doc_67fc2f42468Bw", "rfi_doc_id": "rfidoc_68c8dffedhMHD"}]
_INVOICE: Mapping[str, Any] = {
    "customer_id": "cust_E602dMzgjpDC",
    "document_id": "doc_nYUqLpuYQ0M8",
    "purpose_code": "P1401",
    "invoice_number": "RG12FF590",
    "invoice_description": "Payment requested for services provided",
    "invoice_amount": 1000,
    "reference_number": "R0001",
    "product": {"name": "ShieldGuard Insurance", "description": "Flexible insurance"},
    "notes": _NOTES,
}
_PRICED: Mapping[str, Any] = {
    **_INVOICE,
    "amount": 1000,
    "currency": "USD",
    "payment_methods": ["card", "bank_transfer"],
    "price_id": "price_E602dMzgjpDC",
    "split_ids": ["psplit_5JU9yv0lGSUP"],
}
_PAYER: Mapping[str, Any] = {
    "account_number": "1234567890",
    "bic_primary": "HDFCINBBDEL",
    "bic_secondary": "HDFC0001097",
    "bank_customer_id": "7189204715",
}
_PLAN: Mapping[str, Any] = {
    "customer_id": "cust_5JU9yv0lGSUP",
    "product_name": "ShieldGuard Insurance",
    "product_description": "Flexible, monthly insurance for belongings",
    "plan_name": "ShieldGuard Lite",
    "plan_description": "Simple, monthly insurance plan",
    "currency": "USD",
    "expires_at": (_SOON - timedelta(days=10)).date(),
    "notify_customer": True,
    "starts_with_first_payment": True,
}

CALLS: Mapping[str, tuple[CallArguments, ...]] = {
    "customers.create": (
        arguments(
            name="John Doe",
            customer_type="individual",
            email="payee@example.com",
            phone="+91-9023456789",
            dob="2003-11-29",
            nationality="IND",
            tax_identification_number="BFQPG7654R",
            address="123 Main St",
            city="Anytown",
            state="Anystate",
            country="IND",
            pincode="560048",
            kyc={"pan_number": "BFQPG7654R"},
        ),
    ),
    "customers.create_bank_account": (
        arguments(
            "cust_5JU9yv0lGSUP",
            account_number="1234567890",
            bic_primary="HDFCINBBDEL",
            bic_secondary="HDFC0001097",
        ),
    ),
    "customers.create_lrs_bank_account": (
        arguments(
            "cust_000000000000",
            bank_code="hdfc",
            account_number="000000000000",
            bank_customer_id="7189204715",
        ),
    ),
    "customers.list": (
        arguments(
            customer_type="business",
            email_address="payee@example.com",
            tax_identification_number="BFQPG7654R",
            **SPAN,
        ),
    ),
    "customers.retrieve": (arguments("cust_5JU9yv0lGSUP"),),
    "lrs.create_quote": (
        arguments(
            resource="payin",
            bank_code="hdfc",
            source_amount=100000,
            source_currency="INR",
            target_currency="USD",
        ),
        arguments(
            source_amount=100000, source_currency="USD", target_currency="INR", resource="payout"
        ),
    ),
    "lrs.list_banks": (arguments(),),
    "orders.create": (
        arguments(**_PRICED, bank_account_details=_PAYER, request_id="req-7f3a9c20"),
        arguments(
            **_INVOICE, quote_id="quote_3m4n5o6p7q", bank_account_id="ba_xyz123", request_id="r-2"
        ),
        arguments(
            customer_id="cust_E602dMzgjpDC",
            amount=1028,
            currency="USD",
            lrs={
                "lrs_quote_id": "quote_7575757",
                "remittance_information": "PaymentForLrs",
                "bank_account_id": "acclrs_000000000000",
                "beneficiary_id": "bene_5JU9yv0lGSUP",
            },
            purpose_code="S0001",
            request_id="r-3",
        ),
    ),
    "orders.list": (
        arguments(
            customer_id="cust_E602dMzgjpDC", status="active", request_id="req-7f3a9c20", **SPAN
        ),
    ),
    "orders.retrieve": (arguments("order_678a4c88hpAjf"),),
    "orders.update_rfi": (arguments("order_678a4c88hpAjf", documents=_RFI),),
    "payment_links.cancel": (arguments("e092be15-e614-4401-8cea-7ca3df7da987"),),
    "payment_links.create": (
        arguments(
            **_PRICED,
            bank_account_details=_PAYER,
            expires_at=_SOON,
            reminder_frequency=7,
            notify_customer=False,
        ),
        arguments(**_INVOICE, quote_id="quote_3m4n5o6p7q", bank_account_id="ba_xyz123"),
    ),
    "payment_links.list": (arguments(customer_id="cust_E602dMzgjpDC", status="expired", **SPAN),),
    "payment_links.mock_mark_reviewed": (arguments("payin_E602dMzgjpDC"),),
    "payment_links.retrieve": (arguments("payin_678a4c88hpAjf"),),
    "payment_links.update": (
        arguments("e092be15-e614-4401-8cea-7ca3df7da987", expires_at=_SOON, reminder_frequency=1),
    ),
    "payment_links.update_rfi": (arguments("payin_678a4c88hpAjf", documents=_RFI),),
    "payments.connect_payin": (
        CallArguments(
            ("payt_E602dMzgjpDC",),
            {"extra_body": {"id": "payin_E602dMzgjpDC"}},
            in_body={"id": "payin_E602dMzgjpDC"},
        ),
    ),
    "payments.create": (
        arguments(
            order_id="order_678a4c88hpAjf",
            method="card",
            card={"holder": "John Doe"},
            callback_url="https://shop.example.com/paid",
            request_id="req-7f3a9c20",
        ),
        arguments(
            subscription_id="sub_5JU9yv0lGSUP",
            sequence="subsequent",
            amount=1000,
            currency="USD",
            split_ids=["psplit_5JU9yv0lGSUP"],
            request_id="req-7f3a9c20",
        ),
    ),
    "payments.create_mock": (
        arguments(
            amount=10000,
            currency="AED",
            payin_id="payin_E602dMzgjpDC",
            remitter_name="Non_Sanctioned_Entity",
        ),
        arguments(amount=10000, currency="AED", payment_method="BankTransfer"),
    ),
    "payments.list": (
        arguments(
            customer_id="cust_E602sMzgjpDC",
            status="success",
            compliance_status="approved",
            payin_id="plink_E602dMzgjpDC",
            payment_type="add_funds",
            currency="USD",
            request_id="req-7f3a9c20",
            **SPAN,
        ),
        arguments(subscription_id="sub_68877570b5zeE", **SPAN),
    ),
    # Its paging is not documented; the pager asks for no more than is wanted all the same.
    "payments.list_eligible_payins": (
        CallArguments(("payt_E602dMzgjpDC",), {}, in_query={"per_page": 1}),
    ),
    "payments.mock_funds_available": (arguments("payt_E602dMzgjpDC"),),
    "payments.retrieve": (arguments("payt_E602dMzgjpDC"),),
    "payments.update_rfi": (arguments("payt_E602dMzgjpDC", documents=_RFI),),
    "prices.create": (
        arguments(pricing_type="fixed", fees_currency="USD", fees_amount=1000),
        arguments(pricing_type="percentage", bps=1000, set_as_default=True),
    ),
    "prices.list": (arguments(**SPAN),),
    "prices.retrieve": (arguments("price_E602dMzgjpDC"),),
    "refunds.create": (
        arguments(
            payment_id="payt_E602dMzgjpDC",
            reason="Requested By Customer",
            amount=500,
            document_id="doc_E602dMd2adDC",
            document_url="https://www.example.com/documents/invoice.pdf",
            file_name="invoice",
            request_id="req-7f3a9c20",
        ),
    ),
    "refunds.list": (
        arguments(
            customer_id="cust_E602dMzgjpDC",
            payment_id="payt_E602dMzgjpDC",
            payment_method="card",
            status="under_review",
            request_id="req-7f3a9c20",
            **SPAN,
        ),
    ),
    "refunds.mock_update_status": (arguments("refund_E602dMzgjpDC", status="success"),),
    "refunds.retrieve": (arguments("refund_6776d57dnbTWj"),),
    "refunds.update_rfi": (arguments("refu_E602dMzgjpDC", documents=_RFI),),
    "subscriptions.cancel": (arguments("sub_5JU9yv0lGSUP"),),
    "subscriptions.create": (
        arguments(
            **_PLAN,
            amount=1000,
            interval_type="month",
            interval_count=3,
            billing_cycles=12,
            start_date=_SOON.date(),
        ),
        arguments(
            **_PLAN,
            amount=1000,
            max_amount=1000,
            interval_type="as_presented",
            split_ids=["psplit_5JU9yv0lGSUP"],
            reference_number="R0001",
            notes=_NOTES,
        ),
    ),
    "subscriptions.list": (
        arguments(
            status="active",
            customer_id="cust_5JU9yv0lGSUP",
            start_date="2024-01-01",
            end_date="2024-12-31",
            **SPAN,
        ),
    ),
    "subscriptions.pause": (arguments("sub_5JU9yv0lGSUP"),),
    "subscriptions.resume": (arguments("sub_5JU9yv0lGSUP"),),
    "subscriptions.retrieve": (arguments("sub_5JU9yv0lGSUP"),),
    "subscriptions.update_next_payment_date": (
        arguments("sub_5JU9yv0lGSUP", next_payment_date=_SOON.date()),
    ),
}
