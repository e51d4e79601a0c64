"""Whether the balances cover a plan, and what to add where they do not."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from attrs import frozen

from glomo.batch.rows import Row
from glomo.money import Money


@frozen
class Funds:
    """One balance and what a plan takes from it.

    Attributes:
        currency: of the balance.
        available: before.
        debit: what the rows take that are not paid yet.
        fees: what is charged on top; `None` if it is not known.
    """

    currency: str
    available: Money
    debit: Money
    fees: Money | None = None

    @property
    def after(self) -> Money:
        """What is left; below zero if it is short."""
        remaining = self.available - self.debit
        return remaining if self.fees is None else remaining - self.fees

    @property
    def to_add(self) -> Money | None:
        """What is missing, fees included where they are known; `None` if nothing is."""
        return -self.after if self.after.minor < 0 else None


def funds_needed(
    available: Mapping[str, Money],
    debits: Mapping[str, Money],
    fees: Mapping[str, Money] | None = None,
    *,
    paid: Mapping[str, Money] | None = None,
) -> tuple[Funds, ...]:
    """What a plan takes from each balance.

    Args:
        available: the balances.
        debits: what leaves, by source currency.
        fees: what is charged on top, if that was asked.
        paid: what earlier runs have paid of `debits`.
    """
    return tuple(
        Funds(
            currency,
            available.get(currency, Money(0, currency)),
            total - (paid or {}).get(currency, Money(0, currency)),
            None if fees is None else fees.get(currency, Money(0, currency)),
        )
        for currency, total in sorted(debits.items())
    )


@frozen
class Covered:
    """A plan, divided by what the balances cover.

    Attributes:
        rows: what can be sent.
        held_back: what cannot, until funds are added.
    """

    rows: tuple[Row, ...]
    held_back: tuple[Row, ...]


def covered_rows(
    rows: Iterable[Row], available: Mapping[str, Money], started: Container[str]
) -> Covered:
    """Divide rows by what the balances cover, in the order of the file, fees left aside.

    Args:
        rows: the rows of a plan.
        available: the balances.
        started: references of rows that were sent before: they cost nothing more, or are looked up.
    """
    remaining = {currency: money.minor for currency, money in available.items()}
    covered: list[Row] = []
    held_back: list[Row] = []
    for row in rows:
        minor = row.source_amount
        # What leaves for a row that names what arrives is not known: the API decides.
        if minor is None or row.reference in started:
            covered.append(row)
        elif remaining.get(row.source_currency, 0) >= minor:
            remaining[row.source_currency] -= minor
            covered.append(row)
        else:
            held_back.append(row)
    return Covered(tuple(covered), tuple(held_back))
