"""What a payment is made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from glomo.models.payment_methods import PaymentMethod
from glomo.models.rfi_requirements import RfiRequirement
from glomo.models.shared import AttachedDocument, TaxLine, money
from glomo.money import Money
from glomo.serialization.model import Model, OpenEnum, always_sent, model, secret, wire
from glomo.serialization.status import Status, ends_with

PaymentListStatus = Literal["in_progress", "action_required", "success", "failed"]
"""What payments can be filtered by; `in_progress` finds those `under_review` too."""

ComplianceStatusName = Literal["under_review", "action_required", "approved", "rejected"]
PayinTypeName = Literal["payment_link", "orders", "add_funds"]
RemitterNameValue = Literal["Sanctioned_Entity", "Non_Sanctioned_Entity"]


@ends_with("success", "failed")
class PaymentStatus(Status):
    """Where a payment stands. `success` says nothing about `compliance_status`."""

    IN_PROGRESS = "in_progress"
    ACTION_REQUIRED = "action_required"
    UNDER_REVIEW = "under_review"
    SUCCESS = "success"
    FAILED = "failed"


class ComplianceStatus(OpenEnum):
    """How the compliance review of a payment stands."""

    UNDER_REVIEW = "under_review"
    ACTION_REQUIRED = "action_required"
    APPROVED = "approved"
    REJECTED = "rejected"


class PayinType(OpenEnum):
    """What a payment belongs to."""

    PAYMENT_LINK = "payment_link"
    ORDERS = "orders"
    ADD_FUNDS = "add_funds"


class FeeBearer(OpenEnum):
    """Who bears a fee."""

    CUSTOMER = "customer"
    MERCHANT = "merchant"
    SPLIT = "split"


class FeeCollectionMode(OpenEnum):
    """When a merchant's fee is collected: at once, or by a later invoice."""

    IMMEDIATE = "immediate"
    DEFERRED = "deferred"


class PaymentErrorCode(OpenEnum):
    """Why a payment failed or waits."""

    PAYMENT_DECLINED = "PAYMENT_DECLINED"
    INSUFFICIENT_BALANCE = "INSUFFICIENT_BALANCE"
    INVALID_CARD = "INVALID_CARD"
    INVALID_CARD_NUMBER = "INVALID_CARD_NUMBER"
    INVALID_CARD_CVV = "INVALID_CARD_CVV"
    INVALID_CARD_EXPIRY_DATE = "INVALID_CARD_EXPIRY_DATE"
    CARD_EXPIRED = "CARD_EXPIRED"
    CARD_NOT_SUPPORTED_ON_3DS = "CARD_NOT_SUPPORTED_ON_3DS"
    PAYIN_NOT_FOUND = "PAYIN_NOT_FOUND"
    PAYIN_AMOUNT_MISMATCH = "PAYIN_AMOUNT_MISMATCH"
    SANCTION_HIT = "SANCTION_HIT"
    TXM_HOLD = "TXM_HOLD"
    ACCOUNT_LOCKED = "ACCOUNT_LOCKED"
    LOGGED_IN_ELSEWHERE = "LOGGED_IN_ELSEWHERE"
    FUNCTIONALITY_RESTRICTED = "FUNCTIONALITY_RESTRICTED"


class PaymentSequence(OpenEnum):
    """`subsequent` charges the card of a subscription again."""

    SUBSEQUENT = "subsequent"


class MockPaymentMethod(OpenEnum):
    """How a payment that belongs to nothing reaches the sandbox."""

    BANK_TRANSFER = "BankTransfer"


class RemitterName(OpenEnum):
    """Who sends a payment of the sandbox: someone under sanctions, or not."""

    SANCTIONED_ENTITY = "Sanctioned_Entity"
    NON_SANCTIONED_ENTITY = "Non_Sanctioned_Entity"


@model
class PaymentRfi(Model):
    """The request for information that holds a payment: answer it with `rfis.respond`."""

    id: str | None = None
    reason_code_description: str | None = None
    reason_code: str | None = None
    response_deadline: datetime | None = None
    documents_required: tuple[RfiRequirement, ...] = ()


@model
class PaymentFees(Model):
    """Fees by kind, summed over who bears them. `fee_breakdown` is the current way."""

    txn_fee: Money | None = None
    fx_fee: Money | None = None
    referral_fee: Money | None = None


