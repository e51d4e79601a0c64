"""Calls around being paid: customers, orders, links, payments, refunds, subscriptions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from .made import SPAN, Made, made

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

CALLS: Mapping[str, tuple[Made, ...]] = {
    "customers.create": (
        made(
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
        made(
            "cust_5JU9yv0lGSUP",
            account_number="1234567890",
            bic_primary="HDFCINBBDEL",
            bic_secondary="HDFC0001097",
        ),
    ),
    "customers.create_lrs_bank_account": (
        made(
            "cust_000000000000",
            bank_code="hdfc",
            account_number="000000000000",
            bank_customer_id="7189204715",
        ),
    ),
    "customers.list": (
        made(
            customer_type="business",
            email_address="payee@example.com",
            tax_identification_number="BFQPG7654R",
            **SPAN,
        ),
    ),
    "customers.retrieve": (made("cust_5JU9yv0lGSUP"),),
    "lrs.create_quote": (
        made(
            resource="payin",
            bank_code="hdfc",
            source_amount=100000,
            source_currency="INR",
            target_currency="USD",
        ),
        made(source_amount=100000, source_currency="USD", target_currency="INR", resource="payout"),
    ),
    "lrs.list_banks": (made(),),
    "orders.create": (
        made(**_PRICED, bank_account_details=_PAYER, request_id="req-7f3a9c20"),
        made(
            **_INVOICE, quote_id="quote_3m4n5o6p7q", bank_account_id="ba_xyz123", request_id="r-2"
        ),
        made(
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
        made(customer_id="cust_E602dMzgjpDC", status="active", request_id="req-7f3a9c20", **SPAN),
    ),
    "orders.retrieve": (made("order_678a4c88hpAjf"),),
    "orders.update_rfi": (made("order_678a4c88hpAjf", documents=_RFI),),
    "payment_links.cancel": (made("e092be15-e614-4401-8cea-7ca3df7da987"),),
    "payment_links.create": (
        made(
            **_PRICED,
            bank_account_details=_PAYER,
            expires_at=_SOON,
            reminder_frequency=7,
            notify_customer=False,
        ),
        made(**_INVOICE, quote_id="quote_3m4n5o6p7q", bank_account_id="ba_xyz123"),
    ),
    "payment_links.list": (made(customer_id="cust_E602dMzgjpDC", status="expired", **SPAN),),
    "payment_links.mock_mark_reviewed": (made("payin_E602dMzgjpDC"),),
    "payment_links.retrieve": (made("payin_678a4c88hpAjf"),),
    "payment_links.update": (
        made("e092be15-e614-4401-8cea-7ca3df7da987", expires_at=_SOON, reminder_frequency=1),
    ),
    "payment_links.update_rfi": (made("payin_678a4c88hpAjf", documents=_RFI),),
    "payments.connect_payin": (
        Made(
            ("payt_E602dMzgjpDC",),
            {"extra_body": {"id": "payin_E602dMzgjpDC"}},
            in_body={"id": "payin_E602dMzgjpDC"},
        ),
    ),
    "payments.create": (
        made(
            order_id="order_678a4c88hpAjf",
            method="card",
            card={"holder": "John Doe"},
            callback_url="https://shop.example.com/paid",
            request_id="req-7f3a9c20",
        ),
        made(
            subscription_id="sub_5JU9yv0lGSUP",
            sequence="subsequent",
            amount=1000,
            currency="USD",
            split_ids=["psplit_5JU9yv0lGSUP"],
            request_id="req-7f3a9c20",
        ),
    ),
    "payments.create_mock": (
        made(
            amount=10000,
            currency="AED",
            payin_id="payin_E602dMzgjpDC",
            remitter_name="Non_Sanctioned_Entity",
        ),
        made(amount=10000, currency="AED", payment_method="BankTransfer"),
    ),
    "payments.list": (
        made(
            customer_id="cust_E602sMzgjpDC",
            status="success",
            compliance_status="approved",
            payin_id="plink_E602dMzgjpDC",
            payment_type="add_funds",
            currency="USD",
            request_id="req-7f3a9c20",
            **SPAN,
        ),
        made(subscription_id="sub_68877570b5zeE", **SPAN),
    ),
    # Its paging is not documented; the pager asks for no more than is wanted all the same.
    "payments.list_eligible_payins": (Made(("payt_E602dMzgjpDC",), {}, in_query={"per_page": 1}),),
    "payments.mock_funds_available": (made("payt_E602dMzgjpDC"),),
    "payments.retrieve": (made("payt_E602dMzgjpDC"),),
    "payments.update_rfi": (made("payt_E602dMzgjpDC", documents=_RFI),),
    "prices.create": (
        made(pricing_type="fixed", fees_currency="USD", fees_amount=1000),
        made(pricing_type="percentage", bps=1000, set_as_default=True),
    ),
    "prices.list": (made(**SPAN),),
    "prices.retrieve": (made("price_E602dMzgjpDC"),),
    "refunds.create": (
        made(
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
        made(
            customer_id="cust_E602dMzgjpDC",
            payment_id="payt_E602dMzgjpDC",
            payment_method="card",
            status="under_review",
            request_id="req-7f3a9c20",
            **SPAN,
        ),
    ),
    "refunds.mock_update_status": (made("refund_E602dMzgjpDC", status="success"),),
    "refunds.retrieve": (made("refund_6776d57dnbTWj"),),
    "refunds.update_rfi": (made("refu_E602dMzgjpDC", documents=_RFI),),
    "subscriptions.cancel": (made("sub_5JU9yv0lGSUP"),),
    "subscriptions.create": (
        made(
            **_PLAN,
            amount=1000,
            interval_type="month",
            interval_count=3,
            billing_cycles=12,
            start_date=_SOON.date(),
        ),
        made(
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
        made(
            status="active",
            customer_id="cust_5JU9yv0lGSUP",
            start_date="2024-01-01",
            end_date="2024-12-31",
            **SPAN,
        ),
    ),
    "subscriptions.pause": (made("sub_5JU9yv0lGSUP"),),
    "subscriptions.resume": (made("sub_5JU9yv0lGSUP"),),
    "subscriptions.retrieve": (made("sub_5JU9yv0lGSUP"),),
    "subscriptions.update_next_payment_date": (
        made("sub_5JU9yv0lGSUP", next_payment_date=_SOON.date()),
    ),
}
