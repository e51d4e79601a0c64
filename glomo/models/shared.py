"""Parts of objects that several resources have."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, overload

from glomo.money import Money
from glomo.serialization.model import Model, OpenEnum, Params, model

Notes = Mapping[str, str]
"""Custom key-value pairs; keys and values are text."""


Amount = int | Money
"""An amount to send: minor units, or `Money` of the currency that the call gives."""

BalanceCurrency = Literal["USD", "EUR", "GBP", "AED", "SGD", "AUD"]
"""What payouts are paid from, and orders and payment links are paid in."""

PayoutCurrency = Literal["USD", "EUR", "GBP", "AED", "SGD", "AUD", "INR"]
"""What payouts can arrive in."""


@overload
def money(minor: int, currency: str) -> Money: ...
@overload
def money(minor: int | None, currency: str | None) -> Money | None: ...
def money(minor: int | None, currency: str | None) -> Money | None:
    """An amount and its currency together, if the API sent both.

    Models give every amount as `Money` under one rule: `source_amount` with `source_currency` is
    `source`, any `x_amount` is `x`, and a plain `amount` is `money`.
    """
    return None if minor is None or currency is None else Money(minor, currency.upper())


class DocumentStatus(OpenEnum):
    """How far a document's review has come."""

    PENDING = "pending"
    UPLOADED = "uploaded"
    REJECTED = "rejected"
    APPROVED = "approved"


@model
class AttachedDocument(Model):
    """A document attached to something. `rfi_doc_id` is set if it answers an RFI."""

    id: str | None = None
    type: str | None = None
    status: DocumentStatus | None = None
    rfi_doc_id: str | None = None


@model
class ConversionRate(Model):
    """A rate: one unit of the source is `rate` units of `currency`."""

    currency: str | None = None
    rate: Decimal | None = None


@model
class Fees(Model):
    """Fees by kind."""

    fx_fee: Money | None = None
    txn_fee: Money | None = None


@model
class TaxLine(Model):
    """A tax. `amount` is in minor units of `currency`; `bps` is the rate (1800 is 18 %)."""

    name: str | None = None
    amount: int | None = None
    currency: str | None = None
    bps: Decimal | None = None

    @property
    def money(self) -> Money | None:
        """The tax."""
        return money(self.amount, self.currency)


@model
class RfiAnswer(Params):
    """A document (`id`) that answers one requirement (`rfi_doc_id`) of an RFI."""

    id: str
    rfi_doc_id: str
