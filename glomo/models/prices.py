"""Prices: the referral fees that a platform takes from payments."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from glomo.models.shared import money
from glomo.money import Money
from glomo.serialization.model import Model, OpenEnum, always_sent, model


class PricingType(OpenEnum):
    """An amount a payment, or a share of it."""

    FIXED = "fixed"
    PERCENTAGE = "percentage"


@model
class Price(Model):
    """A referral fee: `fees_amount` minor units of `fees_currency`, or `bps` (100 is 1 %).

    Payments show it as `referral_fee`.
    """

    id: str
    pricing_type: PricingType = always_sent()
    fees_amount: int | None = None
    fees_currency: str | None = None
    bps: Decimal | None = None
    set_as_default: bool | None = None
    created_at: datetime = always_sent()
    updated_at: datetime = always_sent()

    @property
    def fees(self) -> Money | None:
        """What a fixed price deducts."""
        return money(self.fees_amount, self.fees_currency)
