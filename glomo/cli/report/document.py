"""What a report says: gathered once, so that page and workbook agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from glomo.batch import Report, RowResult
from glomo.batch.approval import Approval
from glomo.batch.sqlite_file import snapshot
from glomo.batch.sqlite_history import history
from glomo.batch.standing import Standing, standing_of
from glomo.batch.totals import by_currency
from glomo.diagnosis import Remedy
from glomo.money import Money

_WORDS = {
    Remedy.RETRY_REJECTED: "run the file again with --retry-failed",
    Remedy.COMPARE_PAYOUT: "compare the two, and give the row a new reference only if it is a new "
    "payout",
}
"""A report is read by people who did not type the command."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row with everything that an auditor asks.

    `standing` says where it stands; money is `Money`, and `None` where it is not known.
    """

    number: int | None
    reference: str
    standing: Standing
    payout_status: str
    beneficiary_id: str
    beneficiary_name: str
    amount: Money
    rail: str
    purpose_code: str
    invoice_number: str
    source: Money | None
    destination: Money | None
    rate: str
    fees: Money | None
    bank_reference: str
    payout_id: str
    request_ids: tuple[str, ...]
    created_at: datetime | None
    updated_at: datetime | None
    error_code: str
    error: str
    meaning: str
    advice: str

    @property
    def beneficiary(self) -> str:
        """Who is paid: the name that the file gave, and the id."""
        if not self.beneficiary_name:
            return self.beneficiary_id
        return f"{self.beneficiary_name} ({self.beneficiary_id})"


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """Failures of one cause."""

    cause: str
    meaning: str
    advice: str
    rows: tuple[ReportRow, ...]

    @property
    def totals(self) -> dict[str, Money]:
        """What they come to, by currency."""
        return by_currency(row.amount for row in self.rows)


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows and how much money of one kind."""

    label: str
    rows: int
    amounts: dict[str, Money]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """Who ran what against which environment, and when.

    Attributes:
        file: the payout file.
        environment: `production`, `sandbox` or `unknown`.
        address: the API.
        rehearsal: whether it was the embedded sandbox.
        run_by: the user and the machine.
        written_at: when the report was written.
        started_at: when the last run began that settled a row; `None` if there was none.
        settled: rows that it has brought to their end.
        elapsed: how long that took.
        approvals: who has approved it.
    """

    file: str
    environment: str
    address: str
    rehearsal: bool
    run_by: str
    written_at: datetime
    started_at: datetime | None = None
    settled: int = 0
    elapsed: timedelta | None = None
    approvals: Sequence[Approval] = ()

    @property
    def throughput(self) -> float | None:
        """Rows a second."""
        if self.elapsed is None or not self.settled or self.elapsed.total_seconds() <= 0:
            return None
        return self.settled / self.elapsed.total_seconds()


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """Everything that a report says."""

    batch: str
    facts: RunFacts
    rows: tuple[ReportRow, ...]
    discrepancies: tuple[str, ...] = ()
    removed: int = 0
    totals: dict[str, Money] = field(init=False)
    by_standing: tuple[Total, ...] = field(init=False)
    by_rail: tuple[Total, ...] = field(init=False)
    failures: tuple[FailureGroup, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "totals", by_currency(row.amount for row in self.rows))
        object.__setattr__(self, "by_standing", _totals(self.rows, lambda row: row.standing.value))
        object.__setattr__(self, "by_rail", _totals(self.rows, lambda row: row.rail))
        object.__setattr__(self, "failures", _failures(self.rows))

    @property
    def tiles(self) -> tuple[Total, ...]:
        """How many rows stand where; settled, in progress and failed also if there are none."""
        present = {total.label: total for total in self.by_standing}
        always = (Standing.SETTLED, Standing.IN_PROGRESS, Standing.FAILED)
        return tuple(
            present.get(standing.value, Total(standing.value, 0, {}))
            for standing in Standing
            if standing in always or standing.value in present
        )


