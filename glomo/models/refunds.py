"""Refunds: money given back to a customer."""

from __future__ import annotations

from datetime import datetime

from glomo.models.shared import AttachedDocument, money
from glomo.money import Money
from glomo.serialization.model import Model, OpenEnum, model
from glomo.serialization.status import Status, ends_with


@ends_with("success", "failed", "cancelled")
class RefundStatus(Status):
    """Where a refund stands."""

    PENDING = "pending"
    """Documented for `in_progress`."""
    IN_PROGRESS = "in_progress"
    ACTION_REQUIRED = "action_required"
    UNDER_REVIEW = "under_review"
    SUCCESS = "success"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RefundReason(OpenEnum):
    """Why a payment is given back; spelled as the API spells it."""

    REQUESTED_BY_CUSTOMER = "Requested By Customer"
    DUPLICATE = "Duplicate"
    FRAUDULENT = "Fradulent"
    OTHERS = "Others"


class MockRefundStatus(OpenEnum):
    """What the sandbox can move a refund to."""

    SUCCESS = "success"
    FAILED = "failed"


@model
class Refund(Model):
    """A refund. `amount` is in minor units; `money` gives it with its currency.

    A document of `documents` without an `id` is one that an RFI asks for.
    """

    id: str
    status: RefundStatus
    customer_id: str | None = None
    payment_id: str | None = None
    reason: RefundReason | None = None
    fx_fee: Money | None = None
    txn_fee: Money | None = None
    documents: tuple[AttachedDocument, ...] = ()
    currency: str | None = None
    amount: int | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def money(self) -> Money | None:
        """What is given back."""
        return money(self.amount, self.currency)
