"""What follows a run: reconcile with the API, write the results, say how it ended."""

from __future__ import annotations

import asyncio
import shlex
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import anyio

from glomo.batch import Batch, BatchError, JournalError, Plan, Reconciliation, Report
from glomo.batch.run_notes import RunNotes, add_run
from glomo.batch.standing import Standings
from glomo.cli.failures import (
    FAILED,
    INTERRUPTED,
    OK,
    exit_status,
    report_failure,
    report_unreconciled,
)
from glomo.cli.interrupt import forget_cancellation, interruptible
from glomo.cli.output.console import count, err, say
from glomo.cli.output.run_display import RunDisplay
from glomo.cli.payout_files import SiblingPaths
from glomo.cli.report.files import MOST_ROWS, gather, write_files
from glomo.client import AsyncGlomo
from glomo.errors import GlomoError

from .options import RunOptions


@dataclass(slots=True)
class Payment:
    """How the payment itself went.

    Attributes:
        started_at: when it began.
        settled: how many rows this run has settled.
        aborted: whether a second Ctrl-C has ended it.
        failure: what has ended it early.
        elapsed: how long it took.
    """

    started_at: datetime
    settled: int = 0
    aborted: bool = False
    failure: Exception | None = None
    elapsed: timedelta = timedelta()

    def notes(self, plan: Plan) -> RunNotes:
        """What a report says of it."""
        return RunNotes(self.started_at, self.elapsed, self.settled, plan.names)


class Ending:
    """The end of one run."""

    def __init__(
        self,
        options: RunOptions,
        paths: SiblingPaths,
        journal: Path,
        *,
        batch: Batch,
        display: RunDisplay,
        payment: Payment,
    ) -> None:
        """Say what has ended.

        Args:
            options: of the run.
            paths: the files beside the payout file.
            journal: the journal's file.
            batch: what was run.
            display: where to show things.
            payment: how it went.
        """
        self._options = options
        self._paths = paths
        self._journal = journal
        self._batch = batch
        self._display = display
        self._payment = payment
        self.report: Report | None = None

    async def finish(self, glomo: AsyncGlomo) -> int:
        """Reconcile if the run came to its end, then write the results. Returns the exit status.

        With --wait, following the payouts does that: they are read once for both.
        """
        reconciled, reconciliation = OK, None
        ended = self._payment.failure is None and not self._payment.aborted
        if ended and not self._batch.stopped and not self._options.wait:
            reconciled, reconciliation = await self._reconcile(glomo)
        status = self._write_results()
        if reconciliation is not None:
            self._display.reconciliation(reconciliation)
            self._show_next_steps()
        return status or reconciled

    def _show_next_steps(self) -> None:
        report = self.report
        if report is None or self._options.wait:
            return
        if report.rejected:
            command = self._command("run", "--retry-failed")
            self._display.next_step(command, "pays rejected rows again, once mended")
        if Standings.of_results(report.results).moving:
            self._display.next_step(self._command("track"), "follows the money till it arrives")

    def _command(self, verb: str, *more: str) -> str:
        """A command about the same file, batch and journal."""
        options = self._options
        given = {
            "--name": options.name,
            "--journal": options.journal,
            "--sheet": options.sheet if verb == "run" else None,
            "--approval": options.approval if verb == "run" else None,
            "--profile": options.profile,
            "--base-url": options.base_url,
        }
        words = [
            *("glomo", "payouts", verb, str(self._paths.file)),
            *(word for name, value in given.items() if value for word in (name, str(value))),
            *(["--include-hidden"] if options.include_hidden and verb == "run" else []),
            *(["--sandbox"] if options.sandbox else []),
            *more,
        ]
        return shlex.join(words)

    async def _reconcile(self, glomo: AsyncGlomo) -> tuple[int, Reconciliation | None]:
        """Read again what was paid. If that fails, the results are written all the same."""
        loop, scope = asyncio.get_running_loop(), anyio.CancelScope()

        def stop() -> None:
            loop.call_soon_threadsafe(scope.cancel)

        try:
            with interruptible(stop, lambda _: None), scope:
                reconciliation = await self._batch.reconcile(glomo)
                return (OK if reconciliation.ok else FAILED), reconciliation
        except asyncio.CancelledError:
            forget_cancellation()
        except (JournalError, OSError, sqlite3.Error) as error:
            report_failure(error, json_output=self._options.json_output)
            return FAILED, None
        except GlomoError as error:
            report_unreconciled(error, json_output=self._options.json_output)
            return FAILED, None
        say(err(), "stopped before the payouts were read again: the same command does that")
        return INTERRUPTED, None

    def _write_results(self) -> int:
        try:
            report = self.report = self._batch.report()
        except BatchError:
            # Nothing was begun, so the failure says more.
            if self._payment.failure is None:
                raise
            raise self._payment.failure from None
        self._display.report(report)
        self._display.file("results", report.write_csv(self._paths.results))
        self._note_run()
        self._write_report(report)
        if self._payment.failure is not None:
            report_failure(self._payment.failure, json_output=self._options.json_output)
            return exit_status(self._payment.failure)
        already = self._batch.progress.already
        if already and self._payment.settled:
            self._display.note(f"{count(already, 'row')} of these had been settled by earlier runs")
        if report.ok:
            if not self._payment.settled:
                self._display.note("nothing was left to pay: earlier runs had settled every row")
            return self._accept_existing(report)
        if self._payment.aborted or self._batch.stopped:
            say(err(), "stopped before the end: the same command goes on from here")
            return INTERRUPTED
        return FAILED

    def _note_run(self) -> None:
        """Note in the journal what reports tell of the run; without it they tell less."""
        try:
            add_run(self._journal, self._payment.notes(self._batch.plan()))
        except JournalError as error:
            report_failure(error, json_output=self._options.json_output)

    def _write_report(self, report: Report) -> None:
        """Page and workbook; the results are safe already, so their failure is not the run's."""
        if len(report) > MOST_ROWS:
            command = f"glomo payouts report {self._paths.file}"
            self._display.note(f"{command} writes the report and the workbook of so many rows")
            return
        try:
            document = gather(report, self._paths, self._journal)
            for kind, path in write_files(document, self._paths):
                self._display.file(kind, path)
        except (OSError, JournalError) as error:
            report_failure(error, json_output=self._options.json_output)

    def _accept_existing(self, report: Report) -> int:
        """Whether rows may count as paid whose payouts are older than the journal.

        After a lost journal they are this batch's; otherwise another batch had the same name, and
        nothing was sent for rows that somebody expects to be paid.
        """
        if not report.existing or self._options.accept_existing or not self._options.yes:
            return OK
        say(
            err(),
            f"{count(len(report.existing), 'row')} had been paid before this journal began, by "
            "this machine's clock: then nothing was sent for them, and nobody was asked",
            style="red",
        )
        say(
            err(),
            "hint: if the journal of this very batch was lost, all is well: --accept-existing says "
            "so; if the batch's name was used before, pay these rows under another --name; if this "
            "machine's clock was ahead when the batch began, this run may have paid them itself",
        )
        return FAILED