def document_of(
    report: Report, journal: Path, facts: RunFacts, names: Mapping[str, str]
) -> ReportDocument:
    """Gather what a report says.

    Args:
        report: what has become of the rows.
        journal: the journal's file, which knows what was asked.
        facts: who, where and when.
        names: what beneficiaries are called, by id.
    """
    with snapshot(journal) as (_, _, entries):
        payloads = {entry.reference: entry.parameters for entry in entries}
    replaced: dict[str, list[str]] = {}
    for entry in history(journal):
        replaced.setdefault(entry.reference, []).append(entry.request_id)
    rows = [
        report_row(
            result,
            payloads.get(result.reference, {}),
            replaced.get(result.reference, ()),
            names=names,
        )
        for result in (*report.results, *report.removed)
    ]
    return ReportDocument(
        report.name, facts, tuple(rows), report.discrepancies, len(report.removed)
    )


def report_row(
    result: RowResult,
    payload: Mapping[str, Any],
    earlier_request_ids: Sequence[str] = (),
    *,
    names: Mapping[str, str] | None = None,
) -> ReportRow:
    """One row: what was asked, and what has become of it."""
    diagnosis = result.advice
    current = (result.request_id,) if result.request_id else ()
    return ReportRow(
        number=result.number,
        reference=result.reference,
        standing=standing_of(result.status, result.payout_status),
        payout_status=result.payout_status or "",
        beneficiary_id=payload.get("beneficiary_id", ""),
        beneficiary_name=(names or {}).get(payload.get("beneficiary_id", ""), ""),
        amount=result.amount,
        rail=payload.get("payment_rail") or "swift",
        purpose_code=payload.get("purpose_code", ""),
        invoice_number=payload.get("invoice_number", ""),
        **_both_sides(result, payload),
        payout_id=result.payout_id or "",
        request_ids=(*earlier_request_ids, *current),
        error_code=result.error_code or "",
        error=result.error or "",
        meaning="" if diagnosis is None else diagnosis.problem,
        advice=("" if diagnosis is None else diagnosis.advice_in(_WORDS)) or "",
    )


def _both_sides(result: RowResult, payload: Mapping[str, Any]) -> dict[str, Any]:
    """What left, what arrived, rate, fees and bank reference, as far as they are known."""
    amounts: Mapping[str, Any] = {**payload, **result.details}
    source = amounts.get("source_currency", "")
    fees = [amounts[name] for name in ("fx_fee", "txn_fee") if name in amounts]
    return {
        "source": _money(amounts, "source"),
        "destination": _money(amounts, "destination"),
        "rate": amounts.get("rate", ""),
        "fees": Money(sum(fees), source) if fees else None,
        "bank_reference": amounts.get("utr", ""),
        "created_at": result.payout_created_at,
        "updated_at": _moment(amounts.get("updated_at")),
    }


def _money(amounts: Mapping[str, Any], end: str) -> Money | None:
    minor, currency = amounts.get(f"{end}_amount"), amounts.get(f"{end}_currency")
    return Money(minor, currency) if minor is not None and currency else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _totals(rows: Iterable[ReportRow], label: Callable[[ReportRow], str]) -> tuple[Total, ...]:
    counts: Counter[str] = Counter()
    sums: dict[str, Counter[str]] = {}
    for row in rows:
        key = label(row)
        counts[key] += 1
        sums.setdefault(key, Counter())[row.amount.currency] += row.amount.minor
    order = [standing.value for standing in Standing]
    return tuple(
        Total(
            key,
            counts[key],
            {currency: Money(minor, currency) for currency, minor in sorted(sums[key].items())},
        )
        for key in sorted(counts, key=lambda key: (order.index(key) if key in order else 0, key))
    )


def _failures(rows: Iterable[ReportRow]) -> tuple[FailureGroup, ...]:
    """Failed and unknown rows by cause, the most frequent first."""
    groups: dict[str, list[ReportRow]] = {}
    for row in rows:
        if row.standing in (Standing.FAILED, Standing.UNKNOWN):
            cause = "NO RESPONSE" if row.standing is Standing.UNKNOWN else row.error_code
            groups.setdefault(cause or "REFUSED", []).append(row)
    failures = [_failure(cause, members) for cause, members in groups.items()]
    return tuple(sorted(failures, key=lambda group: (-len(group.rows), group.cause)))


def _failure(cause: str, rows: Sequence[ReportRow]) -> FailureGroup:
    first = rows[0]
    if first.standing is Standing.UNKNOWN:
        return FailureGroup(
            cause,
            "the payouts may or may not have been made",
            "run the same command again: it looks them up before it sends anything",
            tuple(rows),
        )
    return FailureGroup(cause, first.meaning or first.error, first.advice, tuple(rows))
