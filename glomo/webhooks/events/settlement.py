"""Events of `settlement`."""

from __future__ import annotations

from glomo.models.settlements import Settlement
from glomo.webhooks.event import Event, entity, event

__all__ = [
    "SettlementActionRequired",
    "SettlementCancelled",
    "SettlementEvent",
    "SettlementFailed",
    "SettlementInProgress",
    "SettlementInitiated",
    "SettlementPendingApproval",
    "SettlementQueued",
    "SettlementSucceeded",
]


@entity("settlement", Settlement)
class SettlementEvent(Event):
    """Something happened to a settlement."""

    data: Settlement


@event("initiate")
class SettlementInitiated(SettlementEvent):
    """The settlement has begun. Documented, but do not rely on it being sent."""


@event("pending_approval")
class SettlementPendingApproval(SettlementEvent):
    """The settlement waits for approval."""


@event("queued")
class SettlementQueued(SettlementEvent):
    """The settlement waits for its turn."""


@event("in_progress")
class SettlementInProgress(SettlementEvent):
    """The settlement is under way."""


@event("action_required")
class SettlementActionRequired(SettlementEvent):
    """The settlement waits for you."""


@event("success")
class SettlementSucceeded(SettlementEvent):
    """Your bank has the money; `data.utr` is its reference."""


@event("failed")
class SettlementFailed(SettlementEvent):
    """The settlement failed."""


@event("cancelled")
class SettlementCancelled(SettlementEvent):
    """The settlement was cancelled."""
