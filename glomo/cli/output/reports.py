"""Plans and reports as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console

from glomo.batch import Plan, Reconciliation, Report, RowResult, RowStatus
from glomo.batch.standing import Standing, Standings
from glomo.batch.totals import by_currency
from glomo.money import Money

from .console import amount, amounts, count, say, say_parts
from .tables import show_table
from .wording import worded

_MOST_ROWS = 20
_FEW = 5
"""So many rows of one cause are shown one by one, each with what to do."""

_LABELS = {
    RowStatus.ACCEPTED: "accepted",
    RowStatus.REJECTED: "rejected",
    RowStatus.UNKNOWN: "unknown",
    RowStatus.NOT_SENT: "not sent",
}

_REASONS = {RowStatus.UNKNOWN: "no response came: the next run finds out before it sends"}


def show_plan(console: Console, plan: Plan, file: Path) -> None:
    """The file, its rows, its totals; then an empty line."""
    say_parts(console, [file.name, count(len(plan), "row"), *totals_of(plan)])
    if console.is_terminal:
        say(console, "")


def show_names(console: Console, names: Mapping[str, str]) -> None:
    """Which beneficiary each name of the file stands for; the first few of many."""
    if not names:
        return
    parts = [f"{name} = {identifier}" for name, identifier in [*names.items()][:_MOST_ROWS]]
    more = len(names) - len(parts)
    say_parts(console, [*parts, f"... and {more:,} more" if more else ""], indent=2)
    say(console, "")


def totals_of(plan: Plan) -> list[str]:
    """What leaves by currency, and what arrives for the rows that fix that."""
    arriving = amounts(plan.destination_totals)
    return [*amounts(plan.totals), *(f"arriving: {total}" for total in arriving)]


def show_report(console: Console, report: Report) -> None:
    """How many rows and how much money came to which end, then the rows that need somebody."""
    always = (RowStatus.ACCEPTED, RowStatus.REJECTED, RowStatus.UNKNOWN)
    totals, ends = report.totals, [end for end in _LABELS if end in always or report.count(end)]
    rows: list[Sequence[str]] = [("rows", *(f"{report.count(end):,}" for end in ends))]
    for currency in sorted({currency for sums in totals.values() for currency in sums}):
        rows.append((currency, *(_figures(totals.get(end, {}).get(currency)) for end in ends)))
    headings = ("", *(_LABELS[end] for end in ends))
    show_table(console, headings, rows, right=headings[1:], whole=("",))
    show_open_rows(console, report)


def show_open_rows(console: Console, report: Report) -> None:
    """The rows that need somebody, and what is odd about the others."""
    show_rows(console, report.of(RowStatus.REJECTED))
    show_rows(console, report.of(RowStatus.UNKNOWN))
    if report.removed:
        say(
            console,
            f"{count(len(report.removed), 'row')} sent by an earlier run "
            "and no longer in the file; the results list them last",
            style="yellow",
        )
    if report.existing:
        say(
            console,
            f"{count(len(report.existing), 'row')} had been paid before this journal began: "
            "was a batch of the same name run from elsewhere?",
            style="yellow",
        )
    for discrepancy in report.discrepancies:
        say(console, f"the books do not agree: {discrepancy}", style="red")


def show_rows(console: Console, rows: Sequence[RowResult]) -> None:
    """The rows with what went wrong and what to do; many of one cause below it, the first few."""
    causes: dict[tuple[str, str], list[RowResult]] = {}
    for row in rows:
        reason = row.error_code or row.error or _REASONS.get(row.status, "")
        advice = worded(row.advice) or (row.error if row.error_code else None) or ""
        causes.setdefault((reason, advice), []).append(row)
    for (reason, advice), members in [*causes.items()][:_MOST_ROWS]:
        if len(members) <= _FEW:
            for row in members:
                say_parts(console, (*_row_parts(row), reason, advice), indent=2, hang=6)
            continue
        total = amounts(by_currency(row.amount for row in members))
        say_parts(console, (reason, count(len(members), "row"), *total, advice), indent=2, hang=6)
        for row in members[:_FEW]:
            say_parts(console, _row_parts(row), indent=6, hang=8)
        say(console, f"      ... and {len(members) - _FEW:,} more: see the results file")
    if len(causes) > _MOST_ROWS:
        say(console, f"  ... and {len(causes) - _MOST_ROWS:,} more causes: see the results file")


def _row_parts(row: RowResult) -> tuple[str, ...]:
    return (f"row {row.number}", row.reference, amount(row.amount))


def show_reconciliation(good: Console, bad: Console, outcome: Reconciliation) -> None:
    """One line if the API has what the journal says, or the rows where it has not.

    Args:
        good: where the line goes.
        bad: where the rows go.
        outcome: of the comparison; nothing is said if there was nothing to compare.
    """
    if outcome.resolved:
        text = f"{count(len(outcome.resolved), 'row')} whose outcome was unknown: it is known now"
        say(good, text)
    if not outcome.checked and not outcome.open:
        return
    payouts = count(outcome.checked, "payout")
    if outcome.ok:
        say_parts(good, [f"reconciled with the API: {payouts}", *amounts(outcome.debited)])
        return
    wrong = [
        *((row, "the API does not have it") for row in outcome.missing),
        *(
            (row, f"is not what was asked: {differences}")
            for row, differences in outcome.mismatches
        ),
        *(
            (row, f"{row.payout_status} after it was accepted: {row.error_code or row.error}")
            for row in outcome.failed
        ),
        *((row, "may have been paid: the next run finds out") for row in outcome.open),
    ]
    rows = len({row.reference for row, _ in wrong})
    say(bad, f"reconciled with the API: {rows:,} of {payouts} not as accepted", style="red")
    for row, text in wrong[:_MOST_ROWS]:
        parts = (f"row {row.number}", row.reference, amount(row.amount), row.payout_id or "", text)
        say_parts(bad, parts, style="red", indent=2, hang=6)
    if len(wrong) > _MOST_ROWS:
        say(bad, f"  ... and {len(wrong) - _MOST_ROWS:,} more", style="red")


def show_standings(console: Console, standings: Standings, as_of: datetime) -> None:
    """How many rows and how much money stand where, and as of when."""
    always = (Standing.SETTLED, Standing.IN_PROGRESS, Standing.FAILED)
    shown = [one for one in Standing if one in always or standings.rows[one]]
    rows: list[Sequence[str]] = [("rows", *(f"{standings.rows[one]:,}" for one in shown))]
    for currency in sorted({currency for sums in standings.totals.values() for currency in sums}):
        sums = (standings.totals.get(one, {}).get(currency) for one in shown)
        rows.append((currency, *(_figures(one) for one in sums)))
    headings = ("", *(one.value for one in shown))
    show_table(console, headings, rows, right=headings[1:], whole=("",))
    say(console, f"as of {as_of:%Y-%m-%d %H:%M:%S} UTC")


def standings_as_json(standings: Standings, as_of: datetime) -> dict[str, object]:
    """Where the rows stand, for programs."""
    return {
        "as_of": as_of,
        "settled": standings.settled,
        "rows": {one.value.replace(" ", "_"): standings.rows[one] for one in Standing},
        "totals": {one.value.replace(" ", "_"): sums for one, sums in standings.totals.items()},
    }


def report_as_json(report: Report) -> dict[str, object]:
    """The report for programs, every row in it."""
    return {
        "batch": report.name,
        "environment": report.environment,
        "ok": report.ok,
        "rows": {status.value: report.count(status) for status in RowStatus},
        "totals": {status.value: sums for status, sums in report.totals.items()},
        "results": [
            {
                "row": result.number,
                "reference": result.reference,
                "status": result.status.value,
                "amount": result.amount,
                "payout_id": result.payout_id,
                "payout_status": result.payout_status,
                "error_code": result.error_code,
                "error": result.error,
                "advice": worded(result.advice) or None,
                "request_id": result.request_id,
            }
            for result in report.results
        ],
    }


def _figures(money: Money | None) -> str:
    return "-" if money is None else f"{money.amount:,f}"
