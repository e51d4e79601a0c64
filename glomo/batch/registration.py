"""Writing the rows of a run into the journal, after comparing them with what it holds."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from attrs import evolve, frozen

from .control import Progress
from .errors import ChangedRow, ChangedRowsError
from .journal import Entry, EntryState, Journal, RowStatus
from .rows import Row, changes, digest_of, in_money
from .spool import chunks_of


@frozen
class Registration:
    """The first two passes of a run.

    Attributes:
        journal: open.
        batch: the batch's name.
        may_retry: whether a new payout may take the place of a rejected one, so that the row may
            change.
        progress: is told of the rows that earlier runs have settled.
    """

    journal: Journal
    batch: str
    may_retry: Callable[[EntryState], bool]
    progress: Progress

    async def register(self, rows: Sequence[Row]) -> Container[int]:
        """Bring the journal up to date with the rows.

        Returns:
            The numbers of the chunks that have work.

        Raises:
            ChangedRowsError: rows were sent with other contents; nothing was written.
        """
        self.progress.total = len(rows)
        pending = await self._compare(rows)
        for _, chunk in chunks_of(rows, pending):
            await self._write(chunk)
        return pending

    async def _compare(self, rows: Sequence[Row]) -> set[int]:
        changed: list[ChangedRow] = []
        pending: set[int] = set()
        for number, chunk in chunks_of(rows):
            states = await self.journal.states([row.reference for row in chunk])
            changed_rows: list[Row] = []
            for row in chunk:
                state = states.get(row.reference)
                if state is None or state.status is RowStatus.NOT_SENT:
                    pending.add(number)
                    continue
                retry = self.may_retry(state)
                if not retry and digest_of(row.canonical) != state.digest:
                    changed_rows.append(row)
                if retry or state.earlier_attempt_unknown or state.status is RowStatus.UNKNOWN:
                    pending.add(number)
                    continue
                if state.number != row.number:
                    pending.add(number)
                self.progress.already += 1
                self.progress.count(state.status)
            if changed_rows:
                changed += await self._describe(changed_rows)
        if changed:
            raise ChangedRowsError(changed)
        return pending

    async def _describe(self, rows: Sequence[Row]) -> list[ChangedRow]:
        entries = await self.journal.read([row.reference for row in rows])
        return [
            ChangedRow(
                row.number,
                row.reference,
                entries[row.reference].status.value,
                changes(in_money(entries[row.reference].parameters), in_money(row.payload)),
            )
            for row in rows
        ]

    async def _write(self, chunk: Sequence[Row]) -> None:
        """Enter new rows, and the new places of those that have moved in the file."""
        states = await self.journal.states([row.reference for row in chunk])
        fresh: list[Entry] = []
        new_numbers: dict[str, int] = {}
        for row in chunk:
            state = states.get(row.reference)
            if state is None:
                fresh.append(Entry.of_row(self.batch, row))
            elif state.status is RowStatus.NOT_SENT:
                entry = Entry.of_row(self.batch, row, state.generation)
                if (entry.digest, entry.number) != (state.digest, state.number):
                    fresh.append(entry)
            elif state.number != row.number:
                new_numbers[row.reference] = row.number
        entries = await self.journal.read([*new_numbers])
        fresh += [
            evolve(entries[reference], number=number) for reference, number in new_numbers.items()
        ]
        if fresh:
            await self.journal.write(fresh)
