"""The filters of `GET /payment`, which are not quite those of other lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from glomo.sandbox.engine.errors import bad_request
from glomo.sandbox.engine.payins import PREFIXES
from glomo.sandbox.engine.store import Record

from . import fields

_STATUSES = ("in_progress", "success", "failed", "action_required")
_COMPLIANCE = ("under_review", "action_required", "approved", "rejected")
_TYPES = ("payment_link", "orders", "add_funds")
_PAYIN_IDS = tuple(f"{prefix}_" for prefix in PREFIXES)


def filter_of(query: Mapping[str, str]) -> Callable[[Record], bool]:
    """Accepts the payments that fit every filter; raises the 400 of one that makes no sense."""
    status, payin_id = query.get("status"), query.get("payin_id")
    if status:
        fields.choice("status", status, _STATUSES)
    if payin_id and not payin_id.startswith(_PAYIN_IDS):
        raise bad_request("payin_id is invalid")
    if payin_id and query.get("subscription_id"):
        raise bad_request("payin_id and subscription_id are mutually exclusive")
    for name, allowed in (("compliance_status", _COMPLIANCE), ("payment_type", _TYPES)):
        if query.get(name):
            fields.choice(name, query[name], allowed)
    equal = {
        "payin_id": payin_id,
        "subscription_id": query.get("subscription_id"),
        "customer_id": query.get("customer_id"),
        "compliance_status": query.get("compliance_status"),
        "payin_type": query.get("payment_type"),
        "requested_currency": query.get("currency", "").upper(),
    }
    filters = {name: value for name, value in equal.items() if value}
    return lambda payment: (
        _has_status(payment, status)
        and all(payment.get(name) == value for name, value in filters.items())
    )


def _has_status(payment: Record, status: str | None) -> bool:
    if not status:
        return True
    if status == "in_progress":
        # Not one to one: payments under review are among them, those that wait for the customer's
        # one-time password are not.
        if payment["status"] == "in_progress":
            return not payment["_otp"]
        return bool(payment["status"] == "under_review")
    return bool(payment["status"] == status)
