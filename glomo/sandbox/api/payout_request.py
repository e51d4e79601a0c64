"""The body of `POST /payouts`, read and checked field by field."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from glomo.sandbox.engine.errors import bad_request
from glomo.sandbox.engine.payouts import REPATRIATION
from glomo.sandbox.engine.rails import ALL_RAILS, RAILS_OF
from glomo.sandbox.engine.rates import DESTINATION_CURRENCIES, SOURCE_CURRENCIES

from . import fields
from .endpoint import Json

_FIXED_BY_QUOTE = (
    "source_amount",
    "destination_amount",
    "source_currency",
    "destination_currency",
    "payment_rail",
)
_FIELDS = frozenset(
    {
        *_FIXED_BY_QUOTE,
        "quote_id",
        "beneficiary_id",
        "purpose_code",
        "invoice_number",
        "request_id",
        "documents",
        "notes",
    }
)
_LEGACY = re.compile(r"PYR\d{3}")


@dataclass(frozen=True, slots=True)
class Terms:
    """What is sent, and how. Of inline terms exactly one of the two amounts is set."""

    source_currency: str
    destination_currency: str
    source_amount: int | None
    destination_amount: int | None
    payment_rail: str


@dataclass(frozen=True, slots=True)
class PayoutRequest:
    """What the caller wants paid, on terms of its own or on those of a quote."""

    beneficiary_id: str
    purpose_code: str
    quote_id: str | None
    terms: Terms | None
    invoice_number: str | None
    request_id: str | None
    documents: list[str]
    notes: dict[str, str] | None


def read(body: Json) -> PayoutRequest:
    """The request in a body; raises the first 400 that it deserves."""
    fields.permit(body, _FIELDS)
    quote_id = fields.text(body, "quote_id")
    if quote_id is not None:
        _check_locked(body)
    invoice_number = fields.text(body, "invoice_number")
    if invoice_number is not None and len(invoice_number) > 50:
        raise bad_request("Invoice number must be 50 characters or less")
    return PayoutRequest(
        beneficiary_id=fields.required(body, "beneficiary_id"),
        purpose_code=fields.required(body, "purpose_code"),
        quote_id=quote_id,
        terms=_terms(body) if quote_id is None else None,
        invoice_number=invoice_number,
        request_id=fields.text(body, "request_id", longest=64),
        documents=fields.ids(body, "documents", "doc"),
        notes=fields.notes(body),
    )


def check(request: PayoutRequest, terms: Terms) -> None:
    """Whether the rail goes there and carries this purpose; raises a 400."""
    rail, currency = terms.payment_rail, terms.destination_currency
    if rail != "swift" and rail not in RAILS_OF.get(currency, ()):
        raise bad_request(f"payment_rail {rail} is not supported for {currency} destination")
    _check_purpose(request, terms)


def _terms(body: Json) -> Terms:
    terms = Terms(
        source_currency=_currency(body, "source_currency", "Source", SOURCE_CURRENCIES),
        destination_currency=_currency(
            body, "destination_currency", "Destination", DESTINATION_CURRENCIES
        ),
        source_amount=fields.amount(body, "source_amount"),
        destination_amount=fields.amount(body, "destination_amount"),
        payment_rail=fields.choice(
            "payment_rail", fields.text(body, "payment_rail") or "swift", ALL_RAILS
        ),
    )
    if (terms.source_amount is None) == (terms.destination_amount is None):
        raise bad_request("Exactly one of source_amount or destination_amount must be provided")
    return terms


def _check_locked(body: Json) -> None:
    for name in _FIXED_BY_QUOTE:
        if name in body:
            raise bad_request(f"{name} cannot be specified when quote_id is present")


def _currency(body: Json, name: str, label: str, allowed: tuple[str, ...]) -> str:
    currency = fields.required(body, name)
    if currency not in allowed:
        raise bad_request(f"{label} currency is not supported")
    return currency


def _check_purpose(request: PayoutRequest, terms: Terms) -> None:
    code = request.purpose_code
    if code == REPATRIATION:
        fits = (
            terms.payment_rail == "neft"
            and terms.source_currency == "USD"
            and terms.source_amount is not None
            and request.quote_id is None
        )
        if fits and not request.documents:
            raise bad_request(f"documents is missing for purpose_code {REPATRIATION}")
    else:
        fits = code in _payout_codes() or _LEGACY.fullmatch(code) is not None
    if fits:
        return
    if terms.payment_rail in RAILS_OF["INR"]:
        raise bad_request("purpose_code is not a valid purpose code for the selected payment rail")
    raise bad_request("purpose_code is not a valid purpose code")


@cache
def _payout_codes() -> frozenset[str]:
    lines = files("glomo").joinpath("data/purpose_codes.csv").read_text("utf-8").splitlines()
    return frozenset(row["code"] for row in csv.DictReader(lines) if row["direction"] == "payout")
