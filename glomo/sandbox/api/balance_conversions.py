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
    source_amount, target_amount = (
        fields.amount(body, name) for name in ("source_amount", "target_amount")
    )
    if source_amount is not None and target_amount is not None:
        raise bad_request("You can only send source_amount or target_amount, not both.")
    if source_amount is None and target_amount is None:
        raise bad_request("source_amount or target_amount is missing")
    source_amount, fee, target_amount = _amounts(
        account, source, target, source_amount, target_amount
    )
    if target_amount < 1:
        raise bad_request("source_amount is too small")
    account.books.need(source, source_amount)
    identifier = account.new_id("conv", KIND)
    record: Record = {
        "id": identifier,
        "from": {"amount": source_amount, "currency": source},
        "to": {"amount": target_amount, "currency": target},
        "fees": {"amount": fee, "currency": source},
        "mid_market_rate": {"currency": target, "rate": float(mid_market_rate(source, target))},
        "status": "success",
        **account.stamps(),
        "_source_currency": source,
        "_target_currency": target,
    }
    lines = [
        Line("available", source, -source_amount),
        Line("fees.conversion", source, fee),
        Line("exchange", source, source_amount - fee),
        Line("exchange", target, -target_amount),
        Line("available", target, target_amount),
    ]
    with account.engine.transaction():
        account.books.open(target)
        account.books.post(KIND, identifier, lines)
        account.store.put(KIND, identifier, record)
    return Response(_rendered(record), 201)


def _amounts(
    account: Account, source: str, target: str, source_amount: int | None, target_amount: int | None
) -> tuple[int, int, int]:
    """What leaves the one balance, the fee in it, and what arrives at the other."""
    bps = account.options.fees.exchange_bps
    if source_amount is not None:
        fee = source_amount * bps // 10_000
        return source_amount, fee, convert(source_amount - fee, source, target)
    assert target_amount is not None
    net = (target_amount / mid_market_rate(source, target)).to_integral_value(ROUND_CEILING)
    gross = (net * 10_000 / Decimal(10_000 - bps)).to_integral_value(ROUND_CEILING)
    return int(gross), int(gross - net), target_amount


def _currency(body: Json, name: str) -> str:
    currency = fields.required(body, name)
    if currency not in _CURRENCIES:
        raise bad_request(f"Validation failed: {name} is not a valid currency")
    return currency


def _rendered(record: Record) -> Record:
    return {key: value for key, value in public(record).items() if key != "updated_at"}


def _list(request: Request) -> Response:
    query = request.query
    filters = {f"_{name}": query.get(name) for name in ("source_currency", "target_currency")}
    return page_of(
        request,
        request.account.store.all(KIND),
        lambda record: all(not value or record[name] == value for name, value in filters.items()),
        show=_rendered,
    )


RESOURCE = Resource(
    routes=(
        Route("balance_conversions.create", "POST", "/balance_conversions", _create),
        Route("balance_conversions.list", "GET", "/balance_conversions", _list),
    ),
)
