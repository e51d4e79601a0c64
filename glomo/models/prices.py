"""Prices: what is deducted from a payment for its processing."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from glomo.models.shared import money
from glomo.money import Money
from glomo.serialization.model import Model, OpenEnum, model


class PricingType(OpenEnum):
    """An amount a payment, or a share of it."""

    FIXED = "fixed"
    PERCENTAGE = "percentage"


@model
class Price(Model):
    """A price: `fees_amount` minor units of `fees_currency`, or `bps` basis points (100 is 1 %)."""

    id: str
    pricing_type: PricingType | None = None
    fees_amount: int | None = None
    fees_currency: str | None = None
    bps: Decimal | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def fees(self) -> Money | None:
        """What a fixed price deducts."""
        return money(self.fees_amount, self.fees_currency)
