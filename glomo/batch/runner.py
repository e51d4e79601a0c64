"""Paying rows: each at most once, whatever happens in between."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence

import anyio
from attrs import define, evolve, field

from glomo.client import AsyncGlomo

from .advice import CONFLICT
from .errors import ChangedRow, ChangedRowsError, HaltedError
from .journal import OPEN, Entry, Journal, State
from .outcomes import Outcome, look_up, send
from .results import Event, event_of
from .rows import Row, canonical, changes, digest_of, in_money, request_id_of

log = logging.getLogger("glomo.batch")

_CHUNK = 1000
_PAUSES = (1.0, 4.0)
"""Seconds before rows without an answer are tried again, at the end of the run."""

_TURN = 1.0
"""Seconds before a row tries again to get its turn at the rate limit."""

_FINAL = (CONFLICT, "PAYOUT_REJECTED")
"""Why a row was rejected for good: a payout exists, or compliance does not want one."""


class Stop:
    """Says to a run that it shall take no new rows. May be called from any thread or signal."""

    # A bare flag: a lock could be held by the very code that a signal interrupts.
    def __init__(self) -> None:
        self._set = False

    def set(self) -> None:
        """Take no new rows."""
        self._set = True

    def __bool__(self) -> bool:
        return self._set


@define
class Progress:
    """How far a run has come; kept up to date while it runs.

    Attributes:
        total: rows of the plan.
        already: rows that earlier runs had settled (they count in the numbers below, too).
        accepted, rejected, unknown: rows by what has become of them.
    """

    total: int = 0
    already: int = 0
    accepted: int = 0
    rejected: int = 0
    unknown: int = 0

    @property
    def done(self) -> int:
        """Rows that are settled, as far as this run can settle them."""
        return self.accepted + self.rejected + self.unknown

    @property
    def not_sent(self) -> int:
        """Rows that are not."""
        return self.total - self.done

    @property
    def left(self) -> int:
        """Rows still to come, while the run goes on."""
        return self.not_sent

    def count(self, state: State) -> None:
        """One more row that has come to this."""
        if state is State.ACCEPTED:
            self.accepted += 1
        elif state is State.REJECTED:
            self.rejected += 1
        elif state in OPEN:
            self.unknown += 1


@define(eq=False)
class _Task:
    """A row to work on.

    `known` is its entry if there is something to look up before anything is sent; `row` is `None`
    if the file no longer has it, so that nothing may be sent.
    """

    row: Row | None
    known: Entry | None = None
    generation: int = 1


@define
class Runner:
    """One run over rows, with a journal that is open."""

    glomo: AsyncGlomo
    journal: Journal
    name: str
    emit: Callable[[Event], None]
    concurrency: int = 32
    retry_failed: bool = False
    stop: Stop = field(factory=Stop)
    progress: Progress = field(factory=Progress)
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep
    _halt: Exception | None = None
    _barren: int = 0
    _again: list[tuple[_Task, Entry]] = field(factory=list[tuple[_Task, Entry]])

    async def run(self, rows: Iterable[Row], orphans: Sequence[Entry] = ()) -> None:
        """Pay what is not paid yet.

        Args:
            rows: the rows. Those that are settled already cost nothing.
            orphans: entries that were sent and whose rows are gone: they are only looked up.

        Raises:
            ChangedRowsError: nothing was sent.
            HaltedError, AuthenticationError, ...: nothing more was sent.
        """
        tasks = await self._register(rows if isinstance(rows, Sequence) else list(rows))
        tasks += [_Task(None, entry) for entry in orphans]
        await self._work_on(tasks)
        for pause in _PAUSES:
            if not self._again or self._over:
                break
            await self.sleep(pause)
            again, self._again = self._again, []
            await self._work_on([task for task, _ in again])
        for task, entry in self._again:
            self._tell(task, entry, None)
        if self._halt is not None:
            raise self._halt

    @property
    def _over(self) -> bool:
        return bool(self.stop) or self._halt is not None

    # --------------------------------------------------------------- beginning

    async def _register(self, rows: Sequence[Row]) -> list[_Task]:
        """Write every row into the journal, and find out which need work."""
        changed: list[ChangedRow] = []
        for chunk in _chunks(rows):
            known = await self.journal.read([row.reference for row in chunk])
            for row in chunk:
                entry = known.get(row.reference)
                if entry is not None and self._is_fixed(entry):
                    changed += _changed(row, entry)
        if changed:
            raise ChangedRowsError(changed)
        tasks: list[_Task] = []
        for chunk in _chunks(rows):
            known = await self.journal.read([row.reference for row in chunk])
            fresh: list[Entry] = []
            for row in chunk:
                entry = known.get(row.reference)
                if entry is None or entry.state is State.PLANNED:
                    generation = 1 if entry is None else entry.generation
                    planned = self._planned(row, generation)
                    if planned != entry:
                        fresh.append(planned)
                    tasks.append(_Task(row, None, generation))
                    continue
                if entry.number != row.number:
                    entry = evolve(entry, number=row.number)
                    fresh.append(entry)
                if entry.state in OPEN or self._may_retry(entry):
                    tasks.append(_Task(row, entry, entry.generation))
                else:
                    self.progress.already += 1
                    self.progress.count(entry.state)
            if fresh:
                await self.journal.write(fresh)
        self.progress.total = len(rows)
        return tasks

    def _is_fixed(self, entry: Entry) -> bool:
        return entry.state is not State.PLANNED and not self._may_retry(entry)

    def _may_retry(self, entry: Entry) -> bool:
        """Whether a new payout may take the place of what was rejected."""
        rejected = entry.state is State.REJECTED and entry.error_code not in _FINAL
        return self.retry_failed and rejected

    def _planned(self, row: Row, generation: int) -> Entry:
        payload = canonical(row.payload)
        return Entry(
            reference=row.reference,
            number=row.number,
            generation=generation,
            request_id=request_id_of(self.name, row.reference, generation),
            payload=payload,
            digest=digest_of(payload),
        )

    # ----------------------------------------------------------------- working

    async def _work_on(self, tasks: Sequence[_Task]) -> None:
        queue = iter(tasks)
        async with anyio.create_task_group() as group:
            for _ in range(min(self.concurrency, len(tasks))):
                group.start_soon(self._worker, queue)

    async def _worker(self, queue: Iterator[_Task]) -> None:
        while not self._over:
            task = next(queue, None)
            if task is None:
                return
            try:
                await self._settle(task)
            except Exception as error:
                # The row stays `sent`; the calls in flight beside it may still end well.
                if self._halt is None:
                    self._halt = error
                else:
                    log.exception("another row failed after the run was stopped")

    async def _settle(self, task: _Task) -> None:
        """Bring one row to its end, the journal always a step ahead."""
        entry = task.known
        generation = task.generation
        if entry is not None:
            found = await look_up(self.glomo, entry, self._next_turn)
            if found is not None:
                replaceable = entry.state is State.REJECTED and _failed(found)
                if not replaceable:
                    await self._found(task, entry, found)
                    return
                generation += 1
            elif task.row is None:
                gone = Outcome(State.UNKNOWN, error="not found, and no longer in the file")
                await self._close(task, entry, gone)
                return
        assert task.row is not None
        entry = evolve(self._planned(task.row, generation), state=State.SENT)
        await self.journal.write([entry])
        task.known, task.generation = entry, generation
        await self._close(task, entry, await send(self.glomo, entry, self._next_turn))

    async def _next_turn(self) -> bool:
        """Whether a row that got no turn at the rate limit is to wait for another."""
        if self._over:
            return False
        await self.sleep(_TURN)
        return True

    async def _found(self, task: _Task, entry: Entry, found: Outcome) -> None:
        """Take over what a look-up says. Not finding out leaves the entry as it was."""
        if entry.state is State.REJECTED and not found.answered:
            self._heed(found)
            self._tell(task, entry, None)
            return
        await self._close(task, entry, found)

    async def _close(self, task: _Task, entry: Entry, outcome: Outcome) -> None:
        """Write down what came of a row, and then tell."""
        entry = outcome.onto(entry)
        await self.journal.write([entry])
        self._heed(outcome)
        if outcome.state is State.PLANNED:
            task.known = None
        else:
            task.known = entry
        if outcome.answered:
            self._tell(task, entry, outcome)
        else:
            self._again.append((task, entry))

    def _heed(self, outcome: Outcome) -> None:
        """Stop the run if no row can be expected to fare better."""
        if outcome.halt is not None:
            self._halt = self._halt or outcome.halt
        self._barren = 0 if outcome.answered else self._barren + 1
        patience = max(20, 2 * self.concurrency)
        if self._barren >= patience and self._halt is None:
            self._halt = HaltedError(
                f"the API gave no usable answer for {self._barren} rows on end ({outcome.error}): "
                "run it again when the API is back; what was sent is looked up first"
            )

    def _tell(self, task: _Task, entry: Entry, outcome: Outcome | None) -> None:
        if task.row is not None:
            self.progress.count(entry.state)
        self.emit(event_of(entry, None if outcome is None else outcome.payout))


def _failed(outcome: Outcome) -> bool:
    return outcome.state is State.REJECTED and outcome.payout is not None


def _changed(row: Row, entry: Entry) -> list[ChangedRow]:
    payload = canonical(row.payload)
    if digest_of(payload) == entry.digest:
        return []
    found = changes(in_money(entry.parameters), in_money(row.payload))
    return [ChangedRow(row.number, row.reference, entry.state.value, found)]


def _chunks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), _CHUNK):
        yield rows[start : start + _CHUNK]
