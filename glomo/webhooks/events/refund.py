"""Events of `refund`."""

from __future__ import annotations

from glomo.models.refunds import Refund
from glomo.webhooks.event import Event, entity, event

__all__ = [
    "RefundActionRequired",
    "RefundEvent",
    "RefundFailed",
    "RefundSucceeded",
    "RefundUtrUpdated",
]


@entity("refund", Refund)
class RefundEvent(Event):
    """Something happened to a refund."""

    data: Refund


@event("success")
class RefundSucceeded(RefundEvent):
    """The money is on its way back to the customer."""


@event("failed")
class RefundFailed(RefundEvent):
    """The money was not given back."""


@event("action_required")
class RefundActionRequired(RefundEvent):
    """The refund waits for documents: those of `data.documents` without an `id`."""


@event("utr.updated")
class RefundUtrUpdated(RefundEvent):
    """The bank's reference of the refund is there: `data.utr`."""
