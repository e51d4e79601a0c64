"""Balance conversions: from one of the account's balances into another currency."""

from __future__ import annotations

from datetime import datetime

from glomo.models.shared import ConversionRate
from glomo.money import Money
from glomo.serialization.model import Model, always_sent, model
from glomo.serialization.status import Status, ends_with


@ends_with("success", "failed")
class BalanceConversionStatus(Status):
    """Where a conversion stands."""

    PENDING = "pending"
    SUCCESS = "success"
    FAILED = "failed"


@model
class BalanceConversion(Model):
    """A conversion: `from_` left one balance, `to` came into another."""

    id: str
    status: BalanceConversionStatus
    from_: Money = always_sent(wire="from")
    to: Money = always_sent()
    fees: Money | None = None
    mid_market_rate: ConversionRate | None = None
    created_at: datetime = always_sent()
