"""Payment links: amounts to be paid at a page that Glomo hosts."""

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
from glomo.serialization.model import Model, model
from glomo.serialization.status import Status, ends_with


@ends_with("paid", "failed", "cancelled", "expired")
class PaymentLinkStatus(Status):
    """Where a payment link stands."""

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
class PaymentLink(Model):
    """A payment link. `amount` is in minor units; `money` gives it with its currency.

    `payment_link` is the address to send to the customer, once there is one. `invoice_amount` is
    in minor units, `reminder_frequency` in days. `rfi_documents` is filled while the link is
    `action_required`.
    """

    id: str
    status: PaymentLinkStatus
    customer_id: str | None = None
    document_id: str | None = None
    payment_methods: tuple[PaymentMethodType, ...] = ()
    currency: str | None = None
    amount: int | None = None
    purpose_code: str | None = None
    invoice_number: str | None = None
    invoice_description: str | None = None
    reference_number: str | None = None
    expires_at: datetime | None = None
    last_reminder_sent_at: datetime | None = None
    invoice_amount: int | None = None
    payment_link: str | None = None
    reminder_frequency: int | None = None
    price_id: str | None = None
    product: Product | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    notes: Mapping[str, str] | None = None
    bank_account_details: BankAccountDetails | None = None
    rfi_documents: tuple[RfiDocument, ...] = ()

    @property
    def money(self) -> Money | None:
        """What is to be paid."""
        return money(self.amount, self.currency)
