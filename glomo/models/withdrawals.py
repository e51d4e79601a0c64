"""Withdrawals, which the API has deprecated: settlements have taken their place."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from glomo.models.shared import ConversionRate, money
from glomo.money import Money
from glomo.serialization.model import Model, OpenEnum, always_sent, model
from glomo.serialization.status import Status, ends_with

WithdrawalStatusName = Literal[
    "in_progress", "action_required", "under_review", "success", "failed", "cancelled"
]
"""Where a withdrawal stands, to filter by."""


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
    currency: str = always_sent()
    amount: int = always_sent()
    withdrawal_account_id: str | None = None
    payment_method: WithdrawalPaymentMethod | None = None
    balance_used: tuple[Money, ...] = ()
    purpose_code: str | None = None
    mid_market_rate: tuple[ConversionRate, ...] = ()
    fx_fees: tuple[Money, ...] = ()
    txn_fees: tuple[Money, ...] = ()
    created_at: datetime = always_sent()
    updated_at: datetime = always_sent()

    @property
    def money(self) -> Money:
        """What the withdrawal account receives."""
        return money(self.amount, self.currency)
