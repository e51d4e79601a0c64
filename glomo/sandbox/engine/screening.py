"""Sanctions screening: what the sandbox takes for a hit."""

from __future__ import annotations

from .store import Record

AMOUNT = 6623
"""Minor units of any currency: a payment, payout or refund of this amount is a hit."""

NAMES = frozenset({"jexru7", "nerqu8", "havku9", "dexru6", "renvak4"})
"""Names of customers and beneficiaries that are a hit, in any case."""


def name_hit(party: Record | None) -> bool:
    """Whether a customer or beneficiary bears a name that is a hit."""
    return party is not None and party["name"].strip().lower() in NAMES
