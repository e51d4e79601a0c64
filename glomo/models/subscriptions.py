"""What a subscription's plan may be: how often, how many times, from when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from glomo.models.shared import money
from glomo.money import Money
from glomo.serialization.model import Model, OpenEnum, model
from glomo.serialization.status import Status, ends_with


class IntervalType(OpenEnum):
    """What a billing cycle is counted in; `as_presented` has no cycles: you charge it."""

    MONTH = "month"
    YEAR = "year"
    AS_PRESENTED = "as_presented"


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
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FAILED = "failed"


@model
class Subscription(Model):
    """A subscription. `amount` is a cycle's, in minor units; `money` gives it as `Money`.

    The customer makes the first payment at `subscription_link_url`. All days are UTC.
    """

    id: str
    status: SubscriptionStatus
    customer_id: str | None = None
    product_name: str | None = None
    product_description: str | None = None
    plan_name: str | None = None
    plan_description: str | None = None
    reference_number: str | None = None
    amount: int | None = None
    currency: str | None = None
    interval_type: IntervalType | None = None
    interval_count: int | None = None
    billing_cycles: int | None = None
    start_date: date | None = None
    end_date: date | None = None
    expires_at: date | None = None
    next_payment_date: date | None = None
    subscription_link_url: str | None = None
    cancelled_at: date | None = None
    notes: Mapping[str, str] | None = None

    @property
    def money(self) -> Money | None:
        """What a billing cycle costs."""
        return money(self.amount, self.currency)
