"""What has become of a batch, row by row and in total."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

import anyio
from attrs import field, frozen

from glomo.money import Money

from .journal import Entry, Identity, State
from .output_file import replacing
from .results import RowResult, RowStatus
from .rows import Row
from .sqlite_journal import read_only
from .totals import by_currency

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
    results: tuple[RowResult, ...] = field(repr=False)
    removed: tuple[RowResult, ...] = ()
    existing: tuple[RowResult, ...] = ()
    discrepancies: tuple[str, ...] = ()
    identity: Identity | None = None
    _counts: Counter[RowStatus] = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        counts = Counter(result.status for result in self.results)
        object.__setattr__(self, "_counts", counts)

    def __len__(self) -> int:
        return len(self.results)

    @property
    def accepted(self) -> int:
        """Rows whose payout is made."""
        return self._counts[RowStatus.ACCEPTED]

    @property
    def rejected(self) -> int:
        """Rows that were refused, or whose payout failed or was cancelled."""
        return self._counts[RowStatus.REJECTED]

    @property
    def unknown(self) -> int:
        """Rows that may or may not be paid: the next run finds out."""
        return self._counts[RowStatus.UNKNOWN]

    @property
    def not_sent(self) -> int:
        """Rows that are not paid: the next run pays them."""
        return self._counts[RowStatus.NOT_SENT]

    @property
    def totals(self) -> dict[RowStatus, dict[str, Money]]:
        """The sum of the amounts that the rows name, by status and currency."""
        return {
            status: by_currency(result.amount for result in self.of(status))
            for status in RowStatus
            if self._counts[status]
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
            and all(gone.status is not RowStatus.UNKNOWN for gone in self.removed)
        )

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
            numbered = [(result, str(result.number)) for result in self.results]
            for result, number in [*numbered, *((gone, "") for gone in self.removed)]:
                rows.writerow([*_line(result, number), self.environment])
        return target

    @classmethod
    async def from_journal(cls, path: str | os.PathLike[str]) -> Self:
        """What a journal says, also while a run is using it. Nothing is written or sent.

        Raises:
            JournalError: there is no such journal.
        """
        identity, made_at, entries = await anyio.to_thread.run_sync(read_only, path)
        return cls(
            identity.batch,
            tuple(map(RowResult.of_entry, entries)),
            existing=tuple(RowResult.of_entry(e) for e in entries if is_older(e, made_at)),
            identity=identity,
        )

    @classmethod
    def of_plan(
        cls,
        identity: Identity,
        rows: Sequence[Row],
        entries: Mapping[str, Entry],
        made_at: datetime | None,
    ) -> Self:
        """What a journal of this identity says of the rows of a plan."""
        results: list[RowResult] = []
        for row in rows:
            entry = entries.get(row.reference)
            result = RowResult.of_row(row) if entry is None else RowResult.of_entry(entry)
            results.append(result.at(row.number))
        planned = {row.reference for row in rows}
        removed = [
            RowResult.of_entry(entry)
            for entry in entries.values()
            if entry.reference not in planned and entry.state is not State.PLANNED
        ]
        older = made_at is not None and [
            result
            for result in results
            if (entry := entries.get(result.reference)) is not None and is_older(entry, made_at)
        ]
        return cls(
            identity.batch,
            tuple(results),
            tuple(removed),
            tuple(older or ()),
            tuple(_discrepancies(rows, results)),
            identity,
        )


def is_older(entry: Entry, made_at: datetime) -> bool:
    """Whether a payout was there before the journal; the API's clock may be a little off."""
    created = entry.payout_created_at
    return entry.state is State.ACCEPTED and created is not None and created < made_at - _SKEW


def _discrepancies(rows: Sequence[Row], results: Sequence[RowResult]) -> Iterable[str]:
    """Compare what the file says with what the journal says was sent, currency by currency."""
    planned = by_currency(row.amount for row in rows)
    recorded = by_currency(result.amount for result in results)
    for currency in sorted({*planned, *recorded}):
        nothing = Money(0, currency)
        ours, theirs = planned.get(currency, nothing), recorded.get(currency, nothing)
        if ours != theirs:
            yield f"the plan's total is {ours}, the journal's is {theirs}"


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
