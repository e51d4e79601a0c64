"""Adding amounts up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from glomo.money import Money


def by_currency(amounts: Iterable[Money]) -> dict[str, Money]:
    """The sum of the amounts of each currency, in the order of the currencies' codes."""
    sums: Counter[str] = Counter()
    for amount in amounts:
        sums[amount.currency] += amount.minor
    return {currency: Money(minor, currency) for currency, minor in sorted(sums.items())}
