"""Events of `balance`."""

from __future__ import annotations

from glomo.webhooks.event import Event, entity, event
from glomo.webhooks.models import FundedBalanceCredit

__all__ = [
    "BalanceEvent",
    "FundedBalanceCredited",
]


@entity("balance", FundedBalanceCredit)
class BalanceEvent(Event):
    """Something happened to a balance. The event has neither id nor status."""

    data: FundedBalanceCredit


@event("balance.funded_balance.credited")
class FundedBalanceCredited(BalanceEvent):
    """Money that you added is in the funded balance."""
