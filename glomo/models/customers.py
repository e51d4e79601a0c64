"""Customers: those who pay."""

from __future__ import annotations

from datetime import date, datetime

from glomo.serialization.model import Model, OpenEnum, Params, always_sent, model, secret


class CustomerType(OpenEnum):
    """Person or company."""

    INDIVIDUAL = "individual"
    BUSINESS = "business"


class CustomerStatus(OpenEnum):
    """Where a customer stands."""

    ACTIVE = "active"


@model
class Customer(Model):
    """Someone who pays. `country` and `nationality` are ISO 3166-1 alpha-3.

    `tax_identification_number` is the PAN of a customer who is in LRS.
    """

    id: str
    status: CustomerStatus
    name: str = always_sent()
    customer_type: CustomerType = always_sent()
    email: str = always_sent()
    phone: str | None = None
    dob: date | None = None
    nationality: str | None = None
    tax_identification_number: str | None = secret()
    address: str = always_sent()
    city: str = always_sent()
    state: str = always_sent()
    country: str = always_sent()
    pincode: str | None = None
    created_at: datetime = always_sent()
    updated_at: datetime = always_sent()


@model
class LrsBankAccount(Model):
    """A registered LRS account (`acclrs_...`). Give `id` as `lrs.bank_account_id` of an order."""

    id: str
    bank_code: str = always_sent()
    account_number: str = always_sent(secret=True)
    bank_customer_id: str | None = None


@model
class KycParams(Params):
    """Identity data that LRS asks for: the customer's PAN."""

    pan_number: str = secret()
