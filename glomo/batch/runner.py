"""Paying rows: each at most once, whatever happens in between.

A run has three passes. The first compares the rows with the journal and refuses the run if a row
that was sent reads differently now. The second writes new rows into the journal. The third works:
some rows at a time are marked as `unknown`, durably and in one transaction with the outcomes of
those before them, and only then handed to the workers that send them. The next ones are marked
while these are sent, so that nobody waits for the disk. Rows without a usable response are tried
again at the end, twice.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Container, Sequence

import anyio
from attrs import define, evolve, field

from glomo.client import AsyncGlomo
from glomo.instrumentation.events import RowSettled

from .advice import CONFLICT
from .control import Progress, Stop
from .entry_rows import damaged
from .errors import HaltedError, PayoutClaimedError
from .journal import Entry, EntryState, Journal, RowStatus
from .outcomes import Outcome, look_up, send
from .registration import Registration
from .results import RowResult
from .rows import Row, request_id_of
from .spool import chunks_of

log = logging.getLogger("glomo.batch")

_PAUSES = (1.0, 4.0)
"""Seconds before rows without a response are tried again, at the end of the run."""

FINAL_CODES = (CONFLICT, "PAYOUT_REJECTED")
"""Why a row was rejected for good: a payout exists, or compliance does not want one."""


@define(eq=False)
class _Task:
    """A row to work on.

    Attributes:
        entry: the row as the journal had it before this run touched it.
        in_file: whether the file still has it. If not, it is looked up and never sent.
        replacement: of a rejected row that is to be paid again: the row as the file has it now.
        marked: whether the journal has it as unknown only because it is about to be sent.
    """

    entry: Entry
    in_file: bool = True
    replacement: Row | None = None
    marked: bool = False


@define(eq=False)
class _Finished:
    """A row whose outcome waits to be written down."""

    task: _Task
    entry: Entry
    settled: bool


@define
class Runner:
    """One run over rows, with a journal that is open."""

    glomo: AsyncGlomo
    journal: Journal
    name: str
    emit: Callable[[RowResult], None]
    concurrency: int = 32
    retry_failed: bool = False
    stop: Stop = field(factory=Stop)
    progress: Progress = field(factory=Progress)
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep
    _halt: Exception | None = None
    _consecutive_failures: int = 0
    _tasks: AsyncIterator[_Task] | None = None
    _ready: deque[_Task] = field(factory=deque[_Task])
    _finished: list[_Finished] = field(factory=list[_Finished])
    _retries: dict[str, bool] = field(factory=dict[str, bool])
    _feeding: bool = False
    _refilled: anyio.Event = field(factory=anyio.Event)
    _running_low: anyio.Event = field(factory=anyio.Event)

    async def run(self, rows: Sequence[Row], file_references: Container[str] | None = None) -> None:
        """Pay what is not paid yet.

        Args:
            rows: the rows. Those that are settled already cost nothing.
            file_references: the references of the whole file. Entries that are open in the journal
                and not in the file are looked up. `None`: these rows are a slice, and other
                entries are not this run's.

        Raises:
            ChangedRowsError: nothing was sent.
            HaltedError, AuthenticationError, ...: nothing more was sent.
        """
        registration = Registration(self.journal, self.name, self._may_retry, self.progress)
        pending = await registration.register(rows)
        await self._work_on(self._first_tasks(rows, pending, file_references))
        for pause in _PAUSES:
            if not self._retries or self._over:
                break
            await self.sleep(pause)
            retries, self._retries = self._retries, {}
            await self._work_on(self._further_tasks(retries))
        for references in _groups([*self._retries]):
            for entry in (await self.journal.read(references)).values():
                self._publish(entry, in_file=self._retries[entry.reference])
        if self._halt is not None:
            raise self._halt

    @property
    def _low(self) -> int:
        """With so many rows ready, the next ones are made ready."""
        return self.concurrency // 2

    @property
    def _over(self) -> bool:
        return bool(self.stop) or self._halt is not None

    def _may_retry(self, entry: Entry | EntryState) -> bool:
        """Whether a new payout may take the place of what was rejected."""
        rejected = entry.status is RowStatus.REJECTED and entry.error_code not in FINAL_CODES
        return self.retry_failed and rejected

    # ------------------------------------------------------------------- tasks

    async def _first_tasks(
        self, rows: Sequence[Row], pending: Container[int], file_references: Container[str] | None
    ) -> AsyncIterator[_Task]:
        for _, chunk in chunks_of(rows, pending):
            by_reference = {row.reference: row for row in chunk}
            states = await self.journal.states([*by_reference])
            references = [reference for reference, state in states.items() if self._has_work(state)]
            entries = await self.journal.read(references)
            for reference in references:
                entry = self._checked(entries[reference])
                replacement = by_reference[reference] if self._may_retry(entry) else None
                yield _Task(entry, replacement=replacement)
        if file_references is not None:
            async for entry in self.journal.open_entries():
                if entry.reference not in file_references:
                    yield _Task(entry, in_file=False)

    def _checked(self, entry: Entry) -> Entry:
        """Refuse a `request_id` that is not the row's own: what it paid could be paid again."""
        if entry.request_id != request_id_of(self.name, entry.reference, entry.generation):
            mismatch = ValueError(f"{entry.request_id!r} is not its request_id")
            raise damaged(self.journal, entry.reference, mismatch)
        return entry

    async def _further_tasks(self, retries: dict[str, bool]) -> AsyncIterator[_Task]:
        for references in _groups([*retries]):
            for entry in (await self.journal.read(references)).values():
                yield _Task(entry, in_file=retries[entry.reference])

    def _has_work(self, state: EntryState) -> bool:
        open_state = state.status is RowStatus.UNKNOWN or state.earlier_attempt_unknown
        return state.status is RowStatus.NOT_SENT or open_state or self._may_retry(state)

    async def _take(self) -> _Task | None:
        """The next row to work on, marked in the journal if it is about to be sent."""
        while not self._ready and not self._over and self._feeding:
            await self._refilled.wait()
        if self._over or not self._ready:
            return None
        task = self._ready.popleft()
        if len(self._ready) <= self._low:
            self._running_low.set()
        return task

    async def _feed(self) -> None:
        """Keep rows ready: the next ones are written down while those before them are sent."""
        try:
            while not self._over and await self._refill():
                self._refilled.set()
                self._refilled = anyio.Event()
                while len(self._ready) > self._low and not self._over:
                    self._running_low = anyio.Event()
                    await self._running_low.wait()
        except Exception as error:
            self._note_failure(error)
        finally:
            self._feeding = False
            self._refilled.set()

    async def _refill(self) -> bool:
        """Have the next rows ready, marked in one write. Returns whether there may be more."""
        assert self._tasks is not None
        group: list[_Task] = []
        async for task in self._tasks:
            group.append(task)
            if len(group) == self.concurrency:
                break
        marks: list[Entry] = []
        for task in group:
            if task.in_file and task.entry.status is RowStatus.NOT_SENT:
                task.marked = True
                marks.append(_marked(task.entry))
        await self._flush(marks)
        self._ready += group
        return len(group) == self.concurrency

    # ----------------------------------------------------------------- working

    async def _work_on(self, tasks: AsyncIterator[_Task]) -> None:
        self._tasks, self._feeding = tasks, True
        self._refilled, self._running_low = anyio.Event(), anyio.Event()
        async with anyio.create_task_group() as group:
            group.start_soon(self._feed)
            for _ in range(self.concurrency):
                group.start_soon(self._worker)
        try:
            # What was marked and then not sent goes back to what it was.
            unsent = [task.entry for task in self._ready if task.marked]
            self._ready.clear()
            await self._flush(unsent)
        except Exception as error:  # the rows stay unknown, and are looked up by the next run
            self._note_failure(error)

    async def _worker(self) -> None:
        try:
            while (task := await self._take()) is not None:
                await self._settle(task)
            if self._finished:
                await self._flush()
        except Exception as error:
            # The row stays `unknown`; the calls in flight beside it may still end well.
            self._note_failure(error)
        finally:
            self._running_low.set()  # the last one to go may leave rows that nobody takes

    def _note_failure(self, error: Exception) -> None:
        if self._halt is None:
            self._halt = error
        elif error is not self._halt:
            log.error("another row failed after the run was stopped", exc_info=error)

    async def _settle(self, task: _Task) -> None:
        """Bring one row to its end, the journal always a step ahead."""
        entry, earlier_unknown = task.entry, task.entry.open
        if not task.marked:
            existing = await look_up(self.glomo, entry)
            if existing is not None and not (task.replacement and _failed(existing)):
                self._take_over(task, entry, existing)
                return
            if not task.in_file or (entry.status is RowStatus.REJECTED and not task.replacement):
                self._leave_open(task, entry)
                return
            if task.replacement is not None:
                # A payout that failed is settled: nothing is unknown before the next generation.
                earlier_unknown = earlier_unknown and existing is None
                generation = entry.generation + (existing is not None)
                entry = Entry.of_row(self.name, task.replacement, generation)
            entry = evolve(entry, status=RowStatus.UNKNOWN)
            await self.journal.write([entry])
        outcome = await send(self.glomo, entry)
        self._close(task, entry, outcome, earlier_unknown=earlier_unknown)

    def _take_over(self, task: _Task, entry: Entry, outcome: Outcome) -> None:
        """Note what a look-up says. Not finding out leaves the entry as it was."""
        if entry.status is RowStatus.REJECTED and not outcome.settled:
            self._check_halt(outcome)
            self._finished.append(_Finished(task, entry, settled=True))
            return
        self._close(task, entry, outcome, earlier_unknown=True)

    def _leave_open(self, task: _Task, entry: Entry) -> None:
        """The API shows nothing, and nothing may be sent: what was unknown stays so."""
        if entry.status is not RowStatus.REJECTED:
            entry = evolve(entry, error="not found, and no longer in the file")
        self._finished.append(_Finished(task, entry, settled=True))

    def _close(self, task: _Task, entry: Entry, outcome: Outcome, *, earlier_unknown: bool) -> None:
        """Note what came of a row; it is written down with others."""
        self._check_halt(outcome)
        entry = outcome.apply_to(entry, earlier_unknown=earlier_unknown)
        self._finished.append(_Finished(task, entry, settled=outcome.settled))

    async def _flush(self, marks: Sequence[Entry] = ()) -> None:
        """Write down what came of rows, and which come next; then publish the results."""
        finished, self._finished = self._finished, []
        entries = [row.entry for row in finished]
        if not entries and not marks:
            return
        try:
            await self.journal.write([*entries, *marks])
        except PayoutClaimedError as claimed:
            for row in finished:
                if row.entry.reference in claimed.references:
                    row.entry = _without_payout(row.entry)
                    row.settled = False
            await self.journal.write([*(row.entry for row in finished), *marks])
        for row in finished:
            if row.settled:
                self._publish(row.entry, in_file=row.task.in_file)
            else:
                self._retries[row.entry.reference] = row.task.in_file

    def _check_halt(self, outcome: Outcome) -> None:
        """Stop the run if no row can be expected to fare better."""
        if outcome.halt is not None:
            self._halt = self._halt or outcome.halt
        self._consecutive_failures = 0 if outcome.settled else self._consecutive_failures + 1
        patience = max(20, 2 * self.concurrency)
        if self._consecutive_failures >= patience and self._halt is None:
            self._halt = HaltedError(
                f"the API gave no usable response for {self._consecutive_failures} rows on end "
                f"({outcome.error}): run it again when the API is back; what was sent is looked "
                "up first"
            )

    def _publish(self, entry: Entry, *, in_file: bool) -> None:
        if in_file:
            self.progress.count(entry.status)
        self.glomo.observers.notify(RowSettled(self.name, entry.reference, entry.status.value))
        self.emit(RowResult.of_entry(entry))


def _failed(outcome: Outcome) -> bool:
    return outcome.status is RowStatus.REJECTED and outcome.payout is not None


def _marked(entry: Entry) -> Entry:
    """A row that is about to be sent."""
    return entry.with_state(RowStatus.UNKNOWN, error_code=entry.error_code, error=entry.error)


def _without_payout(entry: Entry) -> Entry:
    """A row whose response names another row's payout: it went astray, and says nothing."""
    return entry.with_state(
        RowStatus.UNKNOWN,
        error=f"the response names {entry.payout_id}, which is the payout of another row",
    )


def _groups(references: Sequence[str], size: int = 1000) -> Sequence[Sequence[str]]:
    return [references[n : n + size] for n in range(0, len(references), size)]
