"""Whether the balances cover a plan, and what to add where they do not."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from glomo.money import Money


@frozen
class Funds:
    """One balance and what a plan takes from it.

    Attributes:
        currency: of the balance.
        available: before.
        leaving: what the rows take that are not paid yet.
        fees: what is charged on top; `None` if it is not known.
    """

    currency: str
    available: Money
    leaving: Money
    fees: Money | None = None

    @property
    def after(self) -> Money:
        """What is left; below zero if it is short."""
        rest = self.available - self.leaving
        return rest if self.fees is None else rest - self.fees

    @property
    def to_add(self) -> Money | None:
        """What is missing, fees included where they are known; `None` if nothing is."""
        return -self.after if self.after.minor < 0 else None


def funds_needed(
    available: Mapping[str, Money],
    leaving: Mapping[str, Money],
    fees: Mapping[str, Money] | None = None,
    *,
    paid: Mapping[str, Money] | None = None,
) -> tuple[Funds, ...]:
    """What a plan takes from each balance.

    Args:
        available: the balances.
        leaving: what leaves, by source currency.
        fees: what is charged on top, if that was asked.
        paid: what earlier runs have paid of `leaving`.
    """
    return tuple(
        Funds(
            currency,
            available.get(currency, Money(0, currency)),
            total - (paid or {}).get(currency, Money(0, currency)),
            None if fees is None else fees.get(currency, Money(0, currency)),
        )
        for currency, total in sorted(leaving.items())
    )
