"""What a plan comes to, by currency and rail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from attrs import frozen

from glomo.batch.rows import Row
from glomo.money import Money

DEFAULT_RAIL = "swift"
"""What the API takes where a row names no rail."""


@frozen
class RailTotal:
    """The rows of one currency and rail.

    Attributes:
        currency: of the amounts.
        rail: the payment rail.
        destination_currency: what arrives.
        rows: how many payouts.
        total: their sum: what leaves the balance, or what arrives.
        fixed_destination: whether the rows name the amount that arrives.
    """

    currency: str
    rail: str
    destination_currency: str
    rows: int
    total: Money
    fixed_destination: bool = False


def rail_of(row: Row) -> str:
    """The rail that a row travels on."""
    return row.payment_rail or DEFAULT_RAIL


def rail_totals(rows: Iterable[Row]) -> tuple[RailTotal, ...]:
    """Rows and sums by currency, rail and currency of arrival, in this order."""
    counts: Counter[tuple[str, str, str, bool]] = Counter()
    sums: Counter[tuple[str, str, str, bool]] = Counter()
    for row in rows:
        amount = row.amount
        fixed_destination = row.source_amount is None
        key = (amount.currency, rail_of(row), row.destination_currency, fixed_destination)
        counts[key] += 1
        sums[key] += amount.minor
    return tuple(
        RailTotal(
            currency, rail, destination, counts[key], Money(sums[key], currency), fixed_destination
        )
        for key in sorted(counts)
        for currency, rail, destination, fixed_destination in (key,)
    )
