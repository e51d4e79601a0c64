"""Orders: amounts to be paid at the checkout."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from glomo.models.payins import (
    BankAccountDetails,
    PaymentMethodType,
    Product,
    RfiDocument,
)
from glomo.models.rfi_requirements import RfiRequirement, from_names
from glomo.models.shared import money
from glomo.money import Money
from glomo.serialization.model import OMIT, Model, Omit, Params, always_sent, model
from glomo.serialization.status import Status, ends_with

OrderStatusName = Literal[
    "active", "action_required", "under_review", "paid", "expired", "failed", "cancelled"
]
"""Where an order stands, to filter by."""


# Not `expired`: a payment under way when an order expires can still pay it.
@ends_with("paid", "failed", "cancelled")
class OrderStatus(Status):
    """Where an order stands. `expired` is not always the end: a payment under way may pay it."""

    ACTIVE = "active"
    ACTION_REQUIRED = "action_required"
    UNDER_REVIEW = "under_review"
    PARTIALLY_PAID = "partially_paid"
    """Known from older responses; no longer set."""
    PAID = "paid"
    EXPIRED = "expired"
    FAILED = "failed"
    CANCELLED = "cancelled"


@model
class LrsDetails(Model):
    """What makes an order an LRS remittance."""

    lrs_quote_id: str | None = None
    remittance_information: str | None = None
    bank_account_id: str | None = None
    beneficiary_id: str | None = None


@model
class Order(Model):
    """An order. `amount` is in minor units; `money` gives it with its currency.

    `invoice_amount` is in minor units too; `invoice` gives it as `Money`. LRS orders keep neither
    invoice fields nor `reference_number`, `document_id` and `product`. `rfi_documents` is filled
    while the order is `action_required`.
    """

    id: str
    status: OrderStatus
    customer_id: str = always_sent()
    document_id: str | None = None
    currency: str = always_sent()
    amount: int = always_sent()
    purpose_code: str | None = None
    invoice_number: str | None = None
    invoice_description: str | None = None
    invoice_amount: int | None = None
    reference_number: str | None = None
    price_id: str | None = None
    split_ids: tuple[str, ...] = ()
    product: Product | None = None
    notes: Mapping[str, str] | None = None
    bank_account_details: BankAccountDetails | None = None
    payment_methods: tuple[PaymentMethodType, ...] = ()
    lrs: LrsDetails | None = None
    rfi_documents: tuple[RfiDocument, ...] = ()
    request_id: str | None = None
    created_at: datetime = always_sent()
    updated_at: datetime = always_sent()

    @property
    def money(self) -> Money:
        """What is to be paid."""
        return money(self.amount, self.currency)

    @property
    def invoice(self) -> Money | None:
        """The invoice's total."""
        return money(self.invoice_amount, self.currency)

    @property
    def requirements(self) -> tuple[RfiRequirement, ...]:
        """The documents that are asked for, while it is `action_required`: see `rfis.answer`."""
        return from_names(self.rfi_documents)


@model
class LrsParams(Params):
    """What makes an order an LRS remittance.

    `lrs_quote_id` is the quote of `lrs.create_quote`, `bank_account_id` the account of
    `customers.create_lrs_bank_account`, at the quote's bank, and `beneficiary_id` a beneficiary of
    the category `lrs`. `remittance_information` is at most 20 letters, digits and hyphens.
    """

    lrs_quote_id: str
    remittance_information: str
    bank_account_id: str | Omit = OMIT
    beneficiary_id: str | Omit = OMIT
