"""Paying a file against one API, from the plan to the exit status."""

from __future__ import annotations

import asyncio
import shlex
import time
from collections.abc import Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from functools import partial

from glomo.batch import Batch, Report, Row, identity_of
from glomo.batch.approval import Approval
from glomo.batch.approval_log import record_approval
from glomo.cli.connection import account_payees, connect, connected, name_host
from glomo.cli.failures import EXPECTED, FAILED, INTERRUPTED, CommandError
from glomo.cli.interrupt import forget_cancellation, interruptible
from glomo.cli.journal_source import FileSource
from glomo.cli.output.console import amounts, count, err, out, say, say_parts
from glomo.cli.output.run_display import RunDisplay, display_for
from glomo.cli.output.traffic import Traffic
from glomo.cli.payout_files import SiblingPaths, batch_of, plan_of
from glomo.cli.postgres import require_distributed
from glomo.cli.rehearsal import TARGET, InventedPayees, check_ledger, rehearsal_sandbox
from glomo.cli.tracking import follow
from glomo.client import AsyncGlomo

from .approvals import require_approval
from .ending import Ending, Payment
from .options import RunOptions
from .preparation import Preparation
from .waiting import Waiting

_ABORT_SECONDS = 1.0
"""What calls in flight still have after the second Ctrl-C."""


def pay(paths: SiblingPaths, options: RunOptions) -> int:
    """Pay a file and return the exit status.

    Raises:
        PlanError: the file has mistakes; nothing was sent.
        GlomoError: nothing could be sent at all.
    """
    display = display_for(json_output=options.json_output)
    traffic = Traffic()
    batch = batch_of(
        paths.file, options.name, sheet=options.sheet, include_hidden=options.include_hidden
    )
    plan = plan_of(
        batch,
        InventedPayees if options.sandbox else partial(account_payees, options),
        strict=options.strict,
        problems=options.problems,
    )
    approval = require_approval(plan, options)
    display.plan(plan, paths.file)
    if approval is not None:
        display.approval(approval, verified=options.approver_key is not None)
    display.warnings(plan.warnings)
    if options.postgres:
        require_distributed()
        if plan.documents:
            raise CommandError(
                "documents are uploaded by a run on one machine only: nothing was sent",
                hint="write the ids of the documents (doc_...), or leave --postgres out",
            )
        from .over_postgres import pay_over_postgres  # noqa: PLC0415 - an extra

        return asyncio.run(
            pay_over_postgres(
                options.postgres,
                options,
                paths,
                batch=batch,
                payouts=plan,
                display=display,
                approval=approval,
            )
        )
    in_flight = max(200, options.concurrency)
    journal = options.journal or paths.journal
    if not options.sandbox:
        glomo = connect(
            options, rate_limit=options.rate_limit, in_flight=in_flight, observers=[traffic]
        )
        run = _Run(
            options,
            paths,
            batch=batch,
            preparation=Preparation(paths.file, plan, journal),
            display=display,
            approval=approval,
            traffic=traffic,
        )
        return asyncio.run(run.execute(glomo))
    with rehearsal_sandbox(plan, paths.sandbox_state, options.rate_limit) as local:
        glomo = connect(
            local.access,
            api_key=local.key,
            rate_limit=options.rate_limit,
            in_flight=in_flight,
            observers=[traffic],
        )
        preparation = Preparation(paths.file, plan, journal, TARGET)
        run = _Run(
            options,
            paths,
            batch=batch,
            preparation=preparation,
            display=display,
            approval=approval,
            traffic=traffic,
        )
        status = asyncio.run(run.execute(glomo))
        if run.report is None:
            return status
        ledger = check_ledger(local.sandbox, run.report)
        payouts = count(ledger.payouts, "payout")
        if not ledger.disagreements:
            if not options.json_output:
                text = f"sandbox ledger: {payouts}, each reference once"
                say_parts(out(), [text, *amounts(ledger.totals)])
                state = shlex.quote(str(paths.sandbox_state))
                say(out(), f"see it all: glomo sandbox --open --state {state}")
            return status
        for disagreement in ledger.disagreements[:20]:
            say(err(), f"sandbox ledger: {disagreement}", style="red")
        say(
            err(),
            f"the ledger in {paths.sandbox_state} and the journal {journal} do not agree: "
            "they belong together, so keep both or delete both",
            style="red",
        )
        return status or FAILED


