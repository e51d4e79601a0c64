"""Paying a file from many machines: plan, enqueue, watch, reconcile, report. Workers pay."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from attrs import evolve

from glomo.batch import (
    Batch,
    JournalAbsentError,
    JournalError,
    JournalMismatchError,
    Plan,
    Report,
    identity_of,
)
from glomo.batch.approval import Approval
from glomo.batch.run_notes import RunNotes
from glomo.batch.sqlite_file import snapshot
from glomo.cli.connection import connect, connected
from glomo.cli.failures import (
    FAILED,
    INTERRUPTED,
    OK,
    CommandError,
    report_failure,
    report_unreconciled,
)
from glomo.cli.interrupt import forget_cancellation, interruptible
from glomo.cli.journal_source import DatabaseSource
from glomo.cli.output.console import count, err, say
from glomo.cli.output.run_display import RunDisplay
from glomo.cli.output.traffic import Traffic
from glomo.cli.payout_files import SiblingPaths
from glomo.cli.postgres import opened
from glomo.cli.report.files import MOST_ROWS, gather, write_files
from glomo.cli.tracking import follow
from glomo.client import AsyncGlomo
from glomo.distributed import (
    BatchProgress,
    Database,
    PostgresJournal,
    PostgresLimiter,
    batch_progress,
    batch_report,
    due,
    plan,
    record_approval,
    stop,
)
from glomo.distributed.procrastinate import queue
from glomo.distributed.repeated import repeated_rows
from glomo.distributed.run_notes import add_run
from glomo.errors import GlomoError

from .options import RunOptions
from .preparation import Preparation
from .waiting import Waiting

_EVERY_SECONDS = 0.5
_PATIENCE_SECONDS = 20.0


async def pay_over_postgres(
    dsn: str,
    options: RunOptions,
    paths: SiblingPaths,
    *,
    batch: Batch,
    payouts: Plan,
    display: RunDisplay,
    approval: Approval | None,
) -> int:
    """Have workers pay a file, and return the exit status.

    Raises:
        CommandError: the file is being paid from this machine.
    """
    journal = options.journal or paths.journal
    _refuse_local_journal(journal, paths.file)
    # Nothing of this run is in a file: the checks are to see none.
    absent = journal.with_name(f"{journal.name}.postgres")
    async with (
        opened(dsn) as database,
        connected(connect(options, rate_limit=_limit(database, options))) as glomo,
    ):
        identity = identity_of(glomo, batch.name)
        if approval is not None:
            approval.refuse_other_account(identity)
        repeated = await repeated_rows(database, payouts, identity)
        preparation = Preparation(paths.file, payouts, absent, repeated=repeated)
        earlier = await _earlier(database, batch.name)
        rows = await preparation.check(glomo, options, display, earlier)
        if approval is not None:
            await record_approval(database, identity, approval)
        part = payouts if rows is None else evolve(payouts, rows=rows)
        await plan(database, part, identity, retry_failed=options.retry_failed)
        async with queue(database, identity) as slices:
            await slices.enqueue(await due(database, batch.name))
        started_at = datetime.now(UTC)
        progress = await _watch(database, batch.name, dsn, display)
        reconciled = OK
        if progress.finished and not options.wait:
            reconciled = await _reconcile(database, batch, glomo, display, options)
        report = await batch_report(database, batch.name, payouts)
        display.report(report)
        display.file("results", report.write_csv(paths.results))
        settled = report.accepted - (0 if earlier is None else earlier.accepted)
        notes = RunNotes(started_at, datetime.now(UTC) - started_at, settled, payouts.names)
        await add_run(database, batch.name, notes)
        await _write_report(database, report, paths, display, json_output=options.json_output)
        if not progress.finished:
            say(err(), "stopped before the end: the same command goes on from here")
            return INTERRUPTED
        status = reconciled if report.ok else FAILED
        if not options.wait:
            return status
        waiting = Waiting(display)
        followed = await follow(
            glomo,
            paths,
            DatabaseSource(database, batch.name),
            timeout=options.wait_timeout,
            just_read=True,
            reconciled=waiting.reconciled,
            json_output=options.json_output,
        )
        return waiting.status(status, followed)


def _limit(database: Database, options: RunOptions) -> PostgresLimiter | int:
    """What this process reads counts against the workers' limit, if it shares their address."""
    if not options.rate_limit:
        return 0
    return PostgresLimiter(database, options.rate_limit, address=options.egress)


async def _earlier(database: Database, batch: str) -> Report | None:
    """What earlier runs came to, if there were any."""
    try:
        return await batch_report(database, batch)
    except JournalMismatchError:
        return None


def _refuse_local_journal(journal: Path, file: Path) -> None:
    """A batch has one journal: what this machine has paid must be known to the others."""
    try:
        with snapshot(journal):
            pass
    except JournalAbsentError:
        return
    except JournalError as error:
        if "was moved to" in str(error):
            return
        raise
    raise CommandError(
        f"{file.name} is being paid from this machine: there is {journal}",
        hint=f"glomo payouts move {file} --postgres URL moves it there",
    )


async def _watch(database: Database, batch: str, dsn: str, display: RunDisplay) -> BatchProgress:
    """Show how far it is until nothing is left, or until it was asked to stop and has."""
    stopping = False

    def ask() -> None:
        nonlocal stopping
        stopping = True

    progress = await batch_progress(database, batch)
    told = asked = False
    problem: str | None = None
    idle_since = asyncio.get_running_loop().time()
    with display.progress(Traffic()) as shown, interruptible(ask, shown.note):
        try:
            while not progress.finished and not (asked and not progress.workers):
                if stopping and not asked:
                    await stop(database, batch)
                    asked = True
                shown.update(progress, None)
                now = asyncio.get_running_loop().time()
                idle_since = now if progress.workers else idle_since
                if not told and now - idle_since > _PATIENCE_SECONDS:
                    told = True
                    shown.note("no worker is paying: start one or more with glomo worker")
                if progress.problem not in (None, problem):
                    problem = progress.problem
                    slices = count(progress.given_up, "slice")
                    shown.note(f"{slices} given up for now, to be tried again: {problem}")
                await asyncio.sleep(_EVERY_SECONDS)
                progress = await batch_progress(database, batch)
            shown.update(progress, None)
        except asyncio.CancelledError:
            forget_cancellation()
            await stop(database, batch)
    return progress


async def _reconcile(
    database: Database, batch: Batch, glomo: AsyncGlomo, display: RunDisplay, options: RunOptions
) -> int:
    try:
        reconciliation = await batch.reconcile(glomo, PostgresJournal(database, batch.name))
    except GlomoError as error:
        report_unreconciled(error, json_output=options.json_output)
        return FAILED
    display.reconciliation(reconciliation)
    return OK if reconciliation.ok else FAILED


async def _write_report(
    database: Database,
    report: Report,
    paths: SiblingPaths,
    display: RunDisplay,
    *,
    json_output: bool,
) -> None:
    """Page and workbook, from a copy of the journal that is gone afterwards."""
    if len(report) > MOST_ROWS:
        return
    try:
        async with DatabaseSource(database, report.name).as_file(report.name) as copy:
            document = gather(report, paths, copy)
            for kind, path in write_files(document, paths):
                display.file(kind, path)
    except (OSError, JournalError) as error:
        report_failure(error, json_output=json_output)
