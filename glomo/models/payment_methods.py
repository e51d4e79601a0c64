"""How a customer paid: the details of a payment, by way of payment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glomo.models.payins import PaymentMethodType
from glomo.serialization.model import Model, OpenEnum, chosen_by, model, secret


class TransferType(OpenEnum):
    """How a transfer travelled."""

    SWIFT = "swift"
    LOCAL = "local"


@model
class BankTransferDetails(Model):
    """A transfer to a virtual account (`receiver_account_number`).

    Countries are ISO 3166-1 alpha-3. `local_routing_number` is the sending bank's ABA, sort code or
    BSB.
    """

    sender_name: str | None = None
    sender_country: str | None = None
    sender_account_number: str | None = secret()
    receiver_account_number: str | None = secret()
    sender_bank_name: str | None = None
    sender_bank_country: str | None = None
    sender_bank_address: str | None = None
    swift_code: str | None = None
    local_routing_number: str | None = None
    external_reference: str | None = None
    transfer_type: TransferType | None = None
    remittance_information: str | None = None


@model
class PayViaBankDetails(Model):
    """A debit that the customer approved at their bank.

    Countries are ISO 3166-1 alpha-3. `local_routing_number` is the debited bank's ABA, sort code or
    BSB.
    """

    sender_name: str | None = None
    sender_country: str | None = None
    sender_account_number: str | None = secret()
    sender_bank_name: str | None = None
    sender_bank_country: str | None = None
    sender_bank_address: str | None = None
    swift_code: str | None = None
    local_routing_number: str | None = None
    external_reference: str | None = None
    transfer_type: TransferType | None = None
    remittance_information: str | None = None


@model
class CardDetails(Model):
    """A card. `country_code` is ISO 3166-1 alpha-2; `end_digits` are the number's last digits."""

    card_network: str | None = None
    card_type: str | None = None
    end_digits: str | None = secret()
    country_code: str | None = None
    card_holder_name: str | None = secret()
    card_bin: str | None = secret()
    issuer_name: str | None = None


@model
class PaymentMethod(Model):
    """How a customer paid. `type` says of which class `details` are.

        match payment.payment_method.details:
            case CardDetails(card_network=network): ...
            case BankTransferDetails(external_reference=reference): ...

    The details of a type that this SDK does not know are a mapping, as they came.
    """

    type: PaymentMethodType | None = None
    details: BankTransferDetails | PayViaBankDetails | CardDetails | Mapping[str, Any] | None = (
        chosen_by(
            "type",
            {
                "bank_transfer": BankTransferDetails,
                "pay_via_bank": PayViaBankDetails,
                "card": CardDetails,
            },
        )
    )
