"""The account itself: keys, balances, settlements, virtual accounts, prices, documents, RFIs."""

from __future__ import annotations

from glomo import id_prefixes
from glomo._errors_base import preview
from glomo.models.prices import PricingType
from glomo.models.virtual_accounts import VirtualAccountPaymentType

from .checks import Checks

LONGEST_OVERLAP = 604_800
"""Seconds that a replaced key may still work: seven days."""

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes of a document."""

_LONGEST_NAME = 128
_FILE_TYPES = ("image/jpeg", "image/png", "application/pdf")
_TRANSFERRED = ("AED",)
"""What the API moves between merchants at present."""


def check_key_rotation(rotation: Checks) -> None:
    """How long the old key lives on."""
    rotation.present("expire_after_in_seconds")
    rotation.integer("expire_after_in_seconds", 0, LONGEST_OVERLAP)


def check_conversion(conversion: Checks) -> None:
    """One amount, at either end."""
    conversion.present("source_currency", "target_currency")
    conversion.currency("source_currency", "target_currency")
    conversion.exactly_one("source_amount", "target_amount")
    conversion.minor_units("source_amount", "target_amount")


def check_transfer(transfer: Checks) -> None:
    """A transfer between two merchants."""
    transfer.present("amount", "currency", "reference", "from_merchant_id", "to_merchant_id")
    transfer.minor_units("amount")
    currency = transfer["currency"]
    if not isinstance(currency, str) or currency.upper() not in _TRANSFERRED:
        transfer.refuse("currency", f"must be {' or '.join(_TRANSFERRED)}, not {preview(currency)}")
    transfer.text("reference")
    transfer.at_most("reference", 100)
    transfer.prefix("from_merchant_id", *id_prefixes.MERCHANT)
    transfer.prefix("to_merchant_id", *id_prefixes.MERCHANT)
    if transfer["from_merchant_id"] == transfer["to_merchant_id"]:
        transfer.refuse("to_merchant_id", "must be another merchant than from_merchant_id")


def check_settlement(settlement: Checks) -> None:
    """An amount of a balance, or certain payments."""
    settlement.exactly_one("amount", "payment_ids")
    if "payment_ids" in settlement:
        settlement.none_with("payment_ids", "balance_currency")
        settlement.listed("payment_ids", "['payt_1']", prefixes=id_prefixes.PAYMENT)
    else:
        settlement.present("balance_currency")
        settlement.minor_units("amount")
        settlement.currency("balance_currency")


def check_withdrawal(withdrawal: Checks) -> None:
    """An amount of a balance, to an account of the merchant's own."""
    withdrawal.present("amount", "balance_currency")
    withdrawal.minor_units("amount")
    withdrawal.currency("balance_currency")
    withdrawal.prefix("withdrawal_account_id", *id_prefixes.WITHDRAWAL_ACCOUNT)


def check_virtual_account(account: Checks) -> None:
    """An account to be paid on."""
    check_virtual_account_to_close(account)
    account.one_of("payment_type", tuple(VirtualAccountPaymentType))


def check_virtual_account_to_close(account: Checks) -> None:
    """Which account: the values of `payment_type` are not documented here."""
    account.present("payment_type", "currency")
    account.text("payment_type")
    account.currency("currency")


def check_price(price: Checks) -> None:
    """A fee of fixed amount, or a share; the API refuses the fields of the other one."""
    price.present("pricing_type")
    price.one_of("pricing_type", tuple(PricingType))
    if price["pricing_type"] == PricingType.FIXED:
        price.present("fees_currency", "fees_amount")
        _refuse_other(price, "bps")
    else:
        price.present("bps")
        _refuse_other(price, "fees_currency", "fees_amount")
    price.currency("fees_currency")
    price.minor_units("fees_amount")
    price.integer("bps", 1)
    price.flag("set_as_default")


def _refuse_other(price: Checks, *names: str) -> None:
    for name in names:
        if name in price:
            price.refuse(name, f"does not go with {price['pricing_type']}: leave it out")


def check_document(document: Checks) -> None:
    """A file and its name."""
    document.present("file", "document_name")
    document.text("document_name", "file_name")
    document.at_most("document_name", _LONGEST_NAME)
    document.at_most("file_name", _LONGEST_NAME)


def check_file(document: Checks, name: str, size: int, media_type: str) -> None:
    """What is known of a file once it is open."""
    if len(name) > _LONGEST_NAME:
        document.refuse(
            "file_name", f"may have {_LONGEST_NAME} characters; {preview(name)} has {len(name)}"
        )
    if size > LARGEST_FILE:
        document.refuse("file", f"may have 10 MB ({LARGEST_FILE} bytes); this has {size}")
    if media_type.partition(";")[0].strip().lower() not in _FILE_TYPES:
        document.refuse(
            "file", f"must be a JPEG, a PNG or a PDF; {preview(name)} is {preview(media_type)}"
        )


def check_rfi_response(response: Checks) -> None:
    """Documents for an RFI: a list under the name that the caller gave it."""
    (name,) = [name for name in response.names if name not in ("id", "fields")]
    response.rfi_answers(name, "doc_id")


def check_list_name(operation: str, name: object) -> None:
    """The name of a list in a request, which the client cannot do without, validating or not."""
    if not isinstance(name, str) or not name or name == "fields":
        Checks(operation, {}).refuse("documents_key", f"must be a name, not {preview(name)}")


def check_form(operation: str, **texts: object) -> None:
    """The texts around a file, which cannot be sent as anything else, validating or not."""
    Checks(operation, texts).text(*texts)
