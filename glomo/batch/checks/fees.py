"""What paying costs, estimated from quotes.

A quote for every row would be a request for every row. Fees follow the route (source, destination
and rail) and the amount, so each route is quoted at its smallest and its largest amount, and what
lies between is taken to lie on a line: a fixed part and a part that grows with the amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal

from attrs import frozen

from glomo import errors
from glomo.batch.rows import Row
from glomo.client import AsyncGlomo
from glomo.models.quotes import Quote, QuoteMethodName
from glomo.money import Money
from glomo.validation import LOCAL_RAILS

from .breakdown import rail_of

_Route = tuple[str, str, str, bool]


@frozen
class QuotedAmount:
    """What a quote says of one amount of a route: minor units of the source currency."""

    source: int
    fees: int


@frozen
class FeeEstimate:
    """What a plan costs.

    Attributes:
        debits: what leaves each balance without fees, also for rows that name what arrives.
        fees: what is charged on top, by source currency.
        quotes: how many quotes it is estimated from.
        unquoted: routes for which the API gave no quote, as `USD to INR by neft`.
    """

    debits: Mapping[str, Money]
    fees: Mapping[str, Money]
    quotes: int
    unquoted: tuple[str, ...]


async def estimate_fees(glomo: AsyncGlomo, rows: Iterable[Row]) -> FeeEstimate:
    """Ask for quotes and estimate what the rows cost. Nothing is paid; a quote lapses by itself.

    Args:
        glomo: the client.
        rows: the rows of a plan.
    """
    routes: dict[_Route, list[int]] = {}
    for row in rows:
        fixed_destination = row.source_amount is None
        key = (row.source_currency, row.destination_currency, rail_of(row), fixed_destination)
        routes.setdefault(key, []).append(row.amount.minor)
    debits: dict[str, int] = {}
    fees: dict[str, int] = {}
    quotes, unquoted = 0, list[str]()
    for route, amounts in sorted(routes.items()):
        source, destination, rail, fixed_destination = route
        samples: dict[int, QuotedAmount] = {}
        for amount in sorted({min(amounts), max(amounts)}):
            quoted = await _quote(glomo, route, amount)
            if quoted is not None:
                samples[amount] = quoted
        quotes += len(samples)
        if not samples:
            unquoted.append(f"{source} to {destination} by {rail}")
            if not fixed_destination:
                debits[source] = debits.get(source, 0) + sum(amounts)
            continue
        exact = list(samples.items())
        debits[source] = debits.get(source, 0) + (
            _sum(amounts, [(amount, quoted_amount.source) for amount, quoted_amount in exact])
            if fixed_destination
            else sum(amounts)
        )
        fees[source] = fees.get(source, 0) + _sum(
            amounts, [(amount, quoted_amount.fees) for amount, quoted_amount in exact]
        )
    return FeeEstimate(
        {currency: Money(minor, currency) for currency, minor in sorted(debits.items())},
        {currency: Money(minor, currency) for currency, minor in sorted(fees.items())},
        quotes,
        tuple(unquoted),
    )


async def _quote(glomo: AsyncGlomo, route: _Route, amount: int) -> QuotedAmount | None:
    source, destination, rail, fixed_destination = route
    method: QuoteMethodName = "local_transfer" if rail in LOCAL_RAILS else "swift_transfer"
    try:
        if fixed_destination:
            quotes = await glomo.quotes.create(
                resource="payout",
                source_currency=source,
                destination_currency=destination,
                destination_amount=amount,
                payment_method=method,
            )
        else:
            quotes = await glomo.quotes.create(
                resource="payout",
                source_currency=source,
                destination_currency=destination,
                source_amount=amount,
                payment_method=method,
            )
    except (errors.BadRequestError, errors.NotFoundError, errors.ParameterError):
        return None
    quote = _fitting(quotes.quotes, rail)
    if quote is None or quote.source_amount is None:
        return None
    return QuotedAmount(quote.source_amount, _fees(quote))


def _fitting(quotes: Sequence[Quote], rail: str) -> Quote | None:
    for quote in quotes:
        if quote.payment_rail == rail:
            return quote
    return quotes[0] if len(quotes) == 1 else None


def _fees(quote: Quote) -> int:
    if quote.fees is None:
        return 0
    parts = (quote.fees.txn_fee, quote.fees.fx_fee)
    return sum(part.minor for part in parts if part is not None)


def _sum(amounts: Iterable[int], samples: Sequence[tuple[int, int]]) -> int:
    """The sum of a value that is known at one or two amounts, along the line between them."""
    (low, at_low), (high, at_high) = samples[0], samples[-1]
    if low == high:
        return sum(at_low * amount // low if low else at_low for amount in amounts)
    slope = Decimal(at_high - at_low) / (high - low)
    total = sum((at_low + slope * (amount - low) for amount in amounts), Decimal(0))
    return int(total.to_integral_value(ROUND_CEILING))
