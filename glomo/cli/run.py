"""Paying a file: plan, warn, ask, pay, reconcile, report."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import anyio

from glomo.batch import (
    Batch,
    BatchError,
    JournalError,
    Plan,
    Problem,
    Reconciliation,
    Report,
    RowStatus,
)
from glomo.batch.totals import by_currency
from glomo.client import AsyncGlomo
from glomo.errors import DecodingError, GlomoError, ServerError, TransportError
from glomo.money import Money

from .confirm import confirm
from .connection import connect, moves_money
from .console import amounts, count, err, out, say
from .embedded import TARGET, embedded, proof
from .failure import EXPECTED, FAILED, INTERRUPTED, OK, CommandError, exit_status
from .failure import report as report_error
from .files import batch_of, beside
from .interrupt import interruptible
from .neighbours import paid_under_another_name
from .progress import display
from .showing import show_plan, show_reconciliation, show_report, show_warnings

_ABORT_SECONDS = 1.0
"""What calls in flight still have after the second Ctrl-C."""

_STRICT = "--strict does not pay with a warning open: nothing was sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to pay a file; the options of `glomo payouts run`."""

    file: Path
    sandbox: bool = False
    base_url: str | None = None
    yes: bool = False
    name: str | None = None
    journal: Path | None = None
    strict: bool = False
    concurrency: int = 32
    rate_limit: int = 3000
    retry_failed: bool = False


def pay(options: Options) -> int:
    """Pay a file and return the exit status.

    Raises:
        PlanError: the file has mistakes; nothing was sent.
        GlomoError: nothing could be sent at all.
    """
    batch = batch_of(options.file, options.name)
    plan = batch.plan(strict=options.strict)
    show_plan(out(), plan, options.file)
    show_warnings(err(), plan.warnings)
    files = beside(options.file)
    in_flight = max(200, options.concurrency)
    if not options.sandbox:
        glomo = connect(options.base_url, rate_limit=options.rate_limit, in_flight=in_flight)
        journal = options.journal or files.journal
        return asyncio.run(_Run(options, batch, plan, glomo, journal=journal).go())
    with embedded(plan, files.sandbox_state, options.rate_limit) as local:
        glomo = connect(
            local.base_url, api_key=local.key, rate_limit=options.rate_limit, in_flight=in_flight
        )
        journal = options.journal or files.sandbox_journal
        run = _Run(options, batch, plan, glomo, journal=journal, target=TARGET)
        status = asyncio.run(run.go())
        if run.report is None:
            return status
        shown = proof(local.sandbox, run.report)
        found = count(shown.payouts, "payout")
        if not shown.disagreements:
            say(out(), f"sandbox ledger: {found}, each reference once   {amounts(shown.totals)}")
            return status
        for disagreement in shown.disagreements[:20]:
            say(err(), f"sandbox ledger: {disagreement}", style="red")
        say(
            err(),
            f"the ledger in {files.sandbox_state} and the journal {journal} do not agree: "
            "they belong together, so keep both or delete both",
            style="red",
        )
        return status or FAILED


