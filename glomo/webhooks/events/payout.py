"""Events of `payout`."""

from __future__ import annotations

from glomo.models.payouts import Payout
from glomo.webhooks.event import Event, entity, event

__all__ = [
    "PayoutActionRequired",
    "PayoutCancelled",
    "PayoutEvent",
    "PayoutFailed",
    "PayoutInProgress",
    "PayoutPendingApproval",
    "PayoutQueued",
    "PayoutSucceeded",
]


@entity("payout", Payout)
class PayoutEvent(Event):
    """Something happened to a payout.

    No event tells that a request for information was raised: `PayoutActionRequired` is the sign,
    and `rfis.list` finds it.
    """

    data: Payout


@event("pending_approval")
class PayoutPendingApproval(PayoutEvent):
    """The payout waits for someone's approval in the dashboard."""


@event("queued")
class PayoutQueued(PayoutEvent):
    """The payout waits for its turn and for the balance to cover it."""


@event("in_progress")
class PayoutInProgress(PayoutEvent):
    """The payout is under way, or under review."""


@event("action_required")
class PayoutActionRequired(PayoutEvent):
    """The payout waits for documents."""


@event("success")
class PayoutSucceeded(PayoutEvent):
    """The beneficiary's bank has the money; `data.utr` is its reference."""


@event("failed")
class PayoutFailed(PayoutEvent):
    """The payout failed: `data.error_code` says why."""


@event("cancelled")
class PayoutCancelled(PayoutEvent):
    """The payout was cancelled, by you or by the compliance review (`data.error_code`)."""
