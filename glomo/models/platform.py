"""Platform: merchants that a platform onboards and looks after."""

from __future__ import annotations

from datetime import date, datetime

from glomo.models.merchant_categories import MerchantCategory, MerchantSubCategory
from glomo.serialization.model import Model, OpenEnum, always_sent, hidden, model, secret
from glomo.serialization.status import Status, ends_with


@ends_with("success", "failed", "offboarded")
class MerchantStatus(Status):
    """How far a merchant's onboarding has come."""

    PENDING = "pending"
    ACTION_REQUIRED = "action_required"
    SUCCESS = "success"
    FAILED = "failed"
    OFFBOARDED = "offboarded"


class MerchantEntityType(OpenEnum):
    """Person or company."""

    INDIVIDUAL = "individual"
    BUSINESS = "business"


class Gender(OpenEnum):
    """An individual's gender."""

    MALE = "male"
    FEMALE = "female"
    UNDEFINED = "undefined"


@model
class MerchantAddress(Model):
    """A merchant's address; `country` is ISO 3166-1 alpha-3."""

    address_line1: str | None = None
    address_line2: str | None = None
    city: str | None = None
    state: str | None = None
    pincode: str | None = None
    country: str | None = None


@model
class Merchant(Model):
    """A merchant of the platform.

    `jwt_token` is the merchant's own credential: it shows in no repr, but a pickle of the object
    holds it.
    """

    merchant_id: str
    status: MerchantStatus
    owner_merchant_id: str = always_sent()
    name: str = always_sent()
    category: MerchantCategory | None = None
    entity_type: MerchantEntityType | None = None
    sub_category: MerchantSubCategory | None = None
    gender: Gender | None = None
    date_of_birth: date | None = None
    registration_number: str | None = secret()
    registration_country: str = always_sent()
    address: MerchantAddress = always_sent()
    operation_countries: tuple[str, ...] = ()
    created_at: datetime = always_sent()
    updated_at: datetime = always_sent()
    jwt_token: str | None = hidden()
    public_key: str | None = None