class _Run:
    """One run against one API."""

    def __init__(
        self,
        options: Options,
        batch: Batch,
        plan: Plan,
        glomo: AsyncGlomo,
        *,
        journal: Path,
        target: str | None = None,
    ) -> None:
        self._options = options
        self._batch = batch
        self._plan = plan
        self._glomo = glomo
        self._journal = journal
        self._target = target
        self._aborted = False
        self._settled = 0
        self._reconciliation: Reconciliation | None = None
        self.report: Report | None = None

    async def go(self) -> int:
        """Check, ask, pay, reconcile, report. Returns the exit status."""
        async with self._glomo:
            earlier = await Report.from_journal(self._journal) if self._journal.exists() else None
            await self._check_balances(earlier)
            self._check_neighbours()
            if moves_money(self._glomo) and not self._options.yes:
                confirm(
                    err(),
                    self._plan,
                    earlier,
                    base_url=self._glomo.base_url,
                    environment=self._glomo.environment,
                )
            return await self._pay()

    async def _check_balances(self, earlier: Report | None) -> None:
        try:
            balances = await self._glomo.balances.retrieve()
        except (TransportError, ServerError, DecodingError) as error:
            # The balance is advice; whether the API works, the payouts will show.
            say(err(), f"warning: the balance could not be read: {error}", style="yellow")
            short: tuple[Problem, ...] | None = None
        else:
            short = self._plan.check_balances(balances, paid=_paid(self._plan, earlier))
            show_warnings(err(), short)
        if self._options.strict and short != ():
            raise CommandError(_STRICT)

    def _check_neighbours(self) -> None:
        if self._options.sandbox:
            return
        warnings = paid_under_another_name(self._plan, self._journal, self._glomo)
        for warning in warnings:
            say(err(), f"warning: {warning}", style="yellow")
        if self._options.strict and warnings:
            raise CommandError(_STRICT)

    async def _pay(self) -> int:
        failure: Exception | None = None
        with display(err()) as shown, interruptible(self._batch.stop, shown.note):
            events = self._batch.run(
                self._glomo,
                self._journal,
                concurrency=self._options.concurrency,
                retry_failed=self._options.retry_failed,
                target=self._target,
                grace=_ABORT_SECONDS,
            )
            try:
                async with aclosing(events):
                    async for _ in events:
                        self._settled += 1
                        shown.show(self._batch.progress)
            except asyncio.CancelledError:
                self._aborted = True
                _forget_cancellation()
            except Exception as error:
                failure = error
        return await self._end(failure)

    async def _end(self, failure: Exception | None) -> int:
        """Reconcile if the run came to its end, then write the results."""
        reconciled = OK
        if failure is None and not self._aborted and not self._batch.stopped:
            reconciled = await self._reconcile()
        status = self._finish(failure)
        if self._reconciliation is not None:
            show_reconciliation(out(), err(), self._reconciliation)
        return status or reconciled

    async def _reconcile(self) -> int:
        """Read again what was paid. If that fails, the results are written all the same."""
        loop, scope = asyncio.get_running_loop(), anyio.CancelScope()

        def stop() -> None:
            loop.call_soon_threadsafe(scope.cancel)

        try:
            with interruptible(stop, lambda _: None), scope:
                found = self._reconciliation = await self._batch.reconcile(self._glomo)
                return OK if found.ok else FAILED
        except asyncio.CancelledError:
            _forget_cancellation()
        except (JournalError, OSError, sqlite3.Error) as error:
            report_error(error)
            return FAILED
        except GlomoError as error:
            why = " ".join(str(error).split())
            say(err(), f"warning: could not reconcile with the API: {why}", style="yellow")
            return OK
        say(err(), "stopped before the payouts were read again: the same command does that")
        return INTERRUPTED

    def _finish(self, failure: Exception | None) -> int:
        try:
            report = self.report = self._batch.report()
        except BatchError:
            # Nothing was begun, so why is the better answer.
            if failure is None:
                raise
            raise failure from None
        show_report(out(), report)
        results = report.write_csv(beside(self._options.file).results)
        say(out(), f"results: {results}")
        if failure is not None:
            if not isinstance(failure, EXPECTED):
                raise failure
            report_error(failure)
            return exit_status(failure)
        already = self._batch.progress.already
        if already and self._settled:
            say(out(), f"{count(already, 'row')} of these had been settled by earlier runs")
        if report.ok:
            if not self._settled:
                say(out(), "nothing was left to pay: earlier runs had settled every row")
            return OK
        if self._aborted or self._batch.stopped:
            say(err(), "stopped before the end: the same command goes on from here")
            return INTERRUPTED
        return FAILED


def _paid(plan: Plan, earlier: Report | None) -> dict[str, Money]:
    """What earlier runs have paid of the plan's totals."""
    if earlier is None:
        return {}
    settled = {row.reference for row in earlier.of(RowStatus.ACCEPTED)}
    return by_currency(
        row.amount for row in plan if row.source_amount is not None and row.reference in settled
    )


def _forget_cancellation() -> None:
    """The report is still to be written, by the task that was just cancelled."""
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()
