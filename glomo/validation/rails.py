"""Which currencies there are, and which rail pays which of them."""

from __future__ import annotations

from collections.abc import Mapping

from glomo.diagnosis import Diagnosis

LOCAL_RAILS: Mapping[str, str] = {
    "upi": "INR",
    "imps": "INR",
    "neft": "INR",
    "rtgs": "INR",
    "ipp": "AED",
    "fts": "AED",
    "sepa": "EUR",
    "fps": "GBP",
    "npp": "AUD",
}
"""The currency that each local rail pays out in; `swift` pays in any."""

RAILS = (*LOCAL_RAILS, "swift")

BALANCE_CURRENCIES = ("USD", "EUR", "GBP", "AED", "SGD", "AUD")
"""What payouts are paid from, and orders and payment links are paid in."""

PAYOUT_CURRENCIES = (*BALANCE_CURRENCIES, "INR")
"""What payouts can arrive in."""

LOCAL_DESTINATIONS = ("INR", "AED", "EUR", "GBP", "AUD")
"""The currencies that payouts reach by a local transfer."""


def rail_problem(rail: str, destination_currency: str) -> Diagnosis | None:
    """What is wrong with paying this currency over this rail, or `None`."""
    pays = LOCAL_RAILS.get(rail)
    if pays is None or pays == destination_currency:
        return None
    fitting = [r for r, currency in LOCAL_RAILS.items() if currency == destination_currency]
    return Diagnosis(
        f"{rail} pays {pays} only",
        f"for {destination_currency} use {', '.join([*fitting, 'swift'])}",
    )
