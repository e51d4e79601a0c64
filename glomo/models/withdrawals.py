"""Withdrawals, which the API has deprecated: settlements have taken their place."""

from __future__ import annotations

from datetime import datetime

from glomo.models.shared import ConversionRate, money
from glomo.money import Money
from glomo.serialization.model import Model, OpenEnum, model
from glomo.serialization.status import Status, ends_with


@ends_with("success", "failed", "cancelled")
class WithdrawalStatus(Status):
    """Where a withdrawal stands."""

    IN_PROGRESS = "in_progress"
    ACTION_REQUIRED = "action_required"
    UNDER_REVIEW = "under_review"
    SUCCESS = "success"
    FAILED = "failed"
    CANCELLED = "cancelled"


class WithdrawalPaymentMethod(OpenEnum):
    """How a withdrawal travels."""

    BANK_TRANSFER = "bank_transfer"


@model
class Withdrawal(Model):
    """A withdrawal. `amount` is what is received, in minor units; `money` gives it as `Money`.

    `balance_used`, `fx_fees` and `txn_fees` are amounts in the currencies of the balances debited.
    """

    id: str
    status: WithdrawalStatus
    currency: str | None = None
    amount: int | None = None
    withdrawal_account_id: str | None = None
    payment_method: WithdrawalPaymentMethod | None = None
    balance_used: tuple[Money, ...] = ()
    purpose_code: str | None = None
    mid_market_rate: tuple[ConversionRate, ...] = ()
    fx_fees: tuple[Money, ...] = ()
    txn_fees: tuple[Money, ...] = ()
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def money(self) -> Money | None:
        """What the withdrawal account receives."""
        return money(self.amount, self.currency)
