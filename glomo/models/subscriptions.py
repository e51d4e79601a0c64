"""What a subscription's plan may be: how often, how many times, from when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from glomo.models.shared import money
from glomo.money import Money
from glomo.serialization.model import Model, OpenEnum, always_sent, model
from glomo.serialization.status import Status, ends_with

SubscriptionStatusName = Literal[
    "created",
    "authorized",
    "active",
    "action_required",
    "under_review",
    "paused",
    "halted",
    "completed",
    "cancelled",
    "expired",
    "failed",
]
"""Where a subscription stands, to filter by."""


class IntervalType(OpenEnum):
    """What a billing cycle is counted in; `as_presented` has no cycles: you charge it."""

    MONTH = "month"
    YEAR = "year"
    AS_PRESENTED = "as_presented"


IntervalTypeName = Literal["month", "year", "as_presented"]
CalendarInterval = Literal["month", "year", IntervalType.MONTH, IntervalType.YEAR]


@ends_with("completed", "cancelled", "expired", "failed")
class SubscriptionStatus(Status):
    """Where a subscription stands."""

    CREATED = "created"
    AUTHORIZED = "authorized"
    """Set up; the charges come later."""
    ACTIVE = "active"
    ACTION_REQUIRED = "action_required"
    UNDER_REVIEW = "under_review"
    PAUSED = "paused"
    HALTED = "halted"
    """Stopped by failed payments; the next successful one makes it active again."""
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FAILED = "failed"


@model
class Subscription(Model):
    """A subscription. `amount` is a cycle's, in minor units; `money` gives it as `Money`.

    The customer makes the first payment at `subscription_link_url`. All days are UTC. One that is
    `as_presented` has no `interval_count`, `billing_cycles`, `start_date` and `end_date`, and a
    `max_amount`. One that is `halted` becomes active again by its next successful payment.
    """

    id: str
    status: SubscriptionStatus
    customer_id: str = always_sent()
    product_name: str = always_sent()
    product_description: str = always_sent()
    plan_name: str | None = None
    plan_description: str | None = None
    reference_number: str | None = None
    amount: int = always_sent()
    currency: str = always_sent()
    interval_type: IntervalType = always_sent()
    interval_count: int | None = None
    billing_cycles: int | None = None
    max_amount: int | None = None
    start_date: date | None = None
    end_date: date | None = None
    expires_at: date = always_sent()
    next_payment_date: date | None = None
    subscription_link_url: str = always_sent()
    cancelled_at: date | None = None
    notes: Mapping[str, str] | None = None

    @property
    def money(self) -> Money:
        """What a billing cycle costs."""
        return money(self.amount, self.currency)

    @property
    def max(self) -> Money | None:
        """The most that one charge may take; `as_presented` only."""
        return money(self.max_amount, self.currency)
