"""Settlements: money paid out of a balance to the merchant's own bank account."""

from __future__ import annotations

from datetime import datetime

from glomo.models.shared import Fees, money
from glomo.money import Money
from glomo.serialization.model import Model, always_sent, model
from glomo.serialization.status import Status, ends_with


@ends_with("success", "failed", "cancelled")
class SettlementStatus(Status):
    """Where a settlement stands."""

    PENDING_APPROVAL = "pending_approval"
    QUEUED = "queued"
    IN_PROGRESS = "in_progress"
    ACTION_REQUIRED = "action_required"
    SUCCESS = "success"
    FAILED = "failed"
    CANCELLED = "cancelled"


@model
class Settlement(Model):
    """A settlement. `amount` is in minor units of `currency`; `money` gives it as `Money`."""

    id: str
    status: SettlementStatus
    payment_method: str | None = None
    amount: int = always_sent()
    currency: str = always_sent()
    fees: Fees | None = None
    utr: str | None = None
    created_at: datetime = always_sent()
    updated_at: datetime = always_sent()

    @property
    def money(self) -> Money:
        """What is settled."""
        return money(self.amount, self.currency)


@model
class Transaction(Model):
    """One line of a settlement: what a payment, refund or the like put in or took out."""

    id: str
    source_id: str = always_sent()
    source_type: str = always_sent()
    credit: Money | None = None
    debit: Money | None = None
    fees: Fees | None = None
    settled_amount: Money | None = None
    processed_at: datetime | None = None
    created_at: datetime = always_sent()
    updated_at: datetime = always_sent()
