"""LRS: remittances of residents of India through their own bank."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from glomo.money import Money
from glomo.serialization.model import Model, OpenEnum, model, wire


class LrsBankCode(OpenEnum):
    """A bank that remits. Which ones there are changes: `lrs.list_banks()` tells."""

    HDFC = "hdfc"
    AXIS = "axis"
    ICICI = "icici"
    FEDERAL = "fdrl"


class LrsQuoteFor(OpenEnum):
    """What an LRS quote is for, if not for an order."""

    PAYOUT = "payout"


@model
class LrsBank(Model):
    """A bank that remits."""

    bank_code: LrsBankCode
    bank_name: str | None = None


@model
class LrsQuote(Model):
    """A bank's offer: `from_` is paid, `to` arrives, until `expires_at`.

    `total_tax` is a decimal number; its unit is not documented.
    """

    id: str
    from_: Money | None = wire("from")
    to: Money | None = None
    fx_rate: Decimal | None = None
    bank_code: LrsBankCode | None = None
    total_tax: Decimal | None = None
    expires_at: datetime | None = None
    created_at: datetime | None = None
