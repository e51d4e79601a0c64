"""What the bodies of `POST /orders` and `POST /payin` have in common, read and checked."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import cast

from glomo.sandbox.engine import payins, quotes, splits
from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.errors import bad_request
from glomo.sandbox.engine.options import PAYMENT_METHODS
from glomo.sandbox.engine.payment_fees import customer_fees
from glomo.sandbox.engine.rates import SOURCE_CURRENCIES
from glomo.sandbox.engine.store import Record

from . import fields
from .customers import active_account, bank_account, customer_of
from .documents import attachable
from .endpoint import Json
from .prices import price_of

_FIXED_BY_QUOTE = {
    payins.ORDER: ("amount", "currency", "price_id", "payment_methods"),
    payins.LINK: ("amount", "currency", "expires_at", "price_id", "payment_methods"),
}
_BESIDE_QUOTE = frozenset(
    {
        "quote_id",
        "customer_id",
        "purpose_code",
        "document_id",
        "invoice_number",
        "invoice_description",
        "invoice_amount",
        "reference_number",
        "product",
        "notes",
        "bank_account_details",
        "bank_account_id",
    }
)
_OF_KIND = {
    payins.ORDER: frozenset({"request_id"}),
    payins.LINK: frozenset({"request_id", "notify_customer", "reminder_frequency"}),
}
"""Links have no `request_id`, but the live API ignores one rather than reject it."""

_AMOUNT = "Amount must be a positive whole number in the smallest currency unit (e.g., cents)."


@dataclass(frozen=True, slots=True)
class Terms:
    """What a payin asks for: `fields` as the API shows them, and the sandbox's own."""

    fields: Record
    quote: Record | None = None
    own: Record = field(default_factory=dict[str, object])


def quote_of(account: Account, body: Json, kind: str) -> Record | None:
    """The quote that a body names, if it names one; the first thing a resend fails on."""
    quote_id = fields.text(body, "quote_id")
    if quote_id is None:
        return None
    for name in _FIXED_BY_QUOTE[kind]:
        if body.get(name) is not None:
            raise bad_request(f"{name} cannot be specified when quote_id is present")
    if body.get("split_ids") is not None:
        raise bad_request(
            "Validation failed: Split ids cannot be specified when quote_id is present"
        )
    fields.permit(body, _BESIDE_QUOTE | _OF_KIND[kind])
    return quotes.usable(account, quote_id, "payin")


def terms(account: Account, body: Json, quote: Record | None, *, strict_methods: bool) -> Terms:
    """Amount, currency, methods and fees, from the quote if there is one.

    With `strict_methods` a payment method that is not enabled is a 400, otherwise it is ignored.
    """
    if quote is not None:
        fields: Record = {
            "amount": quote["destination_amount"],
            "currency": quote["destination_currency"],
            "payment_methods": [quote["method"]["payment_method"]],
        }
        own: Record = {
            "_quoted": [quote["source_amount"], quote["source_currency"]],
            "_quoted_fees": quote["fees"],
            "_customer_fees": {},
        }
        return Terms(fields, quote, own)
    methods = _methods(account, body, strict=strict_methods)
    fields = {
        "amount": _amount(body),
        "currency": currency_of(body),
        "payment_methods": methods,
        "price_id": price_of(account, body),
        "split_ids": split_ids(body),
    }
    declared = splits.resolve(account, fields["split_ids"] or [], methods)
    return Terms(
        fields, None, {"_customer_fees": customer_fees(account, fields["amount"], declared)}
    )


def details(account: Account, body: Json, amount: int) -> Record:
    """Customer, purpose, invoice, product and bank account, without what was left out."""
    customer = customer_of(account, body)
    document = fields.text(body, "document_id")
    invoice_amount = _invoice_amount(body, amount)
    details: Record = {
        "customer_id": customer["id"],
        "purpose_code": purpose_code(account, body),
        "document_id": None if document is None else attachable(account, document),
        "invoice_number": fields.text(body, "invoice_number"),
        "invoice_description": fields.text(body, "invoice_description"),
        "invoice_amount": invoice_amount,
        "reference_number": fields.text(body, "reference_number"),
        "product": _product(body),
        "bank_account_details": _bank_account(account, body, customer["id"]),
    }
    return {
        **{key: value for key, value in details.items() if value is not None},
        "notes": fields.notes(body),
    }


def purpose_code(account: Account, body: Json, allowed: Iterable[str] | None = None) -> str | None:
    """The purpose code, or the account's own; raises a 400 if it is no payin code."""
    code = fields.text(body, "purpose_code")
    if code is None:
        return account.options.purpose_code
    if code not in (_payin_codes() if allowed is None else allowed):
        raise bad_request("Validation failed: Purpose code is invalid")
    return code


def currency_of(body: Json) -> str:
    """`currency`, one of those that payins may have."""
    currency = fields.required(body, "currency")
    if currency not in SOURCE_CURRENCIES:
        raise bad_request("Currency not supported")
    return currency


def split_ids(body: Json) -> list[str] | None:
    """`split_ids`, if there are any."""
    value = body.get("split_ids")
    if value is None:
        return None
    if not isinstance(value, list):
        raise bad_request("split_ids must be an array")
    items = cast("list[object]", value)
    if not all(isinstance(item, str) for item in items):
        raise bad_request("split_ids must contain ids that start with 'psplit_'")
    return cast("list[str]", items) or None


def _amount(body: Json) -> int:
    value = body.get("amount")
    if value is None:
        raise bad_request("amount is missing")
    if isinstance(value, int) and not isinstance(value, bool) and value < 1:
        raise bad_request(_AMOUNT)
    amount = fields.amount(body, "amount")
    assert amount is not None  # it is there, see above
    return amount


def _invoice_amount(body: Json, amount: int) -> int | None:
    invoice = fields.amount(body, "invoice_amount")
    if invoice is not None and invoice < amount:
        raise bad_request(
            "Validation failed: Invoice amount must be greater than or equal to amount"
        )
    return invoice


def _methods(account: Account, body: Json, *, strict: bool) -> list[str]:
    enabled = [method for method in PAYMENT_METHODS if method in account.options.payment_methods]
    value = body.get("payment_methods")
    if value is None:
        return enabled
    if not isinstance(value, list):
        raise bad_request("payment_methods must be an array")
    requested = list(dict.fromkeys(str(method) for method in cast("list[object]", value)))
    for method in requested:
        if method not in PAYMENT_METHODS:
            raise bad_request("payment_methods does not have a valid value")
        if method not in enabled and strict:
            raise bad_request(f"Payment method {method} is not enabled for your business")
    return [method for method in requested if method in enabled] or enabled


def _product(body: Json) -> Record | None:
    product = fields.part(body, "product")
    if product is None:
        return None
    read = {"name": fields.required(product, "name")}
    description = fields.text(product, "description")
    return read if description is None else {**read, "description": description}


def _bank_account(account: Account, body: Json, customer_id: str) -> Record | None:
    details, registered = fields.part(body, "bank_account_details"), body.get("bank_account_id")
    if details is not None:
        if registered is not None:
            raise bad_request("Only one of bank_account_id or bank_account_details can be provided")
        return bank_account(details)
    if registered is not None:
        active = active_account(account, customer_id)
        if active is None or active["id"] != registered:
            raise bad_request("bank_account_id is not an active account of the customer")
    return None


@cache
def _payin_codes() -> frozenset[str]:
    lines = files("glomo").joinpath("data/purpose_codes.csv").read_text("utf-8").splitlines()
    return frozenset(row["code"] for row in csv.DictReader(lines) if row["direction"] == "payin")
