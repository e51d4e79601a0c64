"""`/lrs`: banks, and quotes for remittances and withdrawals."""

from __future__ import annotations

import re

from glomo.sandbox.engine import lrs, quotes
from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.errors import bad_request, unprocessable
from glomo.sandbox.engine.store import Record, public

from . import fields
from .customers import lrs_bank
from .endpoint import Json, Request, Resource, Response, Route

_CURRENCIES = ("INR", "USD")
_AMOUNT = re.compile(r"[0-9]{1,15}")


def _list_banks(request: Request) -> Response:
    enabled = request.account.options.lrs_banks
    return Response(
        [{"bank_code": code, "bank_name": lrs.BANKS[code]} for code in lrs.BANKS if code in enabled]
    )


def _create_quote(request: Request) -> Response:
    account, body = request.account, request.json()
    resource = fields.text(body, "resource") or "payin"
    fields.choice("resource", resource, ("payin", "payout"))
    bank_code = _bank(account, body, resource)
    source, target = _corridor(body, resource)
    amount = _amount(body)
    if bank_code is not None and bank_code in account.options.lrs_banks_without_rate:
        raise unprocessable("No active exchange rate found")
    exchange = lrs.withdrawal(amount) if resource == "payout" else lrs.remittance(amount, source)
    quote: Record = {
        "id": account.new_id("quote", quotes.KIND),
        "from": {"amount": amount, "currency": source},
        "to": {"amount": exchange.to, "currency": target},
        "fx_rate": exchange.rate,
        "total_tax": exchange.total_tax,
        **quotes.lifetime(account),
        "_resource": f"lrs_{resource}",
    }
    if bank_code is not None:
        quote["bank_code"] = bank_code
    with account.engine.transaction():
        account.store.put(quotes.KIND, quote["id"], quote)
    return Response(public(quote), 201)


def _bank(account: Account, body: Json, resource: str) -> str | None:
    if resource == "payin":
        return lrs_bank(account, body)
    if body.get("bank_code") is not None:
        raise bad_request("Validation failed: Bank code is not supported for payout quotes")
    return None


def _corridor(body: Json, resource: str) -> tuple[str, str]:
    pair: list[str] = []
    for name, label in (("source_currency", "Source"), ("target_currency", "Target")):
        currency = fields.required(body, name)
        if currency not in _CURRENCIES:
            raise bad_request(f"Validation failed: {label} currency is not supported")
        pair.append(currency)
    source, target = pair
    if source == target:
        raise bad_request(
            "Validation failed: source_currency and target_currency cannot be the same"
        )
    if resource == "payout" and source != "USD":
        raise bad_request("Validation failed: payout quotes are only supported from USD to INR")
    return source, target


def _amount(body: Json) -> int:
    """A whole number; here, and nowhere else, a string of digits is one too."""
    value = body.get("source_amount")
    if isinstance(value, str) and _AMOUNT.fullmatch(value):
        value = int(value)
    if value is None or isinstance(value, bool) or not isinstance(value, int):
        raise bad_request("Validation failed: Source amount must be an integer")
    if not 0 < value <= 10**15:
        raise bad_request("Validation failed: Source amount must be greater than 0")
    return value


RESOURCE = Resource(
    routes=(
        Route("lrs.list_banks", "GET", "/lrs/banks", _list_banks),
        Route("lrs.create_quote", "POST", "/lrs/quotes", _create_quote),
    ),
)
