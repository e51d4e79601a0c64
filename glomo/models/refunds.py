"""Refunds: money given back to a customer."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self, get_args

from glomo.models.rfi_requirements import RfiRequirement, from_slots
from glomo.models.shared import AttachedDocument, money
from glomo.money import Money
from glomo.serialization.model import Model, OpenEnum, always_sent, model
from glomo.serialization.status import Status, ends_with

RefundStatusName = Literal[
    "pending", "in_progress", "action_required", "under_review", "success", "failed", "cancelled"
]
"""Where a refund stands, to filter by."""


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
    """Why a payment is given back. The last two are Glomo's own: they are read, never sent."""

    REQUESTED_BY_CUSTOMER = "Requested By Customer"
    DUPLICATE = "Duplicate"
    FRAUDULENT = "Fraudulent"
    OTHERS = "Others"
    SUBSCRIPTION_VERIFICATION = "Refunded For Subscription Verification"
    SUBSCRIPTION_CARD_UPDATE = "Refunded For Subscription Card Update"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        # Refunds of before September 2026 have it without its first u.
        return cls("Fraudulent") if value == "Fradulent" else super()._missing_(value)


SendableReason = Literal["Requested By Customer", "Duplicate", "Fraudulent", "Others"]
SENDABLE_REASONS: tuple[str, ...] = get_args(SendableReason)
"""The reasons that a refund can be asked for with."""


MockRefundStatusName = Literal["success", "failed"]


class MockRefundStatus(OpenEnum):
    """What the sandbox can move a refund to."""

    SUCCESS = "success"
    FAILED = "failed"


@model
class RefundFees(Model):
    """Fees by kind, as refunds name them."""

    fx_fees: Money | None = None
    txn_fees: Money | None = None


@model
class Refund(Model):
    """A refund. `amount` is in minor units; `money` gives it with its currency.

    That is what the customer gets back, in the currency that was paid (`payment_currency`); the
    amount that a refund is asked for with is in the payment's `converted_currency`. `balance_used`
    is what left the balance for it. `fx_fee` and `txn_fee` appear in older responses only.

    A document of `documents` without an `id` is one that an RFI asks for.
    """

    id: str
    status: RefundStatus
    customer_id: str | None = None
    payment_id: str = always_sent()
    reason: RefundReason = always_sent()
    fees: RefundFees | None = None
    balance_used: Money | None = None
    utr: str | None = None
    partial_refund: bool | None = None
    fx_fee: Money | None = None
    txn_fee: Money | None = None
    documents: tuple[AttachedDocument, ...] = ()
    currency: str = always_sent()
    amount: int = always_sent()
    created_at: datetime = always_sent()
    updated_at: datetime = always_sent()

    @property
    def money(self) -> Money:
        """What is given back."""
        return money(self.amount, self.currency)

    @property
    def requirements(self) -> tuple[RfiRequirement, ...]:
        """The documents that are asked for, while it is `action_required`: see `rfis.answer`."""
        return from_slots(self.documents)
