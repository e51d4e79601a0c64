"""Events of `subscription`."""

from __future__ import annotations

from glomo.models.subscriptions import Subscription
from glomo.webhooks.event import Event, entity, event

__all__ = [
    "SubscriptionActionRequired",
    "SubscriptionActivated",
    "SubscriptionAuthorized",
    "SubscriptionCancelled",
    "SubscriptionCompleted",
    "SubscriptionEvent",
    "SubscriptionExpired",
    "SubscriptionFailed",
    "SubscriptionHalted",
    "SubscriptionPaused",
    "SubscriptionPaymentMethodUpdated",
    "SubscriptionUnderReview",
    "SubscriptionUpdated",
]


@entity("subscription", Subscription)
class SubscriptionEvent(Event):
    """Something happened to a subscription.

    Each of its charges is a payment, with events of its own.
    """

    data: Subscription


@event("active")
class SubscriptionActivated(SubscriptionEvent):
    """The first payment succeeded, or the subscription was resumed."""


@event("authorized")
class SubscriptionAuthorized(SubscriptionEvent):
    """The subscription is set up; the charges come later."""


@event("paused")
class SubscriptionPaused(SubscriptionEvent):
    """The subscription was paused."""


@event("halted")
class SubscriptionHalted(SubscriptionEvent):
    """A charge failed. The next one that succeeds makes it active again."""


@event("completed")
class SubscriptionCompleted(SubscriptionEvent):
    """All billing cycles are over."""


@event("cancelled")
class SubscriptionCancelled(SubscriptionEvent):
    """The subscription was cancelled."""


@event("expired")
class SubscriptionExpired(SubscriptionEvent):
    """The customer did not start the subscription in time."""


@event("failed")
class SubscriptionFailed(SubscriptionEvent):
    """The subscription failed."""


@event("action_required")
class SubscriptionActionRequired(SubscriptionEvent):
    """The subscription waits for you."""


@event("under_review")
class SubscriptionUnderReview(SubscriptionEvent):
    """The subscription is under review."""


@event("updated")
class SubscriptionUpdated(SubscriptionEvent):
    """The subscription was changed."""


@event("payment_method.updated")
class SubscriptionPaymentMethodUpdated(SubscriptionEvent):
    """The customer changed the card."""
