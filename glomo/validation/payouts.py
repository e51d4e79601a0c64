"""Payouts, quotes and LRS quotes: money that goes out, and its rates."""

from __future__ import annotations

from glomo import id_prefixes
from glomo.models.payouts import MockPayoutStatus
from glomo.models.quotes import QuoteFor, QuotePaymentMethod, QuoteTransfer

from .checks import Checks, field_of
from .rails import BALANCE_CURRENCIES, LOCAL_DESTINATIONS, PAYOUT_CURRENCIES

_LRS_CURRENCIES = ("INR", "USD")
_FIXED_BY_QUOTE = (
    "source_amount",
    "destination_amount",
    "source_currency",
    "destination_currency",
    "payment_rail",
)


def check_create(payout: Checks) -> None:
    """A payout, by currencies and one amount or by a quote."""
    payout.present("beneficiary_id", "purpose_code")
    payout.prefix("beneficiary_id", *id_prefixes.BENEFICIARY)
    payout.purpose_code("payout")
    payout.listed("documents", "['doc_1']", prefixes=id_prefixes.DOCUMENT)
    payout.documents_for_purpose("documents")
    if "quote_id" in payout:
        payout.prefix("quote_id", *id_prefixes.QUOTE)
        payout.none_with("quote_id", *_FIXED_BY_QUOTE)
    else:
        payout.present("source_currency", "destination_currency")
        payout.currency("source_currency", among=BALANCE_CURRENCIES)
        payout.currency("destination_currency", among=PAYOUT_CURRENCIES)
        payout.exactly_one("source_amount", "destination_amount")
        payout.minor_units("source_amount", "destination_amount")
        payout.rail()
    payout.text("invoice_number")
    payout.at_most("invoice_number", 50)
    payout.notes()
    payout.request_id()


def check_mock_update(payout: Checks) -> None:
    """A step of the sandbox."""
    payout.present("id", "status")
    payout.prefix("id", *id_prefixes.PAYOUT)
    payout.one_of("status", tuple(MockPayoutStatus))
    payout.listed("rfi_document_ids", "['rfidoc_1']")


def check_quote(quote: Checks) -> None:
    """A quote for one amount."""
    quote.present("resource", "source_currency", "destination_currency")
    quote.one_of("resource", tuple(QuoteFor))
    quote.currency("source_currency", "destination_currency")
    quote.exactly_one("source_amount", "destination_amount")
    quote.minor_units("source_amount", "destination_amount")
    quote.listed("split_ids", "['psplit_1']", prefixes=id_prefixes.SPLIT)
    if quote.nested("payment_method"):
        _check_method(quote, "payment_method")


def _check_method(quote: Checks, name: str) -> None:
    method = quote[name]
    if field_of(method, "payment_method") is not None:
        quote.refuse(f"{name}.payment_method", "is called type here")
    for part, values in (("type", QuotePaymentMethod), ("subtype", QuoteTransfer)):
        value = field_of(method, part)
        if value is not None and value not in tuple(values):
            quote.refuse(f"{name}.{part}", f"must be one of {', '.join(values)}")
    local = field_of(method, "subtype") == QuoteTransfer.LOCAL_TRANSFER
    currency = quote["destination_currency"]
    if quote["resource"] == QuoteFor.PAYOUT and local and currency not in LOCAL_DESTINATIONS:
        quote.refuse(
            f"{name}.subtype",
            f"local_transfer reaches {', '.join(LOCAL_DESTINATIONS)}: for {currency} write "
            "swift_transfer",
        )


def check_lrs_quote(quote: Checks) -> None:
    """A bank's rate for a remittance, or an estimate for a payout."""
    quote.one_of("resource", tuple(QuoteFor))
    quote.present("source_amount", "source_currency", "target_currency")
    quote.minor_units("source_amount")
    quote.currency("source_currency", "target_currency", among=_LRS_CURRENCIES)
    if quote["source_currency"] == quote["target_currency"]:
        quote.refuse("target_currency", "must be the other one of INR and USD")
    if quote["resource"] == QuoteFor.PAYOUT:
        if "bank_code" in quote:
            quote.refuse("bank_code", "does not go with resource='payout': leave it out")
        if quote["source_currency"] != "USD":
            quote.refuse("source_currency", "of a payout's quote must be USD, to INR")
    else:
        quote.present("bank_code")
        quote.text("bank_code")
