"""Amounts on the command line: `USD=50000.00`."""

from __future__ import annotations

from collections.abc import Iterable

from glomo.errors import MoneyError
from glomo.money import Money

from .failures import CommandError


def parse_amounts(option: str, entries: Iterable[str]) -> dict[str, Money]:
    """Amounts by currency.

    Args:
        option: what they are given by, for the message.
        entries: as they were typed; thousands separators are allowed.

    Raises:
        CommandError: one of them is not an amount.
    """
    amounts: dict[str, Money] = {}
    for entry in entries:
        currency, _, text = entry.partition("=")
        try:
            money = Money.of(text.replace(",", ""), currency)
        except MoneyError as error:
            raise CommandError(f"{option} {entry}: {error}", hint="write USD=100000.00") from None
        if money.minor < 0:
            raise CommandError(
                f"{option} {entry}: an amount is not negative", hint="write USD=100000.00"
            )
        amounts[currency] = money
    return amounts
