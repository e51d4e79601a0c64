"""Withdrawal accounts: the merchant's own bank accounts that withdrawals go to."""

from __future__ import annotations

from datetime import datetime

from glomo.serialization.model import Model, model, secret


@model
class WithdrawalAccount(Model):
    """A bank account of the merchant. Email and address are those of its primary user.

    `bic_primary` is the bank's SWIFT code, `bic_secondary` its local routing code (IFSC, sort code,
    ABA).
    """

    id: str
    holder_name: str | None = None
    account_number: str | None = secret()
    bank_name: str | None = None
    bic_primary: str | None = None
    bic_secondary: str | None = None
    currency: str | None = None
    email: str | None = None
    address_line1: str | None = None
    address_line2: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    pincode: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
