"""Events of `payment`."""

from __future__ import annotations

from glomo.models.payments import Payment
from glomo.webhooks.event import Event, entity, event

__all__ = [
    "PaymentActionRequired",
    "PaymentComplianceActionRequired",
    "PaymentComplianceApproved",
    "PaymentComplianceRejected",
    "PaymentComplianceUnderReview",
    "PaymentCreditedToBeneficiary",
    "PaymentEvent",
    "PaymentFailed",
    "PaymentFundsAvailable",
    "PaymentInProgress",
    "PaymentSucceeded",
    "PaymentUnderReview",
]


@entity("payment", Payment)
class PaymentEvent(Event):
    """Something happened to a payment.

    Its money can be used once `data.funds_available` is true.
    """

    data: Payment


@event("in_progress")
class PaymentInProgress(PaymentEvent):
    """The payment has begun. Sent in some flows only, LRS among them."""


@event("success")
class PaymentSucceeded(PaymentEvent):
    """The customer paid. The money may still be held: see `data.funds_available`.

    In an LRS remittance, the bank has authorised it; the money comes later.
    """


@event("failed")
class PaymentFailed(PaymentEvent):
    """The customer could not pay: `data.error_code` says why."""


@event("action_required")
class PaymentActionRequired(PaymentEvent):
    """The payment waits for you: `data.error_code` or `data.rfi` says for what."""


@event("under_review")
class PaymentUnderReview(PaymentEvent):
    """The answer to the request for information is under review."""


@event("funds_available")
class PaymentFundsAvailable(PaymentEvent):
    """The money can be used now."""


@event("compliance_action_required")
class PaymentComplianceActionRequired(PaymentEvent):
    """Paid, but its settlement is held until you answer `data.rfi`."""


@event("compliance_under_review")
class PaymentComplianceUnderReview(PaymentEvent):
    """Paid; your answer is under review, and the settlement still held."""


@event("compliance_approved")
class PaymentComplianceApproved(PaymentEvent):
    """Paid, and through its compliance review."""


@event("compliance_rejected")
class PaymentComplianceRejected(PaymentEvent):
    """Paid, and rejected by the compliance review."""


@event("credited_to_beneficiary")
class PaymentCreditedToBeneficiary(PaymentEvent):
    """The beneficiary has the money, where a broker carries out an LRS remittance."""
