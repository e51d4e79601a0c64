"""Events of `internal_transfer`."""

from __future__ import annotations

from glomo.models.internal_transfers import InternalTransfer
from glomo.webhooks.event import Event, entity, event

__all__ = [
    "InternalTransferEvent",
    "InternalTransferFailed",
    "InternalTransferSucceeded",
]


@entity("internal_transfer", InternalTransfer)
class InternalTransferEvent(Event):
    """Something happened to a transfer between merchants."""

    data: InternalTransfer


@event("success")
class InternalTransferSucceeded(InternalTransferEvent):
    """The transfer is done."""


@event("failed")
class InternalTransferFailed(InternalTransferEvent):
    """The transfer failed. Documented, but do not rely on it being sent."""
