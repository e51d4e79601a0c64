"""Beneficiaries (v2): who payouts and LRS remittances go to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from glomo.serialization.model import (
    OMIT,
    Model,
    Omit,
    OpenEnum,
    Params,
    always_sent,
    model,
    secret,
)
from glomo.serialization.status import Status, ends_with


@ends_with("active", "rejected")
class BeneficiaryStatus(Status):
    """How a beneficiary's review stands."""

    PENDING = "pending"
    ACTIVE = "active"
    REJECTED = "rejected"


BeneficiaryTypeName = Literal["individual", "business"]
BeneficiaryCategoryName = Literal["payout", "lrs"]


class BeneficiaryType(OpenEnum):
    """Person or company."""

    INDIVIDUAL = "individual"
    BUSINESS = "business"


class BeneficiaryCategory(OpenEnum):
    """`payout` is paid from the balance; `lrs` is paid by a customer's bank."""

    PAYOUT = "payout"
    LRS = "lrs"


class ReviewAction(OpenEnum):
    """The outcome of a review in the sandbox."""

    APPROVE = "approve"
    REJECT = "reject"


@model
class Address(Model):
    """A postal address; `country_code` is ISO 3166-1 alpha-3."""

    address_line1: str | None = None
    address_line2: str | None = None
    city: str | None = None
    state: str | None = None
    country_code: str | None = None
    postal_code: str | None = None


@model
class IntermediateBank(Model):
    """The correspondent bank of a transfer."""

    name: str | None = None
    country: str | None = None
    swift_code: str | None = None
    account_number: str | None = secret()


@model
class BeneficiaryBankAccount(Model):
    """A beneficiary's account and its bank."""

    account_number: str | None = secret()
    name: str | None = None
    swift_code: str | None = None
    local_routing_number: str | None = None
    currency: str | None = None
    address: Address | None = None
    intermediate_bank: IntermediateBank | None = None


@model
class UpiAccount(Model):
    """An account known by its UPI id."""

    upi_id: str | None = secret()


@model
class Beneficiary(Model):
    """Someone who can be paid, and where."""

    id: str
    status: BeneficiaryStatus
    name: str = always_sent()
    type: BeneficiaryType = always_sent()
    category: BeneficiaryCategory = always_sent()
    email: str | None = None
    phone: str | None = None
    nickname: str | None = None
    address: Address | None = None
    bank_account: BeneficiaryBankAccount | None = None
    upi_account: UpiAccount | None = None
    documents: tuple[str, ...] = ()
    created_at: datetime | None = None
    updated_at: datetime | None = None
    notes: Mapping[str, str] | None = None


@model
class AddressParams(Params):
    """A postal address to send; `country_code` is ISO 3166-1 alpha-3 (`IND`, `USA`)."""

    address_line1: str
    city: str
    state: str
    country_code: str
    postal_code: str | Omit = OMIT
    address_line2: str | Omit = OMIT


@model
class BeneficiaryParams(Params):
    """Who the beneficiary is. `documents` are ids (`doc_...`)."""

    name: str
    type: BeneficiaryType | BeneficiaryTypeName
    address: AddressParams | Mapping[str, Any]
    email: str | Omit = OMIT
    phone: str | Omit = OMIT
    nickname: str | Omit = OMIT
    documents: Sequence[str] | Omit = OMIT


@model
class IntermediateBankParams(Params):
    """The correspondent bank to route through; `country` is ISO 3166-1 alpha-3.

    LRS needs its `swift_code`.
    """

    name: str | Omit = OMIT
    country: str | Omit = OMIT
    swift_code: str | Omit = OMIT
    account_number: str | Omit = secret(default=OMIT)


@model
class BankAccountParams(Params):
    """A bank account to pay to.

    Give `swift_code` or `local_routing_number` (IFSC, sort code, BSB, ABA), not both; EUR and AED
    accounts known by their IBAN alone need neither.
    """

    account_number: str = secret()
    currency: str
    name: str | Omit = OMIT
    swift_code: str | Omit = OMIT
    local_routing_number: str | Omit = OMIT
    address: AddressParams | Mapping[str, Any] | Omit = OMIT
    intermediate_bank: IntermediateBankParams | Mapping[str, Any] | Omit = OMIT


@model
class UpiAccountParams(Params):
    """A UPI id to pay to (`name@bank`)."""

    upi_id: str = secret()
