"""`/balance_conversions`: from one of the merchant's balances to another, at once."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.books import Line
from glomo.sandbox.engine.errors import bad_request
from glomo.sandbox.engine.rates import convert, mid_market_rate
from glomo.sandbox.engine.store import Record, public

from . import fields
from .endpoint import Json, Request, Resource, Response, Route
from .paging import page_of

KIND = "balance_conversion"
_CURRENCIES = ("USD", "EUR", "GBP")
_FIELDS = frozenset({"source_currency", "target_currency", "source_amount", "target_amount"})


def _create(request: Request) -> Response:
    account, body = request.account, request.json()
    fields.permit(body, _FIELDS)
    source, target = (_currency(body, name) for name in ("source_currency", "target_currency"))
    if source == target:
        raise bad_request("source_currency and target_currency must be different")
    taken, given = (fields.amount(body, name) for name in ("source_amount", "target_amount"))
    if taken is not None and given is not None:
        raise bad_request("You can only send source_amount or target_amount, not both.")
    if taken is None and given is None:
        raise bad_request("source_amount or target_amount is missing")
    taken, fee, given = _amounts(account, source, target, taken, given)
    if given < 1:
        raise bad_request("source_amount is too small")
    account.books.need(source, taken)
    identifier = account.new_id("conv", KIND)
    record: Record = {
        "id": identifier,
        "from": {"amount": taken, "currency": source},
        "to": {"amount": given, "currency": target},
        "fees": {"amount": fee, "currency": source},
        "mid_market_rate": {"currency": target, "rate": float(mid_market_rate(source, target))},
        "status": "success",
        **account.stamps(),
        "_source_currency": source,
        "_target_currency": target,
    }
    lines = [
        Line("available", source, -taken),
        Line("fees.conversion", source, fee),
        Line("exchange", source, taken - fee),
        Line("exchange", target, -given),
        Line("available", target, given),
    ]
    with account.engine.transaction():
        account.books.open(target)
        account.books.post(KIND, identifier, lines)
        account.store.put(KIND, identifier, record)
    return Response(_shown(record), 201)


def _amounts(
    account: Account, source: str, target: str, taken: int | None, given: int | None
) -> tuple[int, int, int]:
    """What leaves the one balance, the fee in it, and what arrives at the other."""
    bps = account.options.fees.exchange_bps
    if taken is not None:
        fee = taken * bps // 10_000
        return taken, fee, convert(taken - fee, source, target)
    assert given is not None
    net = (given / mid_market_rate(source, target)).to_integral_value(ROUND_CEILING)
    gross = (net * 10_000 / Decimal(10_000 - bps)).to_integral_value(ROUND_CEILING)
    return int(gross), int(gross - net), given


def _currency(body: Json, name: str) -> str:
    currency = fields.required(body, name)
    if currency not in _CURRENCIES:
        raise bad_request(f"Validation failed: {name} is not a valid currency")
    return currency


def _shown(record: Record) -> Record:
    return {key: value for key, value in public(record).items() if key != "updated_at"}


def _list(request: Request) -> Response:
    query = request.query
    wanted = {f"_{name}": query.get(name) for name in ("source_currency", "target_currency")}
    return page_of(
        request,
        request.account.store.all(KIND),
        lambda one: all(not value or one[name] == value for name, value in wanted.items()),
        show=_shown,
    )


RESOURCE = Resource(
    routes=(
        Route("balance_conversions.create", "POST", "/balance_conversions", _create),
        Route("balance_conversions.list", "GET", "/balance_conversions", _list),
    ),
)
