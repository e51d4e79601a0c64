"""Quotes: an exchange rate and fees, fixed for a while."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from operator import itemgetter
from typing import Literal

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

    Amounts are in minor units; `source` and `destination` give them as `Money`. `cost` is what the
    balance must cover.
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

    @property
    def cost(self) -> Money | None:
        """What is taken: for a payout the amount and the fees on top of it, for a payin the amount.

        `None` if the API does not say it, or has a fee in another currency.
        """
        cost = self.source
        if cost is None or self.fees is None or self.resource == QuoteFor.PAYIN:
            return cost
        for fee in (self.fees.txn_fee, self.fees.fx_fee):
            if fee is not None and fee.currency != cost.currency:
                return None
            cost = cost if fee is None else cost + fee
        return cost

    @property
    def payment_rail(self) -> PaymentRail | None:
        """The rail that the API picked."""
        return None if self.method is None else self.method.payment_rail

    @property
    def expired(self) -> bool:
        """Whether it is too late to use the quote, by this machine's clock."""
        return self.expires_at is not None and datetime.now(UTC) >= self.expires_at


@model
class Quotes(Model):
    """The offers for one request: for a local payout to INR one for each rail."""

    quotes: tuple[Quote, ...] = ()

    @property
    def cheapest(self) -> Quote | None:
        """The offer that costs least for what arrives; of equal ones the first.

        Offers that have expired, or that do not say what they cost, do not count. `None` if none
        is left.
        """
        offers = [(price, quote) for quote in self.quotes if (price := _price(quote)) is not None]
        return min(offers, key=itemgetter(0))[1] if offers else None


def _price(quote: Quote) -> Fraction | None:
    """What one unit that arrives costs."""
    cost, destination = quote.cost, quote.destination
    if quote.expired or cost is None or destination is None or destination.minor <= 0:
        return None
    return Fraction(cost.minor, destination.minor)


@model
class QuotePaymentMethodParams(Params):
    """How to pay: a method, and for bank transfers which way they take."""

    type: QuotePaymentMethod | str
    subtype: QuoteTransfer | str | Omit = OMIT


QuoteMethodName = Literal["local_transfer", "swift_transfer", "bank_transfer", "pay_via_bank"]
"""How to pay in one word: a bank transfer by the way that it takes, or the method."""


def quote_method(method: object) -> object:
    """How to pay, in the API's form."""
    if not isinstance(method, str):
        return method
    if method in tuple(QuoteTransfer):
        return {"type": QuotePaymentMethod.BANK_TRANSFER.value, "subtype": str(method)}
    return {"type": str(method)}
