"""Orders: amounts to be paid at the checkout."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from glomo.models.payins import (
    BankAccountDetails,
    PaymentMethodType,
    Product,
    RfiDocument,
)
from glomo.models.shared import money
from glomo.money import Money
from glomo.serialization.model import OMIT, Model, Omit, Params, model
from glomo.serialization.status import Status, ends_with


@ends_with("paid", "failed", "cancelled", "expired")
class OrderStatus(Status):
    """Where an order stands."""

    ACTIVE = "active"
    ACTION_REQUIRED = "action_required"
    UNDER_REVIEW = "under_review"
    PARTIALLY_PAID = "partially_paid"
    """Known from older answers; no longer set."""
    PAID = "paid"
    EXPIRED = "expired"
    FAILED = "failed"
    CANCELLED = "cancelled"


@model
class Order(Model):
    """An order. `amount` is in minor units; `money` gives it with its currency.

    `invoice_amount` is in minor units too. `rfi_documents` is filled while the order is
    `action_required`.
    """

    id: str
    status: OrderStatus
    customer_id: str | None = None
    document_id: str | None = None
    currency: str | None = None
    amount: int | None = None
    purpose_code: str | None = None
    invoice_number: str | None = None
    invoice_description: str | None = None
    invoice_amount: int | None = None
    reference_number: str | None = None
    product: Product | None = None
    notes: Mapping[str, str] | None = None
    bank_account_details: BankAccountDetails | None = None
    payment_methods: tuple[PaymentMethodType, ...] = ()
    rfi_documents: tuple[RfiDocument, ...] = ()
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def money(self) -> Money | None:
        """What is to be paid."""
        return money(self.amount, self.currency)


@model
class LrsParams(Params):
    """What makes an order an LRS remittance.

    `lrs_quote_id` is the quote of `lrs.create_quote`, `bank_account_id` the account of
    `customers.create_lrs_bank_account`. The object is known in part: a plain mapping may hold more.
    """

    lrs_quote_id: str
    remittance_information: str | Omit = OMIT
    bank_account_id: str | Omit = OMIT
