"""Where the rows of a batch stand, in the words of whoever waits for the money."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterable, Iterable, Mapping
from enum import StrEnum

from attrs import frozen

from glomo.models.payouts import PayoutStatus
from glomo.money import Money

from .journal import Entry, RowStatus
from .results import RowResult
from .totals import Totals


class Standing(StrEnum):
    """Where a row stands. That its payout was accepted does not mean that the money has arrived."""

    SETTLED = "settled"
    """The money has arrived."""
    IN_PROGRESS = "in progress"
    """The payout exists, and is not at its end."""
    FAILED = "failed"
    """The API refused it, or the payout failed or was cancelled."""
    UNKNOWN = "unknown"
    """A payout may exist: the next run finds out."""
    NOT_SENT = "not sent"
    """No payout exists: the next run pays it."""


def standing_of(status: RowStatus, payout_status: str | None) -> Standing:
    """Where a row of this status stands, whose payout was last seen like this."""
    if status is RowStatus.ACCEPTED:
        arrived = payout_status == PayoutStatus.SUCCESS
        return Standing.SETTLED if arrived else Standing.IN_PROGRESS
    return {
        RowStatus.REJECTED: Standing.FAILED,
        RowStatus.UNKNOWN: Standing.UNKNOWN,
        RowStatus.NOT_SENT: Standing.NOT_SENT,
    }[status]


@frozen
class Standings:
    """How many rows, and how much money, stand where."""

    rows: Mapping[Standing, int]
    totals: Mapping[Standing, Mapping[str, Money]]

    @classmethod
    def of_results(cls, results: Iterable[RowResult]) -> Standings:
        """Count rows."""
        counter = _Counter()
        for result in results:
            counter.add(standing_of(result.status, result.payout_status), result.amount)
        return cls(*counter.sums)

    @classmethod
    async def of_entries(cls, entries: AsyncIterable[Entry]) -> Standings:
        """Count the entries of a journal."""
        counter = _Counter()
        async for entry in entries:
            counter.add(standing_of(entry.status, entry.payout_status), entry.amount)
        return cls(*counter.sums)

    @property
    def settled(self) -> bool:
        """Whether all money has arrived."""
        return self.rows[Standing.SETTLED] == sum(self.rows.values())

    @property
    def moving(self) -> bool:
        """Whether something may still change by itself."""
        return self.rows[Standing.IN_PROGRESS] > 0


class _Counter:
    def __init__(self) -> None:
        self._rows: Counter[Standing] = Counter()
        self._totals = {standing: Totals() for standing in Standing}

    def add(self, standing: Standing, amount: Money) -> None:
        self._rows[standing] += 1
        self._totals[standing].add(amount)

    @property
    def sums(self) -> tuple[dict[Standing, int], dict[Standing, Mapping[str, Money]]]:
        rows = {standing: self._rows[standing] for standing in Standing}
        totals: dict[Standing, Mapping[str, Money]] = {
            standing: self._totals[standing].sums for standing in Standing if rows[standing]
        }
        return rows, totals
