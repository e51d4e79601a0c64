"""The `lrs` object that makes an order a remittance under LRS, read and checked."""

from __future__ import annotations

import re

from glomo.sandbox.engine import quotes
from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.beneficiaries import KIND as BENEFICIARY
from glomo.sandbox.engine.errors import bad_request, not_found
from glomo.sandbox.engine.store import Record

from . import fields
from .customers import LRS_ACCOUNT
from .endpoint import Json

PURPOSE_CODES = ("S0001", "S0002")
NOT_STORED = frozenset(
    {
        "invoice_number",
        "invoice_description",
        "invoice_amount",
        "reference_number",
        "document_id",
        "product",
    }
)
"""Fields of an order that are checked and then dropped."""

_REMITTANCE = re.compile(r"[a-zA-Z0-9-]{0,20}")


def read(account: Account, body: Json, customer: Record, order: Record) -> tuple[Record, Record]:
    """The `lrs` of an order and its quote; raises the first 400 that it deserves."""
    details = fields.part(body, "lrs") or {}
    quote = quotes.usable(
        account, fields.required(details, "lrs_quote_id"), "lrs_payin", name="lrs_quote_id"
    )
    remittance = details.get("remittance_information")
    if not isinstance(remittance, str):
        raise bad_request("remittance_information is missing")
    if not _REMITTANCE.fullmatch(remittance):
        raise bad_request("remittance_information is invalid")
    if customer["country"] != "IND":
        raise bad_request("LRS orders are only supported for customers in India")
    if order["currency"] != "USD":
        raise bad_request("LRS orders are only supported in USD")
    if order["amount"] != usd_of(quote):
        raise bad_request("amount must be equal to the amount of the LRS quote")
    lrs: Record = {"lrs_quote_id": quote["id"], "remittance_information": remittance}
    bank_account = fields.text(details, "bank_account_id")
    if bank_account is not None:
        _check_account(account, bank_account, customer, quote)
        lrs["bank_account_id"] = bank_account
    beneficiary = fields.text(details, "beneficiary_id")
    if beneficiary is not None:
        record = account.store.get(BENEFICIARY, beneficiary)
        if record is None:
            raise not_found("Beneficiary")
        if record["category"] != "lrs":
            raise bad_request("Beneficiary must be of category lrs")
        lrs["beneficiary_id"] = beneficiary
    return lrs, quote


def usd_of(quote: Record) -> int:
    """The USD side of an LRS quote, minor units."""
    side = quote["from"] if quote["from"]["currency"] == "USD" else quote["to"]
    return int(side["amount"])


def _check_account(account: Account, account_id: str, customer: Record, quote: Record) -> None:
    if not account_id.startswith("acclrs_"):
        raise bad_request("Bank account id must start with 'acclrs_'")
    record = account.store.get(LRS_ACCOUNT, account_id)
    if record is None or record["_customer"] != customer["id"]:
        raise not_found("Bank account")
    if record["bank_code"] != quote["bank_code"]:
        raise bad_request("Bank account must be at the bank of the LRS quote")
