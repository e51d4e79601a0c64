"""Parts and rules that orders, payment links and payments share."""

from __future__ import annotations

from typing import Literal

from glomo.serialization.model import OMIT, Model, Omit, OpenEnum, Params, model, secret

PaymentMethodName = Literal["bank_transfer", "pay_via_bank", "card"]
"""A way for a customer to pay, to send."""


class PaymentMethodType(OpenEnum):
    """A way for a customer to pay."""

    BANK_TRANSFER = "bank_transfer"
    PAY_VIA_BANK = "pay_via_bank"
    CARD = "card"


@model
class Product(Model):
    """What the customer pays for."""

    name: str | None = None
    description: str | None = None


@model
class ProductParams(Params):
    """What the customer pays for, to send."""

    name: str
    description: str | Omit = OMIT


@model
class BankAccountDetails(Model):
    """The account that the customer pays from.

    `bic_primary` is its SWIFT code, `bic_secondary` its local routing code.
    """

    account_number: str | None = secret()
    bic_primary: str | None = None
    bic_secondary: str | None = None
    bank_customer_id: str | None = None
    bank_code: str | None = None


@model
class BankAccountDetailsParams(Params):
    """The account that the customer will pay from; payments from others are held.

    Give its SWIFT code (`bic_primary`) or its local routing code, such as an IFSC
    (`bic_secondary`). `bank_customer_id` is the customer's id at the bank.
    """

    account_number: str = secret()
    bic_primary: str | Omit = OMIT
    bic_secondary: str | Omit = OMIT
    bank_customer_id: str | Omit = OMIT
    bank_code: str | Omit = OMIT


@model
class RfiDocument(Model):
    """A document that an RFI asks for: answer it by its `rfi_doc_id`."""

    rfi_doc_id: str | None = None
    name: str | None = None
