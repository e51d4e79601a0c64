"""The body of `POST /v2/beneficiaries`, read and checked."""

from __future__ import annotations

import re
from typing import Any

from glomo.sandbox.engine.errors import bad_request
from glomo.sandbox.engine.rails import RAILS_OF

from . import fields
from .endpoint import Json

_ADDRESS = ("address_line1", "address_line2", "city", "state", "country_code", "postal_code")
_BY_IBAN = ("EUR", "AED")
_SWIFT = re.compile(r"[A-Z]{6}[A-Z0-9]*")
_COUNTRY = re.compile(r"[A-Z]{3}")


def read(body: Json) -> dict[str, Any]:
    """The beneficiary in a body, in the shape of the response; raises the first 400 it deserves."""
    category = fields.text(body, "category")
    if category is None:
        raise bad_request("Category can't be blank, Category must be one of: lrs, payout")
    if category not in ("lrs", "payout"):
        raise bad_request("Category must be one of: lrs, payout")
    party = fields.part(body, "beneficiary") or {}
    name = _filled(party, "name", "Beneficiary name")
    kind = fields.text(party, "type") or "business"
    if kind not in ("individual", "business"):
        raise bad_request("Beneficiary type must be one of: individual, business")
    address = _address(party, "Beneficiary address is required")
    bank, upi = fields.part(body, "bank_account"), fields.part(body, "upi_account")
    if (bank is None) == (upi is None):
        raise bad_request("Exactly one of bank_account or upi_account must be provided")
    account = None if bank is None else _bank_account(bank, category, address)
    bank_name = account["name"] if account else "UPI"
    return {
        "name": name,
        "type": kind,
        "category": category,
        "email": fields.text(party, "email"),
        "phone": fields.text(party, "phone"),
        "nickname": fields.text(party, "nickname") or f"{name} - {bank_name}",
        "address": address,
        "bank_account": account,
        "upi_account": None if upi is None else {"upi_id": _filled(upi, "upi_id", "Upi")},
        "documents": fields.ids(party, "documents", "doc"),
        "notes": fields.notes(body),
    }


def rails_of(beneficiary: dict[str, Any]) -> list[str]:
    """The rails that reach a beneficiary, by the identifiers it has."""
    if beneficiary["category"] == "lrs":
        return []
    if beneficiary["upi_account"] is not None:
        return ["upi"]
    account = beneficiary["bank_account"]
    currency = account["currency"]
    local = sorted(RAILS_OF.get(currency, frozenset()) - {"upi"})
    if currency in _BY_IBAN:
        return [*local, "swift"]
    return ["swift"] if account["swift_code"] else local


def _bank_account(bank: Json, category: str, holder_address: dict[str, Any]) -> dict[str, Any]:
    number = _filled(bank, "account_number", "Account number")
    currency = _filled(bank, "currency", "Currency")
    swift, routing = fields.text(bank, "swift_code"), fields.text(bank, "local_routing_number")
    lrs = category == "lrs"
    if swift is not None:
        _check_swift(swift, lrs=lrs)
    if lrs and routing is None:
        raise bad_request("Local routing number can't be blank")
    by_iban = currency in _BY_IBAN and swift is None and routing is None
    if not lrs and not by_iban and (swift is None) == (routing is None):
        raise bad_request("Exactly one of swift_code or local_routing_number must be provided")
    name, address = fields.text(bank, "name"), fields.part(bank, "address")
    if lrs and name is None:
        raise bad_request("Bank name can't be blank")
    if lrs and address is None:
        raise bad_request("Bank address is required")
    identifier = swift or routing or number
    if (name is None or address is None) and not identifier.strip("0"):
        raise bad_request(
            "Could not resolve bank details from the swift_code/local_routing_number provided. "
            "Send bank_account.name and bank_account.address, or correct the identifier."
        )
    return {
        "account_number": number,
        "name": name or f"Sandbox Bank {identifier[:4]}",
        "swift_code": swift,
        "local_routing_number": routing,
        "currency": currency,
        "address": (
            {**holder_address, "address_line1": "1 Bank Street", "address_line2": None}
            if address is None
            else _address(bank, "Bank address is required")
        ),
        "intermediate_bank": _intermediate(bank, lrs=lrs),
    }


def _check_swift(code: str, *, lrs: bool) -> None:
    if lrs and len(code) != 8:
        raise bad_request("Swift code must be 8 characters long")
    if not 8 <= len(code) <= 11:
        raise bad_request("Swift code must be 8 to 11 characters long")
    if not _SWIFT.fullmatch(code):
        raise bad_request("Swift code is invalid")


def _intermediate(bank: Json, *, lrs: bool) -> dict[str, Any] | None:
    intermediate_bank = fields.part(bank, "intermediate_bank")
    if intermediate_bank is None:
        if lrs:
            raise bad_request("Intermediate bank swift code can't be blank")
        return None
    read = {
        key: fields.text(intermediate_bank, key)
        for key in ("name", "country", "swift_code", "account_number")
    }
    if lrs and read["swift_code"] is None:
        raise bad_request("Intermediate bank swift code can't be blank")
    return read


def _address(holder: Json, missing: str) -> dict[str, Any]:
    body = fields.part(holder, "address")
    if not body:
        raise bad_request(missing)
    address = {key: fields.text(body, key) for key in _ADDRESS}
    for key, value in address.items():
        if value is None and key not in ("address_line2", "postal_code"):
            raise bad_request(f"{key.replace('_', ' ').capitalize()} can't be blank")
    if not _COUNTRY.fullmatch(address["country_code"] or ""):
        raise bad_request("Country code must be a valid 3-letter ISO code (e.g., IND, USA).")
    return address


def _filled(body: Json, name: str, label: str) -> str:
    value = fields.text(body, name)
    if value is None:
        raise bad_request(f"{label} can't be blank")
    return value
