"""Bank account validations: whether an account exists, and whose it is."""

from __future__ import annotations

from glomo.money import Money
from glomo.serialization.model import Model, model
from glomo.serialization.status import Status, ends_with


@ends_with("success", "failed")
class BankAccountValidationStatus(Status):
    """Whether the check itself worked; not whether the account is valid."""

    SUCCESS = "success"
    FAILED = "failed"


@model
class BankAccountValidation(Model):
    """A check of a bank account. What it found is in `validation_message`."""

    id: str
    status: BankAccountValidationStatus
    validation_message: str | None = None
    fee_charged: Money | None = None
