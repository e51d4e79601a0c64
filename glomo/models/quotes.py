"""Quotes: an exchange rate and fees, fixed for a while."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from glomo.models.payouts import PaymentRail
from glomo.models.shared import Fees, money
from glomo.money import Money
from glomo.serialization.model import OMIT, Model, Omit, OpenEnum, Params, model


class QuoteFor(OpenEnum):
    """What a quote is for."""

    PAYIN = "payin"
    PAYOUT = "payout"


class QuotePaymentMethod(OpenEnum):
    """How the money is paid."""

    BANK_TRANSFER = "bank_transfer"
    PAY_VIA_BANK = "pay_via_bank"


class QuoteTransfer(OpenEnum):
    """Which way a bank transfer takes."""

    LOCAL_TRANSFER = "local_transfer"
    SWIFT_TRANSFER = "swift_transfer"


@model
class QuoteMethod(Model):
    """How the quoted money is paid; the API picks the rail."""

    payment_method: QuotePaymentMethod | None = None
    subtype: QuoteTransfer | None = None
    payment_rail: PaymentRail | None = None


@model
class Quote(Model):
    """One offer: amounts, rate and fees until `expires_at`. It can be used once.

    Amounts are in minor units; `source` and `destination` give them as `Money`.
    """

    id: str
    resource: QuoteFor | None = None
    expires_at: datetime | None = None
    method: QuoteMethod | None = None
    source_currency: str | None = None
    destination_currency: str | None = None
    fx_rate: Decimal | None = None
    source_amount: int | None = None
    destination_amount: int | None = None
    fees: Fees | None = None

    @property
    def source(self) -> Money | None:
        """What is paid."""
        return money(self.source_amount, self.source_currency)

    @property
    def destination(self) -> Money | None:
        """What arrives."""
        return money(self.destination_amount, self.destination_currency)


@model
class Quotes(Model):
    """The offers for one request: for a local payout to INR one for each rail."""

    quotes: tuple[Quote, ...] = ()


@model
class QuoteMethodParams(Params):
    """How to pay, in the form of the API's guide (`method`)."""

    payment_method: QuotePaymentMethod | str
    subtype: QuoteTransfer | str | Omit = OMIT


@model
class QuotePaymentMethodParams(Params):
    """How to pay, in the form of the newer texts (`payment_method`)."""

    type: QuotePaymentMethod | str
    subtype: QuoteTransfer | str | Omit = OMIT
