"""LRS: remittances of residents of India through their own bank."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from glomo.models.shared import money
from glomo.money import Money
from glomo.serialization.model import Model, OpenEnum, always_sent, model


class LrsBankCode(OpenEnum):
    """A bank that remits. Which ones there are changes: `lrs.list_banks()` tells."""

    HDFC = "hdfc"
    AXIS = "axis"
    ICICI = "icici"
    FEDERAL = "fdrl"


LrsCurrency = Literal["INR", "USD"]
"""What an LRS quote converts from, and to."""


class LrsQuoteFor(OpenEnum):
    """What an LRS quote is for: an order, or an estimate of a payout."""

    PAYIN = "payin"
    PAYOUT = "payout"


@model
class LrsBank(Model):
    """A bank that remits."""

    bank_code: LrsBankCode
    bank_name: str = always_sent()


@model
class LrsQuote(Model):
    """A bank's offer: `from_` is paid, `to` arrives, until `expires_at`.

    `fx_rate` is INR for one USD, and `total_tax` the GST in paisa, whichever way the quote goes;
    `tax` is the same as `Money`. From INR the tax is taken before the conversion, and `to` is what
    is remitted; from USD, `to` holds fee and tax for an order, and is what is left for a payout.
    `order_amount` is what an order with this quote asks for. A quote for a payout has no bank.
    """

    id: str
    from_: Money = always_sent(wire="from")
    to: Money = always_sent()
    fx_rate: Decimal = always_sent()
    bank_code: LrsBankCode | None = None
    total_tax: int = always_sent()
    expires_at: datetime = always_sent()
    created_at: datetime = always_sent()

    @property
    def tax(self) -> Money:
        """The GST."""
        return money(self.total_tax, "INR")

    @property
    def order_amount(self) -> Money:
        """What an order with this quote asks for: the USD side."""
        return self.from_ if self.from_.currency == "USD" else self.to
