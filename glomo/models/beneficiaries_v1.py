"""Beneficiaries of the API's first version, deprecated in favour of `beneficiaries`."""

from __future__ import annotations

from datetime import datetime

from glomo.models.beneficiaries import BeneficiaryType
from glomo.serialization.model import Model, model, secret


@model
class BeneficiaryV1(Model):
    """Someone who can be paid, and the bank account. The first version has no status.

    `bic_primary` is the bank's SWIFT code, `bic_secondary` its local routing code (IFSC, sort code,
    ABA).
    """

    id: str
    holder_name: str | None = None
    account_number: str | None = secret()
    bank_name: str | None = None
    beneficiary_type: BeneficiaryType | None = None
    bic_primary: str | None = None
    bic_secondary: str | None = None
    email: str | None = None
    address_line1: str | None = None
    address_line2: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    pincode: str | None = None
    nickname: str | None = None
    intermediate_bank_name: str | None = None
    intermediate_bank_country: str | None = None
    intermediate_bank_swift_code: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
