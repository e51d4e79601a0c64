"""Events of `payment_link`."""

from __future__ import annotations

from glomo.models.payment_links import PaymentLink
from glomo.webhooks.event import Event, entity, event

__all__ = [
    "PaymentLinkActionRequired",
    "PaymentLinkActivated",
    "PaymentLinkCancelled",
    "PaymentLinkEvent",
    "PaymentLinkExpired",
    "PaymentLinkFailed",
    "PaymentLinkPaid",
    "PaymentLinkUnderReview",
]


@entity("payment_link", PaymentLink)
class PaymentLinkEvent(Event):
    """Something happened to a payment link.

    Payins without an order are sent as payment links too, such as money added to the balance: there
    will be ids that you did not create.
    """

    data: PaymentLink


@event("active")
class PaymentLinkActivated(PaymentLinkEvent):
    """The link can be paid."""


@event("paid", "success")
class PaymentLinkPaid(PaymentLinkEvent):
    """The link is paid."""


@event("expired")
class PaymentLinkExpired(PaymentLinkEvent):
    """The link is too old to pay. A payment under way then can still make it `paid`."""


@event("cancelled")
class PaymentLinkCancelled(PaymentLinkEvent):
    """The link was cancelled."""


@event("failed")
class PaymentLinkFailed(PaymentLinkEvent):
    """The link failed."""


@event("action_required")
class PaymentLinkActionRequired(PaymentLinkEvent):
    """The link waits for the documents of `data.rfi_documents`."""


@event("under_review")
class PaymentLinkUnderReview(PaymentLinkEvent):
    """The documents of the link are under review."""
