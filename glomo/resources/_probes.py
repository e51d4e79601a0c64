"""What tells that a state was reached, or that an object is the one that was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def answered(_: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether an RFI on the object has been answered, as `StateProbe` asks."""
    return now.get("status") != "action_required"


def cancelled(_: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether the object is cancelled, as `StateProbe` asks."""
    return now.get("status") == "cancelled"


def same_names(*names: str) -> dict[str, str]:
    """Fields that bear the same name in a request and in the object that it made."""
    return {name: name for name in names}


PAYIN_FIELDS = same_names(
    "amount",
    "currency",
    "customer_id",
    "document_id",
    "purpose_code",
    "invoice_number",
    "invoice_amount",
    "reference_number",
)
"""What an order or a payment link shows of the request that created it."""
