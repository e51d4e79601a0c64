"""Every error text that the vendor publishes can be met in the sandbox, word for word."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from tests.sandbox.error_steps import (
    NO_TERMS,
    Step,
    card,
    completed_subscription,
    customer,
    finished_refund,
    funds,
    get,
    link,
    local_quote,
    locked_refund,
    lrs_account,
    lrs_payout,
    lrs_quote,
    order,
    payee,
    payout,
    post,
    quoted,
    refund,
    repeated_order,
    repeated_payment,
    repeated_refund,
    review,
    rfi_of,
    rotate,
    same_customer,
    same_payee,
    second_attempt,
    settled_twice,
    split,
    subscription,
    subscription_splits,
    subscription_step,
    without_key,
)
from tests.sandbox.shop import Shop
from tests.sandbox.test_platform import MERCHANT
from tests.sandbox.test_subscriptions import ON_DEMAND
from tests.sandbox.test_treasury import CONVERSION

SPLITS = "Validation failed: Split ids"


class Case(NamedTuple):
    text: str
    step: Step
    status: int = 400
    options: dict[str, Any] | None = None


AMOUNT = "Amount must be a positive whole number in the smallest currency unit (e.g., cents)."
UNRESOLVED = f"{SPLITS} are invalid or no longer point at a dynamic rule: psplit_7Kq2mXbTdLp9"
INCOMPLETE = (
    f"{SPLITS} must be declared for every dynamic rule on the dimension, "
    "missing rules: price_Kd82nvQ1TzAe"
)
NOT_ENABLED = f"{SPLITS} are not valid for any enabled payment method: bank_transfer"
ENFORCED = f"{SPLITS} are required when dynamic fee splits are enforced"
LOCKED = "cannot be specified when quote_id is present"
IN_FULL = "You can only send source_amount or target_amount, not both."
STALE = {"require_splits": True}

CUSTOMERS = [
    Case("Customer name cannot be blank.", customer(name=...)),
    Case("Validation failed: Name is invalid", customer(name="snake_case")),
    Case("Customer type must be either Individual or Business.", customer(customer_type="x")),
    Case("Email address is not valid.", customer(email="x")),
    Case("Validation failed: Email has already been taken", same_customer),
    Case("Phone number format is invalid.", customer(phone="x")),
    Case("Address cannot be blank.", customer(address="")),
    Case("City cannot be blank.", customer(city="")),
    Case("State cannot be blank.", customer(state="")),
    Case("Country code must be a valid 3-letter ISO code (e.g., IND, USA).", customer(country="x")),
    Case("Pincode is required for the selected country.", customer(pincode=...)),
    Case("Nationality code must be valid 3-letter ISO.", customer(nationality="x")),
    Case("Date of birth must be in the past.", customer(dob="2030-01-01")),
    Case("Customer not found", get("customer/cust_x"), 404),
]
LRS = [
    Case("Bank account already exists", lrs_account(2)),
    Case("Customer does not exist", post("customer/cust_x/bank_account", {"bank_code": "hdfc"})),
    Case("Validation failed: Account number can't be blank", lrs_account(account_number=...)),
    Case(
        "Validation failed: Bank code HDFC is not a valid bank code", lrs_account(bank_code="HDFC")
    ),
    Case(
        "Validation failed: Bank code axis is not enabled for your business",
        lrs_account(bank_code="axis"),
    ),
    Case(
        "Validation failed: Bank customer ID must contain only digits",
        lrs_account(bank_customer_id="x"),
    ),
    Case("Validation failed: Bank code can't be blank", lrs_quote(bank_code=...)),
    Case(
        "Validation failed: Bank code icici is not enabled for your business",
        lrs_quote(bank_code="icici"),
    ),
    Case("Validation failed: Source currency is not supported", lrs_quote(source_currency="EUR")),
    Case(
        "Validation failed: source_currency and target_currency cannot be the same",
        lrs_quote(target_currency="INR"),
    ),
    Case("Validation failed: Source amount must be an integer", lrs_quote(source_amount=1.5)),
    Case(
        "Amount 100.00 INR is below minimum limit. (Minimum limit is 10.00 USD)",
        lrs_quote(source_amount=10_000),
    ),
    Case(
        "Amount 5,000,000.00 INR exceeds maximum limit. (Maximum limit is 50,000.00 USD)",
        lrs_quote(source_amount=500_000_000),
    ),
    Case(
        "Validation failed: Bank code is not supported for payout quotes",
        lrs_payout(bank_code="hdfc"),
    ),
    Case(
        "Validation failed: payout quotes are only supported from USD to INR",
        lrs_payout(source_currency="INR", target_currency="USD"),
    ),
    Case("No available options for this amount", lrs_payout(source_amount=1)),
    Case(
        "No active exchange rate found",
        lrs_quote(),
        422,
        {"lrs_banks_without_rate": frozenset({"hdfc"})},
    ),
    Case("Missing token", without_key, 401),
    Case("The order has an existing in progress payment", second_attempt),
]
ORDERS = [
    Case("Customer ID must start with cust_ and be valid.", order(customer_id="x")),
    Case("Customer not found", order(customer_id="cust_x"), 404),
    Case(AMOUNT, order(amount=0)),
    Case("amount must be an integer", order(amount="1000")),
    Case("Currency not supported", order(currency="INR")),
    Case("Order already exists for this request_id", repeated_order),
    Case("Invalid customer_id", get("orders", customer_id="x")),
    Case("Invalid rfi_doc_id or order not in action_required status", rfi_of("order", "orders")),
]
LINKS = [
    Case("Validation failed: Expires at must be in the future", link(expires_at="2026-01-01")),
    Case(
        "Validation failed: Expires at cannot be more than 6 months from now",
        link(expires_at="2028-01-01"),
    ),
    Case(IN_FULL, link(source_amount=1, target_amount=1)),
    Case("Payment link is not under review.", review),
    Case("Invalid customer_id", get("payin", customer_id="x")),
    Case(
        "Invalid rfi_doc_id or payment link not in action_required status",
        rfi_of("link", "payin"),
    ),
]
PAYINS = [
    case
    for ask in ("ask_order", "ask_link")
    for case in (
        Case("quote_id has already been used", quoted(ask, "used")),
        Case("quote_id has expired", quoted(ask, "expired")),
        Case("quote_id is not a payin quote", quoted(ask, "payout")),
        Case(f"{SPLITS} {LOCKED}", split(ask, "quoted")),
        Case(UNRESOLVED, split(ask, "unknown")),
        Case(INCOMPLETE, split(ask, "incomplete")),
        Case(NOT_ENABLED, split(ask, "not enabled")),
        Case(ENFORCED, split(ask, "none"), 400, STALE),
    )
] + [
    case
    for ask in (order, link)
    for case in (
        Case("quote_id not found", ask(**{**NO_TERMS, "quote_id": "quote_x"})),
        *(
            Case(f"{name} {LOCKED}", ask(**{**NO_TERMS, "quote_id": "quote_x", name: value}))
            for name, value in (
                ("amount", 1),
                ("currency", "USD"),
                ("price_id", "price_1"),
                ("payment_methods", ["card"]),
            )
        ),
    )
]
PAYMENTS = [
    Case("Card is not a valid test card", card("4242424242424242")),
    Case("Payment already exists for this request_id", repeated_payment),
    Case("Payment must be in success status", funds("loose")),
    Case("Payment must be from LRS gateway", funds("order")),
    Case(
        "Payment must not have direct settlement enabled",
        funds("lrs"),
        400,
        {"direct_settlement": True},
    ),
    Case("No transaction found for payment", funds("lrs", hidden=True)),
    Case("Transaction already has funds available", funds("lrs", 2)),
]
REFUNDS = [
    Case("Partial refunds are not enabled for this business", refund(amount=1)),
    Case("Refund is already in progress.", refund(2)),
    Case("Refund already exists for this request_id", repeated_refund),
    Case("Refund is being processed", locked_refund, 409),
    Case("Refund cannot be marked success.", finished_refund),
]
SUBSCRIPTIONS = [
    Case("Customer not found", subscription(customer_id="cust_x")),
    Case("Subscription not found", get("subscriptions/sub_x"), 404),
    Case(
        "Validation failed: Expires at must be today or in the future",
        subscription(expires_at="2026-09-08"),
    ),
    Case(
        "Validation failed: Expires at cannot be more than 1 months from today",
        subscription(expires_at="2026-10-10"),
    ),
    Case(
        f"{SPLITS} are only supported for as_presented subscriptions",
        subscription(split_ids=["psplit_1"]),
    ),
    Case(UNRESOLVED, subscription(plan=ON_DEMAND, split_ids=["psplit_7Kq2mXbTdLp9"])),
    Case(INCOMPLETE, subscription_splits),
    Case("Subscription cannot be cancelled from current state: completed", completed_subscription),
    Case(
        "Subscription cannot be paused from current state: cancelled",
        subscription_step("pause", "cancel"),
    ),
    Case("Subscription cannot be resumed from current state: active", subscription_step("resume")),
]
PAYOUTS = [
    Case("Record already exists", payout(2, request_id="p"), 409),
    Case("Source currency is not supported", payout(source_currency="INR")),
    Case("Invoice number must be 50 characters or less", payout(invoice_number="x" * 51)),
    Case(f"source_amount {LOCKED}", payout(quote_id="quote_x")),
    Case("local_transfer is not supported for SGD destination", local_quote("SGD")),
    Case("Category can't be blank, Category must be one of: lrs, payout", payee("category", ...)),
    Case("Category must be one of: lrs, payout", payee("category", "x")),
    Case("Beneficiary name can't be blank", payee("beneficiary.name", "")),
    Case("Beneficiary address is required", payee("beneficiary.address", ...)),
    Case("Swift code must be 8 to 11 characters long", payee("bank_account.swift_code", "x")),
    Case(
        "Validation failed: Business already had this Account Number, Account Type and "
        "Transfer Method",
        same_payee,
        422,
    ),
]
OTHERS = [
    Case(IN_FULL, post("balance_conversions", {**CONVERSION, "target_amount": 1})),
    Case("Validation failed: Expire after in seconds must be an integer", rotate("3600")),
    Case(
        "Validation failed: Expire after in seconds must be between 0 and 604800", rotate(604_801)
    ),
    Case("Payments cannot be settled: some payments are already settled", settled_twice, 422),
    Case(
        "Validation failed: currency is not a valid currency",
        post("settlements", {"amount": 1, "balance_currency": "XXX"}),
    ),
    Case("Missing Required parameters", post("virtual-accounts", {})),
    Case(
        "Virtual Account already exists",
        post("virtual-accounts", {"payment_type": "local", "currency": "USD"}, 2),
        409,
    ),
    Case("Invalid merchant ID format", get("platform/merchants/x")),
    Case("Merchant with the specified ID was not found", get("platform/merchants/merch_x"), 404),
    Case("Invalid request data", post("platform/merchants", [])),
    Case(
        "Invalid request data",
        post("platform/merchants", {**MERCHANT, "operation_countries": [356]}),
    ),
    Case("Invalid request data", post("internal-transfer", "all of it")),
    Case("name is missing", post("platform/merchants", {**MERCHANT, "name": ""})),
]
ALL = [
    pytest.param(case, id=f"{name} {number} {case.text[:40]}")
    for name, cases in (
        ("customers", CUSTOMERS),
        ("lrs", LRS),
        ("orders", ORDERS),
        ("links", LINKS),
        ("payins", PAYINS),
        ("payments", PAYMENTS),
        ("refunds", REFUNDS),
        ("subscriptions", SUBSCRIPTIONS),
        ("payouts", PAYOUTS),
        ("others", OTHERS),
    )
    for number, case in enumerate(cases)
]


@pytest.mark.parametrize("case", ALL)
async def test_every_published_error_can_be_met(make_api: Any, case: Case) -> None:
    shop = Shop(make_api(**{"lrs_banks": ("hdfc",), **(case.options or {})}))
    response = await case.step(shop)
    assert response.status_code == case.status, response.text
    body = response.json()
    assert body.get("message", body.get("error")) == case.text
