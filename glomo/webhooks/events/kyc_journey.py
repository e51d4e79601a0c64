"""Events of `kyc_journey`."""

from __future__ import annotations

from glomo.webhooks.event import Event, entity, event
from glomo.webhooks.models import KycJourney

__all__ = [
    "KycJourneyActionRequired",
    "KycJourneyCompleted",
    "KycJourneyEvent",
    "KycJourneyExpired",
    "KycJourneyFailed",
    "KycJourneyInProgress",
    "KycJourneyInitiated",
    "KycJourneyRejected",
    "KycJourneyUnderReview",
]


@entity("kyc_journey", KycJourney)
class KycJourneyEvent(Event):
    """Something happened to the identification of a customer."""

    data: KycJourney


@event("initiated")
class KycJourneyInitiated(KycJourneyEvent):
    """The identification has begun."""


@event("in_progress")
class KycJourneyInProgress(KycJourneyEvent):
    """The identification is under way."""


@event("action_required")
class KycJourneyActionRequired(KycJourneyEvent):
    """The customer has something to do."""


@event("under_review")
class KycJourneyUnderReview(KycJourneyEvent):
    """What the customer handed in is under review."""


@event("completed")
class KycJourneyCompleted(KycJourneyEvent):
    """The customer is identified."""


@event("failed")
class KycJourneyFailed(KycJourneyEvent):
    """The identification failed."""


@event("rejected")
class KycJourneyRejected(KycJourneyEvent):
    """The customer was rejected."""


@event("expired")
class KycJourneyExpired(KycJourneyEvent):
    """The customer did not finish in time."""
