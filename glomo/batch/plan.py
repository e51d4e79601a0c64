"""A payout file, read and found right: what will be paid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import field, frozen

from glomo.money import Money

from .errors import PlanError
from .problems import Problem, Problems
from .rows import Row
from .text_files import FileError
from .totals import by_currency

if TYPE_CHECKING:
    from glomo.models.balances import Balances


@frozen
class Plan:
    """What a batch will pay. `len(plan)` is the number of payouts; iterating gives the rows.

    Attributes:
        name: the batch's name.
        source: the file's name.
        rows: the payouts, in the order of the file.
        totals: what leaves the balances, by source currency: the sum of the rows that name it.
        destination_totals: what arrives, by destination currency: the sum of the rows that name
            that amount instead.
        warnings: what may be a mistake, and does not keep the batch from being paid.
    """

    name: str
    source: str
    rows: Sequence[Row] = field(repr=False)
    totals: dict[str, Money]
    destination_totals: dict[str, Money]
    warnings: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def check_balances(
        self,
        balances: Balances | Mapping[str, Money],
        *,
        paid: Mapping[str, Money] | None = None,
    ) -> tuple[Problem, ...]:
        """What the balances do not cover, as warnings. Fees come on top and are not known before.

        Args:
            balances: what `balances.retrieve()` gave, or what is available by currency.
            paid: what an earlier run has paid of the totals, by source currency.
        """
        available = balances if isinstance(balances, Mapping) else balances.available
        found: list[Problem] = []
        for currency, total in sorted(self.totals.items()):
            due = total - (paid or {}).get(currency, Money(0, currency))
            there = available.get(currency, Money(0, currency))
            if due > there:
                found.append(
                    Problem(
                        None,
                        "source_amount",
                        None,
                        f"the balance of {there:,} does not cover the total of {due:,}",
                        f"add {due - there:,} and what the fees come to",
                    )
                )
        open_ended = Counter(
            row.source_currency for row in self.rows if row.destination_amount is not None
        )
        for currency, count in sorted(open_ended.items()):
            rows = "1 row names" if count == 1 else f"{count} rows name"
            found.append(
                Problem(
                    None,
                    "destination_amount",
                    None,
                    f"{rows} what arrives, so what leaves the {currency} balance is not known yet",
                )
            )
        return tuple(found)


class Reading:
    """Puts a plan together from rows as they are read."""

    def __init__(self, name: str, source: str) -> None:
        self._name = name
        self._source = source
        self.problems = Problems()

    def plan(self, rows: Iterable[Row]) -> Plan:
        """Read everything.

        Args:
            rows: the rows, as a reader yields them that notes its problems here.

        Raises:
            PlanError: with everything that is wrong.
        """
        kept: list[Row] = []
        try:
            kept.extend(rows)
        except FileError as error:
            self.problems.found.append(error.problem)
        found, warnings = self.problems.found, self.problems.warnings
        if found:
            raise PlanError(sorted(found, key=lambda p: p.row or 0), source=self._source)
        return Plan(
            self._name,
            self._source,
            kept,
            by_currency(row.amount for row in kept if row.source_amount is not None),
            by_currency(row.amount for row in kept if row.source_amount is None),
            warnings,
        )
