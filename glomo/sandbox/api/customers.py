"""`/customer`, and the bank accounts of customers."""

from __future__ import annotations

import re

from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.errors import bad_request, not_found
from glomo.sandbox.engine.lrs import BANKS
from glomo.sandbox.engine.store import Record, public

from . import customer_request, fields
from .endpoint import Json, Request, Resource, Response, Route
from .paging import page_of

KIND = "customer"
ACCOUNT = "customer_account"
LRS_ACCOUNT = "lrs_account"
_UNIQUE = (KIND, "_unique")
_OWNER = (ACCOUNT, "customer_id")
_IDENTITY_FIELDS = (LRS_ACCOUNT, "_unique")
_DIGITS = re.compile(r"[0-9]+")


def customer_of(account: Account, body: Json) -> Record:
    """The customer that a body names; raises a 400 or 404."""
    customer_id = fields.text(body, "customer_id")
    if customer_id is None or not customer_id.startswith("cust_"):
        raise bad_request("Customer ID must start with cust_ and be valid.")
    customer = account.store.get(KIND, customer_id)
    if customer is None:
        raise not_found("Customer")
    return customer


def bank_account(body: Json) -> Record:
    """The account in a body, by which a customer's transfers are verified."""
    number = fields.text(body, "account_number")
    if number is None:
        raise bad_request("Validation failed: Account number can't be blank")
    names = ("bic_primary", "bic_secondary", "bank_customer_id")
    details = {name: fields.text(body, name) for name in names}
    if details["bic_primary"] is None and details["bic_secondary"] is None:
        raise bad_request("Either bic_primary or bic_secondary must be provided")
    return {"account_number": number, **details}


def active_account(account: Account, customer_id: str) -> Record | None:
    """The account that a customer's transfers are verified against, or None."""
    accounts = account.store.find(*_OWNER, customer_id)
    return next((account for account in accounts if account["status"] == "active"), None)


def _create(request: Request) -> Response:
    account = request.account
    details = customer_request.read(request.json(), account.now().date())
    unique = f"{details['email'].lower()}/{details['country']}"
    if account.store.find(*_UNIQUE, unique):
        raise bad_request("Validation failed: Email has already been taken")
    customer_id = account.new_id("cust", KIND)
    customer = {
        "id": customer_id,
        **details,
        "status": "active",
        **account.stamps(),
        "_unique": unique,
    }
    with account.engine.transaction():
        account.store.put(KIND, customer_id, customer)
    return Response(public(customer), 201)


def _list(request: Request) -> Response:
    query = request.query
    kind, email = query.get("customer_type"), query.get("email_address")
    tax_number = query.get("tax_identification_number")
    if kind:
        fields.choice("customer_type", kind, customer_request.TYPES)
    if tax_number:
        tax_number = customer_request.pan(tax_number)

    def matches(customer: Record) -> bool:
        return (
            (not kind or customer["customer_type"] == kind)
            and (not email or customer["email"].lower() == email.lower())
            and (not tax_number or customer.get("tax_identification_number") == tax_number)
        )

    return page_of(request, request.account.store.all(KIND), matches)


def _of_path(request: Request) -> Record:
    customer = request.account.store.get(KIND, request.id("cust"))
    if customer is None:
        raise not_found("Customer")
    return customer


def _retrieve(request: Request) -> Response:
    return Response(public(_of_path(request)))


def _create_bank_account(request: Request) -> Response:
    account, customer = request.account, _of_path(request)
    details = bank_account(request.json())
    account_id = account.new_id("ba", ACCOUNT)
    created = {
        "id": account_id,
        "customer_id": customer["id"],
        **details,
        "status": "active",
        **account.stamps(),
    }
    with account.engine.transaction():
        before = active_account(account, customer["id"])
        if before is not None:
            account.store.put(ACCOUNT, before["id"], account.updated(before, status="inactive"))
        account.store.put(ACCOUNT, account_id, created)
    return Response(public(created), 201)


def _create_lrs_bank_account(request: Request) -> Response:
    account, body = request.account, request.json()
    customer = account.store.get(KIND, request.id("cust"))
    if customer is None:
        raise bad_request("Customer does not exist")
    number = fields.text(body, "account_number")
    if number is None:
        raise bad_request("Validation failed: Account number can't be blank")
    if not _DIGITS.fullmatch(number):
        raise bad_request("Validation failed: Account number must contain only digits")
    bank_code = lrs_bank(account, body)
    bank_customer_id = fields.text(body, "bank_customer_id")
    if bank_customer_id is not None and not _DIGITS.fullmatch(bank_customer_id):
        raise bad_request("Validation failed: Bank customer ID must contain only digits")
    unique = f"{bank_code}/{number}"
    if account.store.find(*_IDENTITY_FIELDS, unique):
        raise bad_request("Bank account already exists")
    account_id = account.new_id("acclrs", LRS_ACCOUNT)
    created: Record = {"id": account_id, "bank_code": bank_code, "account_number": number}
    if bank_customer_id is not None:
        created["bank_customer_id"] = bank_customer_id
    created |= {"_customer": customer["id"], "_unique": unique}
    with account.engine.transaction():
        account.store.put(LRS_ACCOUNT, account_id, created)
    return Response(public(created), 201)


def lrs_bank(account: Account, body: Json) -> str:
    """The `bank_code` in a body; raises a 400 unless the bank is enabled for LRS."""
    bank_code = fields.text(body, "bank_code")
    if bank_code is None:
        raise bad_request("Validation failed: Bank code can't be blank")
    if bank_code not in BANKS:
        raise bad_request(f"Validation failed: Bank code {bank_code} is not a valid bank code")
    if bank_code not in account.options.lrs_banks:
        raise bad_request(
            f"Validation failed: Bank code {bank_code} is not enabled for your business"
        )
    return bank_code


RESOURCE = Resource(
    routes=(
        Route("customers.create", "POST", "/customer", _create),
        Route("customers.list", "GET", "/customer", _list),
        Route("customers.retrieve", "GET", "/customer/{id}", _retrieve),
        Route(
            "customers.create_bank_account",
            "POST",
            "/customer/{id}/bank-accounts",
            _create_bank_account,
        ),
        Route(
            "customers.create_lrs_bank_account",
            "POST",
            "/customer/{id}/bank_account",
            _create_lrs_bank_account,
        ),
    ),
    indexes=(_UNIQUE, _OWNER, _IDENTITY_FIELDS),
)
