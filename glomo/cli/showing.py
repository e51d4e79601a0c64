"""Plans, problems and reports as a person reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console

from glomo.batch import Plan, PlanError, Problem, Reconciliation, Report, RowResult, RowStatus
from glomo.money import Money

from .console import amount, amounts, count, say, table

_MOST_PROBLEMS = 200
_MOST_ROWS = 20
_CALLED = {
    RowStatus.ACCEPTED: "accepted",
    RowStatus.REJECTED: "rejected",
    RowStatus.UNKNOWN: "unknown",
    RowStatus.NOT_SENT: "not sent",
}

_FIND_CODES = "find one with glomo purpose-codes search WORDS"
_WHY = {RowStatus.UNKNOWN: "its answer did not come: the next run finds out before it sends"}


def show_problems(console: Console, refused: PlanError) -> None:
    """Every mistake of a file, by row and column."""
    problems = refused.problems
    console.print(_problem_table(problems[:_MOST_PROBLEMS]))
    if len(problems) > _MOST_PROBLEMS:
        say(console, f"... and {len(problems) - _MOST_PROBLEMS:,} more")
    found = count(len(problems), "problem")
    say(console, f"{refused.source}: {found}; nothing was sent", style="red")


def _problem_table(problems: Iterable[Problem]) -> object:
    rows = [
        (
            "" if one.row is None else f"{one.row:,}",
            one.column or "",
            "" if one.value is None else repr(one.value),
            one.problem + (f" ({one.count:,} rows)" if one.count > 1 else ""),
            (one.instead or "").replace("search glomo.purpose_codes", _FIND_CODES),
        )
        for one in problems
    ]
    headings = ("row", "column", "value", "problem", "instead")
    return table(headings, rows, right=("row",), no_fold=("column",))


def show_plan(console: Console, plan: Plan, file: Path) -> None:
    """One line: the file, its rows, its totals."""
    say(console, f"{file.name}   {count(len(plan), 'row')}   {totals_of(plan)}")


def totals_of(plan: Plan) -> str:
    """What leaves by currency, and what arrives for the rows that fix that."""
    arriving = plan.destination_totals
    parts = [amounts(plan.totals), f"arriving: {amounts(arriving)}" if arriving else ""]
    return "   ".join(part for part in parts if part)


def show_warnings(console: Console, warnings: Iterable[Problem]) -> None:
    """One line each."""
    for warning in warnings:
        say(console, f"warning: {warning}", style="yellow")


def show_report(console: Console, report: Report) -> None:
    """How many rows and how much money came to which end, then the rows that need somebody."""
    always = (RowStatus.ACCEPTED, RowStatus.REJECTED, RowStatus.UNKNOWN)
    totals, ends = report.totals, [end for end in _CALLED if end in always or report.of(end)]
    rows: list[Sequence[str]] = [("rows", *(f"{len(report.of(end)):,}" for end in ends))]
    for currency in sorted({currency for sums in totals.values() for currency in sums}):
        rows.append((currency, *(_figures(totals.get(end, {}).get(currency)) for end in ends)))
    headings = ("", *(_CALLED[end] for end in ends))
    console.print(table(headings, rows, right=headings[1:], no_fold=("",)))
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
    """The rows with what went wrong and what to do; the first few of many."""
    for row in rows[:_MOST_ROWS]:
        why = row.error_code or row.error or _WHY.get(row.status, "")
        advice = (row.advice or (row.error if row.error_code else None) or "").replace(
            "send rejected rows again", "--retry-failed"
        )
        parts = (f"row {row.number}", row.reference, amount(row.amount), why, advice)
        say(console, "  " + "  ".join(part for part in parts if part))
    if len(rows) > _MOST_ROWS:
        say(console, f"  ... and {len(rows) - _MOST_ROWS:,} more: see the results file")


def show_reconciliation(good: Console, bad: Console, found: Reconciliation) -> None:
    """One line if the API has what the journal says, or the rows where it has not.

    Args:
        good: where the line goes.
        bad: where the rows go.
        found: what the comparison has found; nothing is said if there was nothing to compare.
    """
    if not found.checked:
        return
    payouts = count(found.checked, "payout")
    if found.ok:
        say(good, f"reconciled with the API: {payouts}   {amounts(found.debited)}")
        return
    wrong = [
        *((row, "the API does not have it") for row in found.missing),
        *((row, f"is not what was asked: {said}") for row, said in found.different),
        *(
            (row, f"{row.payout_status} after it was accepted: {row.error_code or row.error}")
            for row in found.failed
        ),
    ]
    rows = len({row.reference for row, _ in wrong})
    say(bad, f"reconciled with the API: {rows:,} of {payouts} not as accepted", style="red")
    for row, said in wrong[:_MOST_ROWS]:
        parts = (f"row {row.number}", row.reference, amount(row.amount), row.payout_id or "", said)
        say(bad, "  " + "  ".join(part for part in parts if part), style="red")
    if len(wrong) > _MOST_ROWS:
        say(bad, f"  ... and {len(wrong) - _MOST_ROWS:,} more", style="red")


def _figures(money: Money | None) -> str:
    return "-" if money is None else f"{money.amount:,f}"
