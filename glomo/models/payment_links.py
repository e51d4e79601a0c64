"""Payment links: amounts to be paid at a page that Glomo hosts."""

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
from glomo.serialization.model import Model, always_sent, model
from glomo.serialization.status import Status, ends_with

Reminder = Literal[1, 2, 7, 14]
"""Days between reminders."""

PaymentLinkStatusName = Literal[
    "active",
    "action_required",
    "under_review",
    "partially_paid",
    "paid",
    "expired",
    "failed",
    "cancelled",
]
"""Where a payment link stands, to filter by."""


# Not `expired`: a payment under way when a link expires can still pay it.
@ends_with("paid", "failed", "cancelled")
class PaymentLinkStatus(Status):
    """Where a link stands. `expired` is not always the end: a payment under way may pay it."""

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
class PaymentLink(Model):
    """A payment link. `amount` is in minor units; `money` gives it with its currency.

    `payment_link` is the address to send to the customer, once there is one. `invoice_amount` is
    in minor units (`invoice` gives it as `Money`), `reminder_frequency` in days. `rfi_documents` is
    filled while the link is `action_required`.
    """

    id: str
    status: PaymentLinkStatus
    customer_id: str = always_sent()
    document_id: str | None = None
    payment_methods: tuple[PaymentMethodType, ...] = ()
    currency: str = always_sent()
    amount: int = always_sent()
    purpose_code: str | None = None
    invoice_number: str | None = None
    invoice_description: str | None = None
    reference_number: str | None = None
    expires_at: datetime = always_sent()
    last_reminder_sent_at: datetime | None = None
    invoice_amount: int | None = None
    payment_link: str | None = None
    reminder_frequency: int | None = None
    price_id: str | None = None
    split_ids: tuple[str, ...] = ()
    notify_customer: bool | None = None
    product: Product | None = None
    created_at: datetime = always_sent()
    updated_at: datetime = always_sent()
    notes: Mapping[str, str] | None = None
    bank_account_details: BankAccountDetails | None = None
    rfi_documents: tuple[RfiDocument, ...] = ()

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
