"""Events of `merchant`."""

from __future__ import annotations

from glomo.models.platform import Merchant
from glomo.webhooks.event import Event, entity, event

__all__ = [
    "MerchantActionRequired",
    "MerchantEvent",
    "MerchantFailed",
    "MerchantOffboarded",
    "MerchantPending",
    "MerchantSucceeded",
]


@entity("merchant", Merchant, identity="merchant_id")
class MerchantEvent(Event):
    """The onboarding of a merchant of your platform has moved."""

    data: Merchant


@event("pending")
class MerchantPending(MerchantEvent):
    """The merchant's onboarding is under way."""


@event("action_required")
class MerchantActionRequired(MerchantEvent):
    """The onboarding waits for something."""


@event("success")
class MerchantSucceeded(MerchantEvent):
    """The merchant is onboarded."""


@event("failed")
class MerchantFailed(MerchantEvent):
    """The merchant was not taken."""


@event("offboarded")
class MerchantOffboarded(MerchantEvent):
    """The merchant has left."""