class _Run:
    """One run against one API."""

    def __init__(
        self,
        options: RunOptions,
        paths: SiblingPaths,
        *,
        batch: Batch,
        preparation: Preparation,
        display: RunDisplay,
        approval: Approval | None,
        traffic: Traffic,
    ) -> None:
        self._traffic = traffic
        self._options = options
        self._approval = approval
        self._paths = paths
        self._batch = batch
        self._preparation = preparation
        self._display = display
        self.report: Report | None = None

    async def execute(self, glomo: AsyncGlomo) -> int:
        """Check, ask, pay, reconcile, report. Returns the exit status."""
        async with connected(glomo):
            identity = identity_of(glomo, self._batch.name, self._preparation.target)
            if self._approval is not None and not self._options.sandbox:
                self._approval.refuse_other_account(identity)
            rows = await self._preparation.check(glomo, self._options, self._display)
            if self._approval is not None:
                await record_approval(self._preparation.journal, identity, self._approval)
            rows = await self._upload_documents(glomo, rows)
            payment = Payment(datetime.now(UTC))
            began = time.monotonic()
            payment.failure = await self._pay(glomo, payment, rows)
            payment.elapsed = timedelta(seconds=time.monotonic() - began)
            if payment.failure is not None:
                name_host(payment.failure, glomo)
            ending = Ending(
                self._options,
                self._paths,
                self._preparation.journal,
                batch=self._batch,
                display=self._display,
                payment=payment,
            )
            status = await ending.finish(glomo)
            self.report = ending.report
            if not self._options.wait or status == INTERRUPTED or payment.failure is not None:
                return status
            waiting = Waiting(self._display)
            followed = await follow(
                glomo,
                self._paths,
                FileSource(self._preparation.journal),
                target=self._preparation.target,
                timeout=self._options.wait_timeout,
                just_read=True,
                reconciled=waiting.reconciled,
                json_output=self._options.json_output,
            )
            return waiting.status(status, followed)

    async def _upload_documents(
        self, glomo: AsyncGlomo, rows: Sequence[Row] | None
    ) -> Sequence[Row] | None:
        """Upload what the file names by path; the rows to pay, with the ids of their documents."""
        documents = len(self._batch.plan().documents)
        if not documents:
            return rows
        plan = await self._batch.upload_documents(
            glomo, self._paths.documents, target=self._preparation.target
        )
        self._display.note(f"{count(documents, 'document')} uploaded: {self._paths.documents}")
        if rows is None:
            return None
        wanted = {row.reference for row in rows}
        return [row for row in plan if row.reference in wanted]

    async def _pay(
        self, glomo: AsyncGlomo, payment: Payment, rows: Sequence[Row] | None
    ) -> Exception | None:
        """Pay, and return what ended it early."""
        with (
            self._display.progress(self._traffic) as progress,
            interruptible(self._batch.stop, progress.note),
        ):
            events = self._batch.run(
                glomo,
                self._preparation.journal,
                rows=rows,
                concurrency=self._options.concurrency,
                retry_failed=self._options.retry_failed,
                target=self._preparation.target,
                grace=_ABORT_SECONDS,
            )
            try:
                async with aclosing(events):
                    async for event in events:
                        payment.settled += 1
                        progress.update(self._batch.progress, event)
            except asyncio.CancelledError:
                payment.aborted = True
                forget_cancellation()
            except EXPECTED as error:
                return error
        return None
