"""Events of `beneficiary`."""

from __future__ import annotations

from glomo.models.beneficiaries import Beneficiary
from glomo.webhooks.event import Event, entity, event

__all__ = [
    "BeneficiaryActivated",
    "BeneficiaryEvent",
    "BeneficiaryRejected",
]


@entity("beneficiary", Beneficiary)
class BeneficiaryEvent(Event):
    """The review of a beneficiary has ended."""

    data: Beneficiary


@event("active")
class BeneficiaryActivated(BeneficiaryEvent):
    """The beneficiary can be paid."""


@event("rejected")
class BeneficiaryRejected(BeneficiaryEvent):
    """The beneficiary was rejected, for good."""
