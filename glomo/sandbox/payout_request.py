"""The body of `POST /payouts`, read and checked field by field."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from . import fields
from .rates import DESTINATION_CURRENCIES, SOURCE_CURRENCIES
from .refusals import bad_request
from .wire import Json

RAILS_OF = {
    "INR": frozenset({"upi", "imps", "neft", "rtgs"}),
    "AED": frozenset({"ipp", "fts"}),
    "EUR": frozenset({"sepa"}),
    "GBP": frozenset({"fps"}),
    "AUD": frozenset({"npp"}),
}
"""Local rails by destination currency; `swift` goes anywhere."""

ALL_RAILS = frozenset({"swift"}).union(*RAILS_OF.values())
REPATRIATION = "P0001"
_IPP_MOST = 5_000_000
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
class PayoutRequest:
    """What the caller wants paid. Exactly one of the two amounts is set."""

    beneficiary_id: str
    purpose_code: str
    source_currency: str
    destination_currency: str
    source_amount: int | None
    destination_amount: int | None
    payment_rail: str
    invoice_number: str | None
    request_id: str | None
    documents: list[str]
    notes: dict[str, str] | None


def read(body: Json) -> PayoutRequest:
    """The request in a body; raises the first 400 that it deserves."""
    fields.permit(body, _FIELDS)
    if fields.text(body, "quote_id") is not None:
        _refuse_quote(body)
    request = PayoutRequest(
        beneficiary_id=fields.required(body, "beneficiary_id"),
        purpose_code=fields.required(body, "purpose_code"),
        source_currency=_currency(body, "source_currency", SOURCE_CURRENCIES),
        destination_currency=_currency(body, "destination_currency", DESTINATION_CURRENCIES),
        source_amount=fields.amount(body, "source_amount"),
        destination_amount=fields.amount(body, "destination_amount"),
        payment_rail=fields.choice(
            "payment_rail", fields.text(body, "payment_rail") or "swift", ALL_RAILS
        ),
        invoice_number=fields.text(body, "invoice_number", longest=50),
        request_id=fields.text(body, "request_id", longest=64),
        documents=fields.ids(body, "documents", "doc"),
        notes=fields.notes(body),
    )
    if (request.source_amount is None) == (request.destination_amount is None):
        raise bad_request("Exactly one of source_amount or destination_amount must be provided")
    _check_rail(request)
    _check_purpose(request)
    return request


def rail_carries(rail: str, destination_amount: int) -> bool:
    """Whether an amount (minor units) is within the limit of a rail."""
    return rail != "ipp" or destination_amount <= _IPP_MOST


def _refuse_quote(body: Json) -> None:
    for name in _FIXED_BY_QUOTE:
        if name in body:
            raise bad_request(f"{name} cannot be specified when quote_id is present")
    fields.required(body, "beneficiary_id")
    fields.required(body, "purpose_code")
    raise bad_request("quote_id not found")


def _currency(body: Json, name: str, allowed: tuple[str, ...]) -> str:
    return fields.choice(name, fields.required(body, name), allowed)


def _check_rail(request: PayoutRequest) -> None:
    rail, currency = request.payment_rail, request.destination_currency
    if rail != "swift" and rail not in RAILS_OF.get(currency, ()):
        raise bad_request(f"payment_rail {rail} is not supported for {currency} destination")


def _check_purpose(request: PayoutRequest) -> None:
    code = request.purpose_code
    if code == REPATRIATION:
        fits = (
            request.payment_rail == "neft"
            and request.source_currency == "USD"
            and request.source_amount is not None
        )
        if fits and not request.documents:
            raise bad_request(f"documents is missing for purpose_code {REPATRIATION}")
    else:
        fits = code in _payout_codes() or _LEGACY.fullmatch(code) is not None
    if fits:
        return
    if request.payment_rail in RAILS_OF["INR"]:
        raise bad_request("purpose_code is not a valid purpose code for the selected payment rail")
    raise bad_request("purpose_code is not a valid purpose code")


@cache
def _payout_codes() -> frozenset[str]:
    lines = files("glomo").joinpath("data/purpose_codes.csv").read_text("utf-8").splitlines()
    return frozenset(row["code"] for row in csv.DictReader(lines) if row["direction"] == "payout")