@model
class FeeBreakdownEntry(Model):
    """One bearer's part of a fee. `amount` is in minor units; `money` has its currency."""

    amount: int | None = None
    currency: str | None = None
    bearer: FeeBearer | None = None
    collection_mode: FeeCollectionMode | None = None
    taxes: tuple[TaxLine, ...] = ()

    @property
    def money(self) -> Money | None:
        """The fee, without its taxes."""
        return money(self.amount, self.currency)


@model
class FeeBreakdown(Model):
    """Fees by kind, one entry for each bearer."""

    fx_fee: tuple[FeeBreakdownEntry, ...] = ()
    txn_fee: tuple[FeeBreakdownEntry, ...] = ()
    referral_fee: tuple[FeeBreakdownEntry, ...] = ()


@model
class Payment(Model):
    """A payment. Amounts are in minor units.

    `payment` is what the customer paid, in the currency that was charged and with the fees that the
    customer bears. `converted` and `requested` are what was asked for, without those fees, and
    equal; of a transfer that belongs to nothing they are what came. The money can be used once
    `funds_available` is true. Fields below `is_auto_debit` appear in older responses only.
    """

    id: str
    status: PaymentStatus
    payin_id: str | None = None
    payin_type: PayinType | None = None
    subscription_id: str | None = None
    compliance_status: ComplianceStatus | None = None
    rfi: PaymentRfi | None = None
    payment_currency: str = always_sent()
    payment_amount: int = always_sent()
    converted_currency: str = always_sent()
    converted_amount: int = always_sent()
    requested_currency: str = always_sent()
    requested_amount: int = always_sent()
    purpose_code: str | None = None
    sender_name: str | None = None
    notes: Mapping[str, str] | None = None
    error_code: PaymentErrorCode | None = None
    error_description: str | None = None
    customer_error_description: str | None = None
    paid_at: datetime | None = None
    fee_bearer: FeeBearer | None = None
    fee_collection_mode: FeeCollectionMode | None = None
    created_at: datetime = always_sent()
    updated_at: datetime = always_sent()
    customer_id: str | None = None
    merchant_id: str | None = None
    product_name: str | None = None
    product_description: str | None = None
    country: str | None = None
    fees: PaymentFees | None = None
    fee_breakdown: FeeBreakdown | None = None
    documents: tuple[AttachedDocument, ...] = ()
    settlement_id: str | None = None
    funds_available: bool = always_sent()
    payment_method: PaymentMethod | None = None
    is_auto_debit: bool | None = wire("auto_debit?")
    auto_debit: bool | None = None
    transaction_reference_number: str | None = None
    metadata: Mapping[str, Any] | None = None
    error_message: str | None = None
    payment_date: datetime | None = None
    ordered_amount: int | None = None
    ordered_currency: str | None = None
    fx_fee: Money | None = None
    txn_fee: Money | None = None
    rfi_id: str | None = None
    amount: int | None = None
    currency: str | None = None
    credit_account_number: str | None = secret()
    debit_account_number: str | None = secret()

    @property
    def payment(self) -> Money:
        """What the customer paid, with the fees that the customer bears."""
        return money(self.payment_amount, self.payment_currency)

    @property
    def converted(self) -> Money:
        """What is settled: what was asked for, without the fees that the customer bears."""
        return money(self.converted_amount, self.converted_currency)

    @property
    def requested(self) -> Money:
        """What was asked for."""
        return money(self.requested_amount, self.requested_currency)

    @property
    def ordered(self) -> Money | None:
        """What was asked for, in older responses."""
        return money(self.ordered_amount, self.ordered_currency)

    @property
    def money(self) -> Money | None:
        """What was paid, in older responses."""
        return money(self.amount, self.currency)

    @property
    def requirements(self) -> tuple[RfiRequirement, ...]:
        """The documents that are asked for, while a review holds it: see `rfis.answer`."""
        return () if self.rfi is None else self.rfi.documents_required


@model
class CreatedPayment(Model):
    """The response to a payment that was sent server to server. It is documented in part.

    `next_steps` holds the address to send the customer to. Whatever else the API sends is in
    `extra`; `payments.retrieve` reads the payment itself.
    """

    id: str | None = None
    status: PaymentStatus | None = None
    next_steps: Any = None


@model
class EligiblePayin(Model):
    """An order or payment link that a payment could belong to. Its fields are in `extra`."""

    id: str | None = None
