"""Adding amounts up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from glomo.money import Money


class Totals:
    """Sums by currency, as amounts come."""

    def __init__(self) -> None:
        self._minor: Counter[str] = Counter()

    def add(self, amount: Money) -> None:
        """Add an amount to the sum of its currency."""
        self.add_minor(amount.minor, amount.currency)

    def add_minor(self, minor: int, currency: str) -> None:
        """Add an amount in minor units."""
        self._minor[currency] += minor

    @property
    def sums(self) -> dict[str, Money]:
        """The sum of each currency, in the order of the currencies' codes."""
        return {currency: Money(minor, currency) for currency, minor in sorted(self._minor.items())}


def by_currency(amounts: Iterable[Money]) -> dict[str, Money]:
    """The sum of the amounts of each currency, in the order of the currencies' codes."""
    totals = Totals()
    for amount in amounts:
        totals.add(amount)
    return totals.sums
