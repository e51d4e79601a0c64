"""Events of `amc_folio_transaction`."""

from __future__ import annotations

from glomo.webhooks.event import Event, entity, event
from glomo.webhooks.models import AmcFolioTransaction

__all__ = [
    "AmcFolioTransactionAllotmentPending",
    "AmcFolioTransactionEvent",
    "AmcFolioTransactionFailed",
    "AmcFolioTransactionFolioAllotted",
    "AmcFolioTransactionUnitsAllotted",
]


@entity("amc_folio_transaction", AmcFolioTransaction)
class AmcFolioTransactionEvent(Event):
    """Something happened to an investment, in accounts for capital markets."""

    data: AmcFolioTransaction


@event("allotment_pending")
class AmcFolioTransactionAllotmentPending(AmcFolioTransactionEvent):
    """The allotment is pending."""


@event("folio_allotted")
class AmcFolioTransactionFolioAllotted(AmcFolioTransactionEvent):
    """The folio is allotted."""


@event("units_allotted")
class AmcFolioTransactionUnitsAllotted(AmcFolioTransactionEvent):
    """The units are allotted."""


@event("failed")
class AmcFolioTransactionFailed(AmcFolioTransactionEvent):
    """The investment failed."""
