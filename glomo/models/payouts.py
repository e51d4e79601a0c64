"""The payout, its statuses, rails and error codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from glomo.models.shared import AttachedDocument, ConversionRate, Fees, TaxLine, money
from glomo.money import Money
from glomo.serialization.model import Model, OpenEnum, always_sent, model
from glomo.serialization.status import Status, ends_with


@ends_with("success", "failed", "cancelled")
class PayoutStatus(Status):
    """Where a payout stands."""

    PENDING_APPROVAL = "pending_approval"
    QUEUED = "queued"
    IN_PROGRESS = "in_progress"
    ACTION_REQUIRED = "action_required"
    UNDER_REVIEW = "under_review"
    """A filter of the list; payouts themselves show `in_progress` then."""
    SUCCESS = "success"
    FAILED = "failed"
    CANCELLED = "cancelled"


PaymentRailName = Literal[
    "swift", "upi", "imps", "neft", "rtgs", "ipp", "fts", "sepa", "fps", "npp"
]
"""How a payout travels, to send."""

PayoutStatusName = Literal[
    "pending_approval",
    "queued",
    "in_progress",
    "action_required",
    "under_review",
    "success",
    "failed",
    "cancelled",
]
"""Where a payout stands, to filter by."""


class PaymentRail(OpenEnum):
    """How a payout travels. Local rails pay one currency each; `swift` pays any."""

    SWIFT = "swift"
    UPI = "upi"
    IMPS = "imps"
    NEFT = "neft"
    RTGS = "rtgs"
    IPP = "ipp"
    FTS = "fts"
    SEPA = "sepa"
    FPS = "fps"
    NPP = "npp"


class PayoutErrorCode(OpenEnum):
    """Why a payout failed or was cancelled."""

    INSUFFICIENT_BALANCE = "INSUFFICIENT_BALANCE"
    QUOTE_EXPIRED = "QUOTE_EXPIRED"
    QUEUE_EXPIRED = "QUEUE_EXPIRED"
    PAYOUT_REJECTED = "PAYOUT_REJECTED"
    INVALID_BENE_ACCOUNT_NUMBER = "INVALID_BENE_ACCOUNT_NUMBER"
    INVALID_BENE_ACCOUNT_TYPE = "INVALID_BENE_ACCOUNT_TYPE"
    INVALID_BENE_IFSC = "INVALID_BENE_IFSC"
    INVALID_VPA = "INVALID_VPA"
    INVALID_BENE_NAME = "INVALID_BENE_NAME"
    INVALID_BENE_ADDRESS = "INVALID_BENE_ADDRESS"
    INVALID_BENE_EMAIL = "INVALID_BENE_EMAIL"
    INVALID_BENE_CONTACT = "INVALID_BENE_CONTACT"
    NAME_MISMATCH = "NAME_MISMATCH"


MockPayoutStatusName = Literal["pending", "success", "failed", "action_required", "cancelled"]


class MockPayoutStatus(OpenEnum):
    """What the sandbox can move a payout to. `pending` reads back as `in_progress`."""

    PENDING = "pending"
    SUCCESS = "success"
    FAILED = "failed"
    ACTION_REQUIRED = "action_required"
    CANCELLED = "cancelled"


@model
class Payout(Model):
    """A payout. Amounts are in minor units; `source` and `destination` give them as `Money`."""

    id: str
    status: PayoutStatus
    source_amount: int = always_sent()
    source_currency: str = always_sent()
    destination_amount: int = always_sent()
    destination_currency: str = always_sent()
    beneficiary_id: str = always_sent()
    documents: tuple[AttachedDocument, ...] = ()
    purpose_code: str = always_sent()
    mid_market_rate: ConversionRate | None = None
    fees: Fees | None = None
    created_at: datetime = always_sent()
    updated_at: datetime = always_sent()
    utr: str | None = None
    request_id: str | None = None
    payment_rail: PaymentRail | None = None
    invoice_number: str | None = None
    fee_collection_mode: str | None = None
    error_code: PayoutErrorCode | None = None
    error_description: str | None = None
    customer_error_description: str | None = None
    quote_id: str | None = None
    taxes: tuple[TaxLine, ...] = ()
    notes: Mapping[str, str] | None = None

    @property
    def source(self) -> Money:
        """What leaves the balance, without fees."""
        return money(self.source_amount, self.source_currency)

    @property
    def destination(self) -> Money:
        """What the beneficiary gets."""
        return money(self.destination_amount, self.destination_currency)
