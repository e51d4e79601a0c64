"""Customers: those who pay."""

from __future__ import annotations

from datetime import date, datetime

from glomo.serialization.model import Model, OpenEnum, model, secret


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
    name: str | None = None
    customer_type: CustomerType | None = None
    email: str | None = None
    phone: str | None = None
    dob: date | None = None
    nationality: str | None = None
    tax_identification_number: str | None = secret()
    address: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    pincode: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


@model
class LrsBankAccount(Model):
    """A registered LRS account. Only its `id` (`acclrs_...`) is documented; the rest is in `extra`.

    Give `id` as `lrs.bank_account_id` of an order.
    """

    id: str | None = None
