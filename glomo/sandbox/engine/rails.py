"""The rails that carry a payout, and what each reaches."""

from __future__ import annotations

RAILS_OF = {
    "INR": frozenset({"upi", "imps", "neft", "rtgs"}),
    "AED": frozenset({"ipp", "fts"}),
    "EUR": frozenset({"sepa"}),
    "GBP": frozenset({"fps"}),
    "AUD": frozenset({"npp"}),
}
"""Local rails by destination currency; `swift` goes anywhere."""

ALL_RAILS = frozenset({"swift"}).union(*RAILS_OF.values())
IPP_MOST_MINOR = 5_000_000
"""The most that an `ipp` payout may be: AED 50,000."""


def carries(rail: str, destination_minor: int) -> bool:
    """Whether an amount is within the limit of a rail."""
    return rail != "ipp" or destination_minor <= IPP_MOST_MINOR
