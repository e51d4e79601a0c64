"""Customers, beneficiaries and merchants: who pays, is paid, or is onboarded."""

from __future__ import annotations

import re
from typing import Any

from glomo import id_prefixes
from glomo._errors_base import preview
from glomo.models.beneficiaries import BeneficiaryCategory, BeneficiaryType, ReviewAction
from glomo.models.customers import CustomerType
from glomo.models.platform import Gender, MerchantEntityType

from . import dates
from .checks import Checks, field_of
from .payins import check_account

_NAME = re.compile(r"[A-Za-z0-9 &.,'-]{2,128}\Z")
_LRS_NAME = re.compile(r"[A-Za-z0-9 ]{2,128}\Z")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\Z")
_SWIFT = re.compile(r"[A-Za-z]{6}[A-Za-z0-9]{2,5}\Z")
_ACCOUNT_TO_VALIDATE = (
    "country",
    "holder_name",
    "account_number",
    "bic_primary",
    "bic_secondary",
)
_BENEFICIARY_V1 = (
    "beneficiary_type",
    "account_number",
    "holder_name",
    "bic_primary",
    "bic_secondary",
    "bank_name",
    "address_line1",
    "email",
    "city",
    "state",
    "country",
    "pincode",
    "nickname",
)
_MERCHANT = (
    "name",
    "address_line1",
    "city",
    "state",
    "pincode",
    "registration_number",
    "registration_country",
    "entity_type",
    "category",
    "sub_category",
    "operation_countries",
)


# ------------------------------------------------------------------ customers


def check_customer(customer: Checks) -> None:
    """A customer; one with a PAN remits under LRS, by stricter rules."""
    customer.present("name", "customer_type", "email", "address", "city", "state", "country")
    lrs = customer["tax_identification_number"] is not None
    if customer.nested("kyc"):
        pan = field_of(customer["kyc"], "pan_number")
        lrs = lrs or pan is not None
        if pan is not None and (not isinstance(pan, str) or not pan):
            customer.refuse("kyc.pan_number", "must be the text of a PAN")
    name = customer["name"]
    if not (isinstance(name, str) and _NAME.match(name)):
        customer.refuse(
            "name", f"is 2 to 128 letters, digits, spaces and & . , ' -, not {preview(name)}"
        )
    if lrs and not _LRS_NAME.match(name):
        customer.refuse(
            "name", f"of an LRS customer has letters, digits and spaces, not {preview(name)}"
        )
    if lrs:
        customer.present("phone")
    customer.one_of("customer_type", tuple(CustomerType))
    _check_email(customer, "email")
    customer.text("address", "city", "state", "pincode", "phone")
    customer.country("country")
    customer.country("nationality")
    date_of_birth = customer.day("dob")
    if date_of_birth is not None and date_of_birth >= dates.today():
        customer.refuse("dob", f"must be in the past, not {date_of_birth}")


def _check_email(call: Checks, name: str) -> None:
    value = call[name]
    if not (isinstance(value, str) and _EMAIL.match(value)):
        call.refuse(name, f"is not an email address: {preview(value)}")


def check_customer_filters(customers: Checks) -> None:
    """What the list of customers can be asked for."""
    customers.one_of("customer_type", tuple(CustomerType))


def check_bank_account(account: Checks) -> None:
    """The account that a customer pays from."""
    check_account(
        account, {n: account[n] for n in ("account_number", "bic_primary", "bic_secondary")}
    )


def check_lrs_bank_account(account: Checks) -> None:
    """The Indian account that LRS remittances come from."""
    account.present("bank_code", "account_number")
    account.text("bank_code")
    account.digits("account_number", "bank_customer_id")


def check_account_validation(account: Checks) -> None:
    """A beneficiary's account, or one in full."""
    if "id" in account:
        account.present("id")
        account.prefix("id", *id_prefixes.BENEFICIARY)
        account.none_with("id", *_ACCOUNT_TO_VALIDATE)
    elif all(name not in account for name in _ACCOUNT_TO_VALIDATE):
        account.refuse("id", f"is required, or all of {', '.join(_ACCOUNT_TO_VALIDATE)}")
    else:
        account.present(*_ACCOUNT_TO_VALIDATE)
        account.country("country", any_case=True)


# ------------------------------------------------------------------ beneficiaries


