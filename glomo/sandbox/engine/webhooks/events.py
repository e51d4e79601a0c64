"""The events that Glomo sends, and how they are named: `payout.success`, `refund.utr.updated`."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from glomo.sandbox.engine.store import Record

_PAYOUT = (
    "pending_approval",
    "queued",
    "in_progress",
    "action_required",
    "success",
    "failed",
    "cancelled",
)
_PAYIN = ("active", "paid", "expired", "cancelled", "failed", "action_required", "under_review")
CATALOGUE = {
    "payment": (
        "in_progress",
        "success",
        "failed",
        "action_required",
        "under_review",
        "funds_available",
        "compliance_action_required",
        "compliance_under_review",
        "compliance_approved",
        "compliance_rejected",
        "credited_to_beneficiary",
    ),
    "payment_link": _PAYIN,
    "orders": _PAYIN,
    "refund": ("success", "failed", "action_required", "utr.updated"),
    "payout": _PAYOUT,
    "settlement": _PAYOUT,
    "beneficiary": ("active", "rejected"),
    "internal_transfer": ("success",),
    "subscription": (
        "active",
        "authorized",
        "paused",
        "halted",
        "completed",
        "cancelled",
        "expired",
        "failed",
        "action_required",
        "under_review",
        "updated",
        "payment_method.updated",
    ),
    "virtual_account": ("active", "inactive", "disabled"),
    "balance": ("balance.funded_balance.credited",),
    "kyc_journey": (
        "initiated",
        "in_progress",
        "action_required",
        "under_review",
        "completed",
        "failed",
        "rejected",
        "expired",
    ),
    "merchant": ("pending", "action_required", "success", "failed", "offboarded"),
    "amc_folio_transaction": ("allotment_pending", "folio_allotted", "units_allotted", "failed"),
    "webhook_test": ("test",),
}
"""`event_type`s by `entity_type`. A status that is not here is no event and is not sent."""

ID_PREFIXES = {
    "beneficiary": "bene",
    "internal_transfer": "inttransfer",
    "merchant": "merch",
    "orders": "order",
    "payment": "payt",
    "payment_link": "plink",
    "settlement": "setl",
    "subscription": "sub",
}
"""How the ids of a resource begin, where it is not with the `entity_type`."""


def name_of(event: Record) -> str:
    """`payout.success` of an event's record."""
    return f"{event['entity_type']}.{event['event_type']}"


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether an event's name fits one of the patterns: `payout.*`, `payout.success`, `*`."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def parse(name: str) -> tuple[str, str]:
    """Entity type and event type of a name; raises ValueError for what Glomo does not send."""
    entity_type, _, event_type = name.partition(".")
    if event_type not in CATALOGUE.get(entity_type, ()):
        names = [f"{entity}.{event}" for entity, all_ in CATALOGUE.items() for event in all_]
        raise ValueError(f"there is no event {name!r}; there are {', '.join(names)}")
    return entity_type, event_type
