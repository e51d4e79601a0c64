"""`/quotes`: rate and fees, fixed for half an hour."""

from __future__ import annotations

from glomo.sandbox.engine import quotes, rails, splits
from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.errors import bad_request
from glomo.sandbox.engine.options import PAYMENT_METHODS
from glomo.sandbox.engine.rates import (
    DESTINATION_CURRENCIES,
    SOURCE_CURRENCIES,
    Price,
    convert,
    mid_market_rate,
    price,
)
from glomo.sandbox.engine.store import Record, public

from . import fields
from .endpoint import Json, Request, Resource, Response, Route
from .payin_request import split_ids

_TRANSFERS = ("local_transfer", "swift_transfer")


def _create(request: Request) -> Response:
    account, body = request.account, request.json()
    resource = fields.text(body, "resource") or "payout"
    fields.choice("resource", resource, ("payin", "payout"))
    source = _currency(body, "source_currency", "Source", SOURCE_CURRENCIES)
    targets = DESTINATION_CURRENCIES if resource == "payout" else SOURCE_CURRENCIES
    destination = _currency(body, "destination_currency", "Destination", targets)
    amounts = {name: fields.amount(body, name) for name in ("source_amount", "destination_amount")}
    if (amounts["source_amount"] is None) == (amounts["destination_amount"] is None):
        raise bad_request("Exactly one of source_amount or destination_amount must be provided")
    method = _method(body)
    if resource == "payout":
        offers = _payout_offers(account, (source, destination), amounts, method[1])
    else:
        offers = [_payin_offer(account, body, (source, destination), amounts, method)]
    with account.engine.transaction():
        created: list[Record] = []
        for offer in offers:
            quote_id = account.new_id("quote", quotes.KIND)
            quote = {"id": quote_id, "resource": resource, **offer, "_resource": resource}
            created.append(account.store.put(quotes.KIND, quote_id, quote))
    return Response({"quotes": [public(quote) for quote in created]}, 201)


def _currency(body: Json, name: str, label: str, allowed: tuple[str, ...]) -> str:
    currency = fields.required(body, name)
    if currency not in allowed:
        raise bad_request(f"{label} currency is not supported")
    return currency


def _method(body: Json) -> tuple[str, str | None]:
    """How to pay, in either of the two documented forms."""
    guide, newer = fields.part(body, "method"), fields.part(body, "payment_method")
    if newer is not None:
        method, subtype = fields.text(newer, "type"), fields.text(newer, "subtype")
    else:
        guide = guide or {}
        method, subtype = fields.text(guide, "payment_method"), fields.text(guide, "subtype")
    if method is not None:
        fields.choice("payment_method", method, PAYMENT_METHODS)
    if subtype is not None:
        fields.choice("subtype", subtype, _TRANSFERS)
    return method or "bank_transfer", subtype


def _payout_offers(
    account: Account, pair: tuple[str, str], amounts: dict[str, int | None], subtype: str | None
) -> list[Record]:
    source, destination = pair
    if subtype == "local_transfer":
        candidates = sorted(rails.RAILS_OF.get(destination, ()))
        if not candidates:
            raise bad_request(f"local_transfer is not supported for {destination} destination")
    else:
        subtype, candidates = "swift_transfer", ["swift"]
    quoted_price = price(source, destination, account.options.fees, **amounts)
    fitting = [rail for rail in candidates if rails.carries(rail, quoted_price.destination_amount)]
    if not fitting or quoted_price.destination_amount < 1:
        raise bad_request("No available options for this amount")
    return [
        _offer(
            account,
            pair,
            quoted_price,
            {"payment_method": "bank_transfer", "subtype": subtype, "payment_rail": rail},
        )
        for rail in fitting
    ]


def _payin_offer(
    account: Account,
    body: Json,
    pair: tuple[str, str],
    amounts: dict[str, int | None],
    payment_method: tuple[str, str | None],
) -> Record:
    """What the customer pays, in the source currency, covers the fees."""
    method, subtype = payment_method
    source, destination = pair
    ids = split_ids(body) or []
    splits.resolve(account, ids, [method])
    if amounts["destination_amount"] is None:
        source_amount = amounts["source_amount"] or 0
        quoted_price = price(source, destination, account.options.fees, **amounts)
        fees = quoted_price.fx_fee + quoted_price.txn_fee
        destination_amount = convert(source_amount - fees, source, destination)
    else:
        destination_amount = amounts["destination_amount"]
        quoted_price = price(source, destination, account.options.fees, **amounts)
        source_amount = quoted_price.cost
    if destination_amount < 1:
        raise bad_request("No available options for this amount")
    terms = Price(
        source_amount,
        destination_amount,
        quoted_price.rate,
        quoted_price.fx_fee,
        quoted_price.txn_fee,
    )
    rail = "swift" if subtype == "swift_transfer" else None
    offer = _offer(
        account, pair, terms, {"payment_method": method, "subtype": subtype, "payment_rail": rail}
    )
    return {**offer, "split_ids": ids} if ids else offer


def _offer(account: Account, pair: tuple[str, str], quoted_price: Price, method: Record) -> Record:
    source, destination = pair
    return {
        "source_currency": source,
        "destination_currency": destination,
        "source_amount": quoted_price.source_amount,
        "destination_amount": quoted_price.destination_amount,
        "fx_rate": float(mid_market_rate(source, destination)),
        "fees": {
            "txn_fee": {"currency": source, "amount": quoted_price.txn_fee},
            "fx_fee": {"currency": source, "amount": quoted_price.fx_fee},
        },
        "method": {key: value for key, value in method.items() if value is not None},
        **quotes.lifetime(account),
    }


RESOURCE = Resource(routes=(Route("quotes.create", "POST", "/quotes", _create),))
