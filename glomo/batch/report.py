"""What has become of a batch, row by row and in total."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Self

import anyio
from attrs import Factory, define, field, frozen

from glomo.money import Money

from .journal import Entry, Identity, Journal, RowStatus
from .output_file import replacing
from .plan import Plan
from .results import RowResult, result_spool
from .spool import chunks_of
from .sqlite_file import snapshot
from .totals import Totals, by_currency

COLUMNS = (
    "row",
    "reference",
    "status",
    "payout_id",
    "payout_status",
    "amount",
    "currency",
    "error_code",
    "error",
    "request_id",
    "environment",
)
_SKEW = timedelta(minutes=15)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@define
class _Tally:
    """How many rows there are of each status, and how much money; kept while results are read.

    A report can hold a million results, which lie in a file: they are not read once more to count.
    """

    counts: Counter[RowStatus] = field(factory=Counter[RowStatus])
    totals: Mapping[RowStatus, Totals] = field(
        factory=lambda: {status: Totals() for status in RowStatus}
    )
    doubtful: int = 0

    def add(self, result: RowResult) -> None:
        """Count a result."""
        self.counts[result.status] += 1
        self.totals[result.status].add(result.amount)
        self.doubtful += result.earlier_attempt_unknown

    @property
    def sums(self) -> dict[str, Money]:
        """The sum of each currency, whatever the status."""
        return by_currency(
            chain.from_iterable(total.sums.values() for total in self.totals.values())
        )


def _tally_of(results: Iterable[RowResult]) -> _Tally:
    tally = _Tally()
    for result in results:
        tally.add(result)
    return tally


@frozen
class Report:
    """What has become of every row.

    Attributes:
        name: the batch's name.
        results: every row of the plan, in the order of the file.
        removed: rows that were sent by an earlier run and are no longer in the file.
        existing: accepted rows whose payout is older than the journal. After a lost journal that is
            as it should be; otherwise the batch's name was used before, and these rows may be
            another batch's payouts.
        discrepancies: where the plan's totals and the journal's do not agree. Empty when all is
            well.
        identity: whose journal it is: address, environment and account.
    """

    name: str
    results: Sequence[RowResult] = field(repr=False)
    removed: tuple[RowResult, ...] = ()
    existing: tuple[RowResult, ...] = ()
    discrepancies: tuple[str, ...] = ()
    identity: Identity | None = None
    _tally: _Tally = field(
        default=Factory(lambda report: _tally_of(report.results), takes_self=True),
        repr=False,
        eq=False,
        alias="tally",
        kw_only=True,
    )

    def __len__(self) -> int:
        return len(self.results)

    @property
    def accepted(self) -> int:
        """Rows whose payout is made."""
        return self.count(RowStatus.ACCEPTED)

    @property
    def rejected(self) -> int:
        """Rows that were refused, or whose payout failed or was cancelled."""
        return self.count(RowStatus.REJECTED)

    @property
    def unknown(self) -> int:
        """Rows that may or may not be paid: the next run finds out."""
        return self.count(RowStatus.UNKNOWN)

    @property
    def not_sent(self) -> int:
        """Rows that are not paid: the next run pays them."""
        return self.count(RowStatus.NOT_SENT)

    @property
    def totals(self) -> dict[RowStatus, dict[str, Money]]:
        """The sum of the amounts that the rows name, by status and currency."""
        return {
            status: totals.sums
            for status, totals in self._tally.totals.items()
            if self.count(status)
        }

    @property
    def environment(self) -> str:
        """`production` or `sandbox`; `unknown` if the key did not say."""
        return (self.identity and self.identity.environment) or "unknown"

    @property
    def ok(self) -> bool:
        """Whether every row is accepted, and nothing is left to find out."""
        return (
            self.accepted == len(self.results)
            and not self.discrepancies
            and not any(row.open for row in self.removed)
        )

    @property
    def earlier_attempts_unknown(self) -> int:
        """Rejected rows of which an earlier attempt may have been carried out all the same.

        Every run and every reconciliation looks them up again.
        """
        return self._tally.doubtful + sum(row.earlier_attempt_unknown for row in self.removed)

    def count(self, status: RowStatus) -> int:
        """How many rows have this status."""
        return self._tally.counts[status]

    def of(self, status: RowStatus | str) -> list[RowResult]:
        """The rows of a status, in the order of the file."""
        return [result for result in self.results if result.status == status]

    def write_csv(self, path: str | os.PathLike[str]) -> Path:
        """Write every row into a CSV file, replacing one that is there only once it is complete.

        Rows that are no longer in the payout file come last, without a row number. Texts that a
        spreadsheet would take for a formula get an apostrophe in front. The file is in UTF-8 with
        the mark that Excel looks for, and its owner's alone.

        Args:
            path: where to; `november.results.csv` is the custom.

        Returns:
            The path.
        """
        target = Path(path)
        with (
            replacing(target) as draft,
            draft.open("w", encoding="utf-8-sig", newline="") as file,
        ):
            rows = csv.writer(file, lineterminator="\r\n")
            rows.writerow(COLUMNS)
            numbered = ((result, str(result.number)) for result in self.results)
            for result, number in chain(numbered, ((row, "") for row in self.removed)):
                rows.writerow([*_line(result, number), self.environment])
        return target

    @classmethod
    async def from_journal(cls, path: str | os.PathLike[str]) -> Self:
        """What a journal says, also while a run is using it. Nothing is written or sent.

        Raises:
            JournalAbsentError: there is no such journal.
            JournalError: it is damaged, or something else.
        """
        return await anyio.to_thread.run_sync(cls._read, path)

    @classmethod
    def _read(cls, path: str | os.PathLike[str]) -> Self:
        results = result_spool()
        existing: list[RowResult] = []
        with snapshot(path) as (identity, created_at, entries):
            for entry in entries:
                result = RowResult.of_entry(entry)
                results.append(result)
                if is_older(entry, created_at):
                    existing.append(result)
        return cls(identity.batch, results, existing=tuple(existing), identity=identity)

    @classmethod
    async def of_entries(
        cls, identity: Identity, created_at: datetime, entries: AsyncIterator[Entry]
    ) -> Self:
        """What the entries of a journal say."""
        results = result_spool()
        existing: list[RowResult] = []
        async for entry in entries:
            result = RowResult.of_entry(entry)
            results.append(result)
            if is_older(entry, created_at):
                existing.append(result)
        return cls(identity.batch, results, existing=tuple(existing), identity=identity)

    @classmethod
    async def of_plan(
        cls, identity: Identity, plan: Plan, journal: Journal, created_at: datetime
    ) -> Self:
        """What an open journal says of the rows of a plan.

        Args:
            identity: whose journal it is.
            plan: the plan.
            journal: the journal, open.
            created_at: when it was created.
        """
        results = result_spool()
        existing: list[RowResult] = []
        tally, planned = _Tally(), Totals()
        in_journal = 0
        for _, chunk in chunks_of(plan.rows):
            recorded = await journal.results([row.reference for row in chunk])
            in_journal += len(recorded)
            for row in chunk:
                result = recorded.get(row.reference)
                result = RowResult.of_row(row) if result is None else result.at(row.number)
                results.append(result)
                tally.add(result)
                planned.add(row.amount)
                if is_older(result, created_at):
                    existing.append(result)
        removed_rows: list[RowResult] = []
        if in_journal < await journal.count():
            removed_rows = [
                RowResult.of_entry(entry)
                async for entry in journal.entries()
                if entry.status is not RowStatus.NOT_SENT and entry.reference not in plan.references
            ]
        return cls(
            identity.batch,
            results,
            tuple(removed_rows),
            tuple(existing),
            tuple(_discrepancies(planned.sums, tally.sums)),
            identity,
            tally=tally,
        )


def is_older(entry: Entry | RowResult, journal_created_at: datetime) -> bool:
    """Whether a payout was there before the journal; the API's clock may be a little off."""
    created = entry.payout_created_at
    accepted = entry.status is RowStatus.ACCEPTED
    return accepted and created is not None and created < journal_created_at - _SKEW


def _discrepancies(planned: Mapping[str, Money], recorded: Mapping[str, Money]) -> Iterable[str]:
    """Compare what the file says with what the journal says was sent, currency by currency."""
    for currency in sorted({*planned, *recorded}):
        zero = Money(0, currency)
        planned_sum, recorded_sum = planned.get(currency, zero), recorded.get(currency, zero)
        if planned_sum != recorded_sum:
            yield f"the plan's total is {planned_sum}, the journal's is {recorded_sum}"


def _line(result: RowResult, number: str) -> list[str]:
    return [
        number,
        _safe(result.reference),
        result.status.value,
        _safe(result.payout_id),
        _safe(result.payout_status),
        f"{result.amount.amount:f}",
        result.amount.currency,
        _safe(result.error_code),
        _safe(result.error),
        _safe(result.request_id),
    ]


def _safe(text: str | None) -> str:
    if not text:
        return ""
    return f"'{text}" if text.startswith(_FORMULA) else text
