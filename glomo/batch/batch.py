"""A batch: from a payout file to a report."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Self

import anyio

from glomo.client import AsyncGlomo

from .account import refuse_unknown_account
from .control import Progress, Stop
from .documents import upload_documents
from .errors import BatchError, PlanError
from .files import Read, reader_for
from .files.csv import read_csv
from .files.jsonl import read_jsonl, read_rows
from .files.text import FileError
from .files.xlsx import read_xlsx
from .journal import Identity, Journal
from .payees import Payees
from .plan import Plan, read_plan, refuse_local_documents
from .problem_groups import grouped
from .problems import Problems
from .reconcile import Reconciliation, reconcile
from .report import Report
from .results import RowResult
from .rows import Row
from .sqlite_journal import SQLiteJournal
from .stream import CONCURRENCY, GRACE, run_rows


class Batch:
    """A list of payouts that are made together, each at most once.

        batch = Batch.from_csv("november.csv", name="payroll-2026-11")
        plan = batch.plan()
        async for event in batch.run(glomo, journal="november.journal"):
            print(event)
        assert batch.report().ok

    Every row's `request_id` follows from the batch's name and the row's reference: a name belongs
    to one batch for ever. Running the same batch again with the same journal pays what is not paid
    yet, and nothing twice.
    """

    def __init__(self, name: str, read: Read, *, source: str, folder: Path | None = None) -> None:
        """Use `from_csv`, `from_jsonl`, `from_file` or `from_rows`."""
        if not name.strip() or not name.isprintable():
            raise ValueError(f"a batch needs a name of printable characters, not {name!r}")
        self.name = name
        self.source = source
        self.progress = Progress()
        """How far the run has come; kept up to date while it runs."""
        self.stopped = False
        """Whether the last run was asked to stop."""
        self._read = read
        self._folder = folder
        self._plan: Plan | None = None
        self._stop = Stop()
        self._running = False
        self._report: Report | None = None
        self._last: tuple[Journal, str | None] | None = None
        self._payer: AsyncGlomo | None = None

    def __repr__(self) -> str:
        return f"<Batch {self.name!r} of {self.source}>"

    # ------------------------------------------------------------------ making

    @classmethod
    def from_csv(cls, path: str | os.PathLike[str], name: str | None = None) -> Self:
        """A batch from a CSV file. Nothing is read before `plan`.

        Args:
            path: the file: UTF-8, a header, one row a payout.
            name: the batch's name; left out, the file's without its ending.
        """
        return cls._from(Path(path), name, read_csv)

    @classmethod
    def from_jsonl(cls, path: str | os.PathLike[str], name: str | None = None) -> Self:
        """A batch from a JSON Lines file: one object a payout and line. See `from_csv`."""
        return cls._from(Path(path), name, read_jsonl)

    @classmethod
    def from_xlsx(
        cls,
        path: str | os.PathLike[str],
        name: str | None = None,
        *,
        sheet: str | None = None,
        include_hidden: bool = False,
    ) -> Self:
        """A batch from an Excel workbook. See `from_csv`.

        Args:
            path: the workbook (.xlsx).
            name: the batch's name; left out, the file's without its ending.
            sheet: the worksheet's name; needed only if several could be meant.
            include_hidden: pay rows that a filter or a person has hidden, too; left out, such a
                row is a mistake.
        """
        read = partial(read_xlsx, sheet=sheet, include_hidden=include_hidden)
        return cls._from(Path(path), name, read)

    @classmethod
    def from_file(
        cls,
        path: str | os.PathLike[str],
        name: str | None = None,
        *,
        sheet: str | None = None,
        include_hidden: bool = False,
    ) -> Self:
        """A batch from a file: CSV, JSON Lines or Excel workbook by its ending.

        See `from_csv` and `from_xlsx`.

        Raises:
            PlanError: the ending is none of these.
        """
        file = Path(path)
        try:
            read = reader_for(file, sheet=sheet, include_hidden=include_hidden)
        except FileError as error:
            raise PlanError([error.problem], source=file.name) from None
        return cls(file.stem if name is None else name, read, source=file.name, folder=file.parent)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]], *, name: str) -> Self:
        """A batch from mappings with the columns of a payout file.

        Args:
            rows: the rows. `source_amount` and `destination_amount` are text as in a file,
                `Decimal` or `Money`; `..._minor` are whole numbers; `documents` may be a list and
                `notes` a mapping.
            name: the batch's name.
        """
        return cls(name, lambda problems: read_rows(rows, problems), source=name)

    @classmethod
    def _from(
        cls, path: Path, name: str | None, read: Callable[[Path, Problems], Iterator[Row]]
    ) -> Self:
        batch_name = name if name is not None else path.stem
        return cls(
            batch_name, lambda problems: read(path, problems), source=path.name, folder=path.parent
        )

    # ----------------------------------------------------------------- reading

    def plan(self, *, strict: bool = False, payees: Payees | None = None) -> Plan:
        """Read and check everything. The file is read once; nothing is sent.

        Args:
            strict: warnings are mistakes, too.
            payees: what knows the beneficiaries that the file gives by name, as `read_payees`
                reads them; left out, only ids are taken.

        Returns:
            What will be paid: rows, totals, warnings.

        Raises:
            PlanError: with every mistake, row by row.
        """
        plan = self._plan
        if plan is None:
            plan = self._plan = read_plan(self.name, self.source, self._read, payees, self._folder)
        if strict and plan.warnings:
            raise PlanError(grouped(plan.warnings), source=self.source, every_problem=plan.warnings)
        return plan

    async def upload_documents(
        self,
        glomo: AsyncGlomo,
        record: str | os.PathLike[str],
        *,
        target: str | None = None,
    ) -> Plan:
        """Upload the documents that the file names by path, each once; the plan then has their ids.

        Args:
            glomo: the client.
            record: a file that remembers which id each document got: a later run needs it, since
                what was sent for a row may not change.
            target: as in `run`.

        Raises:
            PlanError: the file has mistakes; nothing was sent.
            OutcomeUnknownError: a document may have been uploaded. Nothing was paid; call again.
        """
        plan = await anyio.to_thread.run_sync(self.plan)
        identity = identity_of(glomo, self.name, target)
        self._plan = await upload_documents(glomo, plan, record, identity)
        return self._plan

    # ----------------------------------------------------------------- running

    async def run(
        self,
        glomo: AsyncGlomo,
        journal: str | os.PathLike[str] | Journal,
        *,
        rows: Sequence[Row] | None = None,
        concurrency: int = CONCURRENCY,
        retry_failed: bool = False,
        target: str | None = None,
        grace: float = GRACE,
    ) -> AsyncGenerator[RowResult, None]:
        """Pay every row that is not paid yet, at most once, and tell what becomes of each.

        A row's `request_id` and contents are in the journal, on the disk, before the first byte of
        it is sent. Rows that an earlier run left without a response are looked up first. To stop,
        call `stop()`, leave the loop (under `contextlib.aclosing`, so that it ends there and then),
        or cancel the task: what is in flight finishes, and running again goes on from there.

        Args:
            glomo: the client. Its rate limit is the run's.
            journal: a file, which is made if it is not there, or a journal of your own.
            rows: the rows of the plan to pay now, in its order; left out, all. The others are in
                the report as not sent, unless an earlier run has paid them.
            concurrency: how many rows are worked on at once.
            retry_failed: send rejected rows again, also with changed contents. A row whose payout
                failed or was cancelled gets a new `request_id`; one that was refused keeps its own.
                Rows that compliance rejected, and rows in conflict with a payout, stay as they are.
            target: what the journal belongs to, in place of the client's address. For an API whose
                address changes from run to run, such as a local sandbox.
            grace: seconds that calls in flight have when the consumer goes away.

        Yields:
            A result for each row whose fate this run has settled, or could not settle.

        Raises:
            PlanError: the file has mistakes; nothing was sent.
            JournalLockedError: another run is using the journal; nothing was sent.
            JournalMismatchError: the journal is of another batch or target; nothing was sent.
            ChangedRowsError: rows were sent with other contents before; nothing was sent.
            AuthenticationError, PermissionDeniedError, ConfigurationError: nothing more was sent.
            HaltedError: the API gave no usable response for many rows on end.
        """
        if self._running:
            raise BatchError(f"batch {self.name!r} is running already")
        book = SQLiteJournal(journal) if isinstance(journal, (str, os.PathLike)) else journal
        identity = identity_of(glomo, self.name, target)
        self._running = True
        self.stopped = bool(self._stop)
        self._report, self._last, created_at = None, (book, target), None
        self._payer = None
        try:
            plan = await anyio.to_thread.run_sync(self.plan)
            refuse_local_documents(plan)
            self.progress = Progress(total=len(plan))
            created_at = await book.open(identity)
            await refuse_unknown_account(glomo, book)
            self._payer = glomo
            results = run_rows(
                glomo,
                book,
                plan.rows if rows is None else rows,
                name=self.name,
                concurrency=concurrency,
                retry_failed=retry_failed,
                stop=self._stop,
                progress=self.progress,
                grace=grace,
                file_references=plan.references,
            )
            async with aclosing(results):
                async for result in results:
                    yield result
        finally:
            self._running = False
            self._stop = Stop()
            with anyio.CancelScope(shield=True):
                await self._finish(book, identity, created_at)

    def stop(self) -> None:
        """Take no new rows; what is in flight finishes. May be called from a signal or thread.

        Without a run, the next one stops before it has begun.
        """
        self.stopped = True
        self._stop.set()

    def report(self) -> Report:
        """What has become of every row by the last run.

        Raises:
            BatchError: there was no run yet, or it ended before the journal was open.
        """
        if self._report is None:
            raise BatchError(f"batch {self.name!r} has no report: run it first")
        return self._report

    async def reconcile(
        self,
        glomo: AsyncGlomo,
        journal: str | os.PathLike[str] | Journal | None = None,
        *,
        target: str | None = None,
    ) -> Reconciliation:
        """Read the payouts of all accepted rows again, and compare them with what was asked.

        Payouts that failed after they were accepted are rejected from then on, in the journal and
        in `report()`; a run with `retry_failed=True` pays them anew.

        Args:
            glomo: the client.
            journal: the journal; left out, that of the last run.
            target: as in `run`; left out with the journal, that of the last run.

        Raises:
            BatchError: no journal is given, and there was no run.
        """
        if journal is None:
            if self._last is None:
                raise BatchError("name the journal: this batch was not run yet")
            book, target = self._last
        else:
            book = SQLiteJournal(journal) if isinstance(journal, (str, os.PathLike)) else journal
        identity, created_at = identity_of(glomo, self.name, target), None
        try:
            created_at = await book.open(identity)
            # The last run has made sure that its journal is for its client's account.
            own_account = journal is None and glomo is self._payer
            return await reconcile(glomo, book, own_account=own_account)
        finally:
            with anyio.CancelScope(shield=True):
                await self._finish(book, identity, created_at)

    async def _finish(self, book: Journal, identity: Identity, created_at: datetime | None) -> None:
        """Write the report from the journal, and close it."""
        if created_at is None:
            return
        try:
            self._report = await Report.of_plan(identity, self.plan(), book, created_at)
        finally:
            await book.close()


def identity_of(glomo: AsyncGlomo, batch: str, target: str | None = None) -> Identity:
    """Whose journal a run needs: the batch's, for the account that the client's key is for."""
    return Identity(batch, target or glomo.base_url, glomo.environment, glomo.subject)
