"""`/prices`: referral fees of platform businesses."""

from __future__ import annotations

from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.errors import bad_request, not_found
from glomo.sandbox.engine.payment_fees import PRICE as KIND
from glomo.sandbox.engine.rates import SOURCE_CURRENCIES
from glomo.sandbox.engine.store import Record, public

from . import fields
from .endpoint import Json, Request, Resource, Response, Route
from .paging import page_of

_SHAPES = {"fixed": ("fees_amount", "fees_currency"), "percentage": ("bps",)}


def price_of(account: Account, body: Json) -> str | None:
    """The `price_id` in a body, if there is one; raises a 404 if it is unknown."""
    price_id = fields.text(body, "price_id")
    if price_id is not None and account.store.get(KIND, price_id) is None:
        raise not_found("Price")
    return price_id


def _create(request: Request) -> Response:
    account, body = request.account, request.json()
    kind = fields.choice("pricing_type", fields.required(body, "pricing_type"), _SHAPES)
    for pricing_type, names in _SHAPES.items():
        for name in names:
            if pricing_type != kind and body.get(name) is not None:
                raise bad_request(f"{name} cannot be specified for {kind} pricing")
    price: Record = {"pricing_type": kind}
    for name in _SHAPES[kind]:
        if body.get(name) is None:
            raise bad_request(f"{name} is missing")
    if kind == "fixed":
        price["fees_amount"] = fields.amount(body, "fees_amount")
        currency = fields.required(body, "fees_currency")
        if currency not in SOURCE_CURRENCIES:
            raise bad_request("Currency not supported")
        price["fees_currency"] = currency
    else:
        price["bps"] = fields.amount(body, "bps")
    set_as_default = fields.flag(body, "set_as_default")
    first = account.store.count(KIND) == 0
    price_id = account.new_id("price", KIND)
    price = {
        "id": price_id,
        **price,
        "set_as_default": bool(set_as_default or first),
        **account.stamps(),
    }
    with account.engine.transaction():
        if price["set_as_default"]:
            for other in list(account.store.all(KIND)):
                if other["set_as_default"]:
                    demoted = account.updated(other, set_as_default=False)
                    account.store.put(KIND, other["id"], demoted)
        account.store.put(KIND, price_id, price)
    return Response(public(price), 201)


def _list(request: Request) -> Response:
    return page_of(request, request.account.store.all(KIND))


def _retrieve(request: Request) -> Response:
    price = request.account.store.get(KIND, request.id("price"))
    if price is None:
        raise not_found("Price")
    return Response(public(price))


RESOURCE = Resource(
    routes=(
        Route("prices.create", "POST", "/prices", _create),
        Route("prices.list", "GET", "/prices", _list),
        Route("prices.retrieve", "GET", "/prices/{id}", _retrieve),
    ),
)
