"""Beneficiaries that a test or a demonstration puts in place without asking the API."""

from __future__ import annotations

from collections.abc import Iterable

from . import beneficiaries
from .account import Account
from .payout_errors import ERROR_TEXTS
from .rails import ALL_RAILS
from .store import Record

_COUNTRIES = {
    "INR": "IND",
    "USD": "USA",
    "EUR": "DEU",
    "GBP": "GBR",
    "AED": "ARE",
    "SGD": "SGP",
    "AUD": "AUS",
}
CURRENCIES = {country: currency for currency, country in _COUNTRIES.items()}
"""The currency of a country, of those that the sandbox knows."""


def _two_letters(currency: str) -> str:
    """The country of the bank as a SWIFT code has it: the one that the address names."""
    if currency not in _COUNTRIES:
        return "US"
    return "DE" if currency == "EUR" else currency[:2]  # ISO 4217 begins with the country


def seeded_beneficiary(
    account: Account,
    beneficiary_id: str | None,
    *,
    currency: str,
    status: str,
    rails: Iterable[str] | None,
    bank_error: str | None,
    name: str,
) -> Record:
    """Write a beneficiary with invented details; see `Sandbox.add_beneficiary`."""
    if status not in beneficiaries.STATUSES:
        raise ValueError(f"status is one of {beneficiaries.STATUSES}, not {status!r}")
    if bank_error is not None and bank_error not in ERROR_TEXTS:
        raise ValueError(f"bank_error is one of {sorted(ERROR_TEXTS)}, not {bank_error!r}")
    if isinstance(rails, str):
        raise TypeError(f"rails is a list of rails: [{rails!r}]")
    allowed = None if rails is None else sorted(set(rails))
    if unknown := set(allowed or ()) - ALL_RAILS:
        raise ValueError(f"unknown rails {sorted(unknown)}; there are {sorted(ALL_RAILS)}")
    new_id = beneficiary_id or account.new_id("bene", beneficiaries.KIND)
    address: Record = {
        "address_line1": "1 Sample Street",
        "address_line2": None,
        "city": "Sample City",
        "state": "Sample State",
        "country_code": _COUNTRIES.get(currency, "USA"),
        "postal_code": "10001",
    }
    details: Record = {
        "name": name,
        "type": "business",
        "category": "payout",
        "email": None,
        "phone": None,
        "nickname": f"{name} - Sandbox Bank",
        "address": address,
        "bank_account": {
            "account_number": account.engine.ids.account_number(new_id),
            "name": "Sandbox Bank",
            "swift_code": f"SAND{_two_letters(currency)}BB",
            "local_routing_number": None,
            "currency": currency,
            "address": {**address, "address_line1": "1 Bank Street"},
            "intermediate_bank": None,
        },
        "upi_account": None,
        "documents": [],
        "notes": None,
    }
    return beneficiaries.write(
        account, details, beneficiary_id=new_id, status=status, rails=allowed, bank_error=bank_error
    )