def check_beneficiary(checks: Checks) -> None:
    """Who is paid, and by a bank account or a UPI id."""
    checks.present("category", "beneficiary")
    checks.one_of("category", tuple(BeneficiaryCategory))
    checks.exactly_one("bank_account", "upi_account")
    checks.nested("beneficiary")
    party = checks["beneficiary"]
    for name in ("name", "type", "address"):
        if not field_of(party, name):
            checks.refuse(f"beneficiary.{name}", "is required")
    if field_of(party, "type") not in tuple(BeneficiaryType):
        checks.refuse("beneficiary.type", f"must be {' or '.join(BeneficiaryType)}")
    _check_address(checks, "beneficiary.address", field_of(party, "address"))
    documents = field_of(party, "documents")
    if documents is not None:
        Checks("beneficiaries.create", {"beneficiary.documents": documents}).listed(
            "beneficiary.documents", "['doc_1']", prefixes=id_prefixes.DOCUMENT
        )
    lrs = checks["category"] == BeneficiaryCategory.LRS
    if checks.nested("bank_account"):
        _check_beneficiary_account(checks, checks["bank_account"], lrs=lrs)
    elif lrs:
        checks.refuse("bank_account", "is required for lrs")
    if checks.nested("upi_account") and not field_of(checks["upi_account"], "upi_id"):
        checks.refuse("upi_account.upi_id", "is required")
    checks.notes()


def _check_address(checks: Checks, where: str, address: Any) -> None:
    for name in ("address_line1", "city", "state", "country_code"):
        if not field_of(address, name):
            checks.refuse(f"{where}.{name}", "is required")
    checks.country(f"{where}.country_code", value=field_of(address, "country_code"))


def _check_beneficiary_account(checks: Checks, account: Any, *, lrs: bool) -> None:
    for name in ("account_number", "currency"):
        value = field_of(account, name)
        if not isinstance(value, str) or not value:
            checks.refuse(f"bank_account.{name}", "is required, as text")
    swift, local = field_of(account, "swift_code"), field_of(account, "local_routing_number")
    _check_swift(checks, "bank_account.swift_code", swift)
    bank = field_of(account, "intermediate_bank")
    _check_swift(checks, "bank_account.intermediate_bank.swift_code", field_of(bank, "swift_code"))
    address = field_of(account, "address")
    if address is not None:
        _check_address(checks, "bank_account.address", address)
    if lrs:
        if not local:
            checks.refuse("bank_account.local_routing_number", "is required for lrs")
        if swift and len(swift) != 8:
            checks.refuse("bank_account.swift_code", "must be 8 characters for lrs")
        for name in ("name", "address"):
            if not field_of(account, name):
                checks.refuse(f"bank_account.{name}", "is required for lrs")
        if not field_of(bank, "swift_code"):
            checks.refuse("bank_account.intermediate_bank.swift_code", "is required for lrs")
    elif swift and local:
        checks.refuse("bank_account", "takes swift_code or local_routing_number, not both")
    elif not swift and not local and field_of(account, "currency") not in ("EUR", "AED"):
        checks.refuse(
            "bank_account",
            "needs swift_code or local_routing_number; only EUR and AED go by IBAN alone",
        )


def _check_swift(checks: Checks, where: str, code: object) -> None:
    if code and not (isinstance(code, str) and _SWIFT.match(code)):
        checks.refuse(where, "must be 8 to 11 characters, the first 6 of them letters")


def check_review(review: Checks) -> None:
    """The outcome of a review in the sandbox."""
    review.present("review_action")
    review.one_of("review_action", tuple(ReviewAction))


def check_beneficiary_v1(checks: Checks) -> None:
    """A beneficiary of the first version."""
    checks.present(*_BENEFICIARY_V1)
    checks.one_of("beneficiary_type", tuple(BeneficiaryType))
    for name in ("country", "intermediate_bank_country"):
        checks.country(name, any_case=True)


# ------------------------------------------------------------------ merchants


def check_merchant(merchant: Checks) -> None:
    """A merchant to onboard; individuals are known by birth and gender too."""
    merchant.present(*_MERCHANT)
    merchant.one_of("entity_type", tuple(MerchantEntityType))
    if merchant["entity_type"] == MerchantEntityType.INDIVIDUAL:
        merchant.present("date_of_birth", "gender")
    merchant.one_of("gender", tuple(Gender))
    merchant.country("registration_country")
    merchant.listed("operation_countries", "['IND']")
    for n, code in enumerate(merchant["operation_countries"]):
        merchant.country(f"operation_countries[{n}]", value=code)
    merchant.day("date_of_birth")


def check_target_status(step: Checks) -> None:
    """A step of the sandbox; only one is documented, so others are left to the API."""
    step.present("target_status")
    step.text("target_status")
