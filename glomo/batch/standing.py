"""Where the rows of a batch stand, in the words of whoever waits for the money."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

from attrs import frozen

from glomo.models.payouts import PayoutStatus
from glomo.money import Money

from .journal import RowStatus
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
        rows: Counter[Standing] = Counter()
        totals = {standing: Totals() for standing in Standing}
        for result in results:
            standing = standing_of(result.status, result.payout_status)
            rows[standing] += 1
            totals[standing].add(result.amount)
        present = {standing: totals[standing].sums for standing in Standing if rows[standing]}
        return cls({standing: rows[standing] for standing in Standing}, present)

    @property
    def settled(self) -> bool:
        """Whether all money has arrived."""
        return self.rows[Standing.SETTLED] == sum(self.rows.values())

    @property
    def moving(self) -> bool:
        """Whether something may still change by itself."""
        return self.rows[Standing.IN_PROGRESS] > 0
