"""How a run tells what it does: for people, or as JSON events for programs."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from glomo.batch import Plan, Problem, Reconciliation, Report, RowResult, RowStatus
from glomo.batch.approval import Approval

from .console import err, out, say, say_parts
from .json_output import print_json_line
from .problems import show_warnings
from .progress import Counts, ProgressDisplay, progress_display
from .reports import show_plan, show_reconciliation, show_report
from .traffic import Traffic


class RunDisplay(Protocol):
    """What a run tells, in the order in which it happens."""

    def plan(self, plan: Plan, file: Path) -> None: ...
    def approval(self, approval: Approval, *, verified: bool) -> None: ...
    def warnings(self, warnings: tuple[Problem, ...]) -> None: ...
    def progress(self, traffic: Traffic) -> Any: ...
    def report(self, report: Report) -> None: ...
    def reconciliation(self, reconciliation: Reconciliation) -> None: ...
    def file(self, kind: str, path: Path) -> None: ...
    def note(self, text: str) -> None: ...
    def next_step(self, command: str, purpose: str) -> None: ...


class TextDisplay:
    """For people: results to stdout, everything else to stderr."""

    def plan(self, plan: Plan, file: Path) -> None:
        """The file, its rows, its totals."""
        show_plan(out(), plan, file)

    def approval(self, approval: Approval, *, verified: bool) -> None:
        """Who has approved exactly this."""
        signature = "not signed"
        if approval.signature is not None:
            signature = "signature verified" if verified else "signed, not verified"
        when = f"{approval.approved_at:%Y-%m-%d %H:%M} UTC"
        say_parts(out(), [f"approved by {approval.approved_by}", when, signature])

    def warnings(self, warnings: tuple[Problem, ...]) -> None:
        """What may be a mistake."""
        show_warnings(err(), warnings)

    @contextmanager
    def progress(self, traffic: Traffic) -> Generator[ProgressDisplay]:
        """A live display on a terminal, lines elsewhere."""
        with progress_display(err(), traffic) as display:
            yield display

    def report(self, report: Report) -> None:
        """What became of the rows."""
        show_report(out(), report)

    def reconciliation(self, reconciliation: Reconciliation) -> None:
        """What the API has of them."""
        show_reconciliation(out(), err(), reconciliation)

    def file(self, kind: str, path: Path) -> None:
        """A file that was written."""
        say(out(), f"{kind}: {path}")

    def note(self, text: str) -> None:
        """Something to know, beside the results."""
        say(out(), text)

    def next_step(self, command: str, purpose: str) -> None:
        """A command that may be wanted now."""
        say_parts(out(), [command, purpose])


class JsonDisplay:
    """For programs: one JSON object a line on stdout, each with its `event`; warnings on stderr."""

    def plan(self, plan: Plan, file: Path) -> None:
        """`plan`: the file, its rows, its totals."""
        totals, destination = plan.totals, plan.destination_totals
        self._print("plan", file=file, batch=plan.name, rows=len(plan), totals=totals,
                    destination_totals=destination)  # fmt: skip

    def approval(self, approval: Approval, *, verified: bool) -> None:
        """`approval`: who has approved exactly this."""
        self._print("approval", verified=verified, **approval.to_json())

    def warnings(self, warnings: tuple[Problem, ...]) -> None:
        """`warning`: what may be a mistake."""
        for warning in warnings:
            self._print("warning", row=warning.row, column=warning.column, text=str(warning))

    @contextmanager
    def progress(self, traffic: Traffic) -> Generator[ProgressDisplay]:
        """`row`: each row as it is settled."""
        yield _JsonProgress()

    def report(self, report: Report) -> None:
        """`report`: how many rows and how much money came to which end."""
        counts = {status.value: report.count(status) for status in RowStatus}
        self._print(
            "report",
            ok=report.ok,
            environment=report.environment,
            rows=counts,
            totals={status.value: sums for status, sums in report.totals.items()},
            discrepancies=report.discrepancies,
        )

    def reconciliation(self, reconciliation: Reconciliation) -> None:
        """`reconciliation`: what the API has of the accepted rows."""
        self._print(
            "reconciliation",
            ok=reconciliation.ok,
            checked=reconciliation.checked,
            missing=[row.reference for row in reconciliation.missing],
            mismatches=[row.reference for row, _ in reconciliation.mismatches],
            failed=[row.reference for row in reconciliation.failed],
            statuses=reconciliation.statuses,
            debited=reconciliation.debited,
        )

    def file(self, kind: str, path: Path) -> None:
        """`file`: a file that was written."""
        self._print("file", kind=kind, path=path)

    def note(self, text: str) -> None:
        """`note`: something to know."""
        self._print("note", text=text)

    def next_step(self, command: str, purpose: str) -> None:
        """Nothing: a program knows what it does next."""

    def _print(self, event: str, **fields: object) -> None:
        print_json_line({"event": event, **fields})


_COUNTS = ("total", "done", "rejected", "unknown")


class _JsonProgress:
    def update(self, progress: Counts, result: RowResult | None) -> None:
        if result is None:
            counts = {name: getattr(progress, name) for name in _COUNTS}
            print_json_line({"event": "progress", **counts})
            return
        print_json_line(
            {
                "event": "row",
                "row": result.number,
                "reference": result.reference,
                "status": result.status.value,
                "amount": result.amount,
                "payout_id": result.payout_id,
                "payout_status": result.payout_status,
                "error_code": result.error_code,
                "error": result.error,
                "request_id": result.request_id,
            }
        )

    def note(self, text: str) -> None:
        say(err(), text)


def display_for(*, json_output: bool) -> RunDisplay:
    """The display that was asked for."""
    return JsonDisplay() if json_output else TextDisplay()
