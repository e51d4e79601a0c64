"""The journal in a SQLite file."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import anyio

from .entry_rows import check_payload, check_texts, damaged, entry_of, values_of
from .errors import JournalError, JournalLockedError, PayoutClaimedError
from .journal import COLUMNS, Entry, EntryState, Identity, RowStatus
from .results import COLUMNS as RESULT_COLUMNS
from .results import RowResult, result_of
from .sqlite_file import (
    CHUNK,
    SELECT,
    connect,
    create_or_check,
    take_lock,
    unusable,
)

P = ParamSpec("P")
T = TypeVar("T")

_PARAMETERS = 500
"""Values that one statement may have in every SQLite that is in use."""

_UPSERT = (
    f"INSERT INTO rows ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))}) "  # noqa: S608
    "ON CONFLICT (reference) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
)
_REQUEST, _STATE = COLUMNS[1:8], COLUMNS[8:]
_UPDATE = (
    f"UPDATE rows SET {', '.join(f'{name} = ?' for name in _STATE)} "  # noqa: S608
    f"WHERE reference = ? AND {' AND '.join(f'{name} = ?' for name in _REQUEST)}"
)
"""A new state of the same request, as nearly every write is: the indexes of the rest stay."""
_STATES = (
    "SELECT reference, number, generation, digest, status, earlier_attempt_unknown, error_code "
    "FROM rows"
)
_RESULTS = f"SELECT payload, digest, {', '.join(RESULT_COLUMNS)} FROM rows"  # noqa: S608
_OPEN = "status = 'unknown' OR earlier_attempt_unknown"
_OLDEST = "9999"
"""Sorts after every time that is written as ISO 8601."""


class SQLiteJournal:
    """A journal in a file, for one machine.

    Every write is on the disk before it returns; writes that are asked for at the same time share
    one transaction. The file beside it with `.lock` at its end keeps a second run out, and is let
    go of by the operating system however the run ends. Nothing here blocks the event loop.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Name the file. It is created, or opened, by `open`."""
        self.path = Path(path)
        self._thread: anyio.CapacityLimiter | None = None
        self._connection: sqlite3.Connection | None = None
        self._lock: sqlite3.Connection | None = None
        self._waiting: list[tuple[Sequence[Entry], asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None
        # A connection is used by one thread at a time, also when its event loop is gone.
        self._guard = threading.Lock()

    def __repr__(self) -> str:
        return f"SQLiteJournal({str(self.path)!r})"

    async def open(self, identity: Identity) -> datetime:
        """Lock the journal for this run, creating the file if need be. See `Journal.open`."""
        if self._lock is not None:
            raise JournalLockedError(f"another run is using {self!r}")
        self._thread = anyio.CapacityLimiter(1)  # the application's own threads may all be busy
        try:
            return await self._in_thread(self._open, identity)
        except BaseException:  # cancelled, too: the thread has come to its end nevertheless
            with anyio.CancelScope(shield=True):
                await self._in_thread(self._close)
            raise

    async def close(self) -> None:
        """Finish writing and let go of the file."""
        if self._writer is not None:
            await asyncio.wait([self._writer])
        await self._in_thread(self._close)

    async def states(self, references: Sequence[str]) -> Mapping[str, EntryState]:
        """How the entries of some references stand, as far as there are any."""
        return await self._in_thread(self._states, references)

    async def read(self, references: Sequence[str]) -> Mapping[str, Entry]:
        """The entries of some references, as far as there are any."""
        return await self._in_thread(self._read, "reference", references)

    async def results(self, references: Sequence[str]) -> Mapping[str, RowResult]:
        """What a report says of some references, as far as there are any."""
        return await self._in_thread(self._results, references)

    async def by_payout(self, payout_ids: Sequence[str]) -> Mapping[str, Entry]:
        """The entries that have some payouts, by the payout's id."""
        rows = await self._in_thread(self._read, "payout_id", payout_ids)
        return {entry.payout_id: entry for entry in rows.values() if entry.payout_id is not None}

    async def write(self, entries: Sequence[Entry]) -> None:
        """Put entries in, or in the place of those of the same reference. On the disk on return."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((entries, done))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_all())
        await done

    async def entries(self) -> AsyncIterator[Entry]:
        """Every entry, in the order of the file."""
        async for entry in self._by_number("TRUE"):
            yield entry

    async def open_entries(self) -> AsyncIterator[Entry]:
        """The entries of which a payout may exist that the journal does not know."""
        async for entry in self._by_number(_OPEN):
            yield entry

    async def accepted_entries(self) -> AsyncIterator[Entry]:
        """The accepted entries, those with the newest payouts first."""
        last: tuple[str, str] = (_OLDEST, "")
        while True:
            chunk = await self._in_thread(
                self._select,
                "WHERE status = 'accepted' AND payout_created_at IS NOT NULL "
                "AND (payout_created_at, payout_id) < (?, ?) "
                "ORDER BY payout_created_at DESC, payout_id DESC LIMIT ?",
                *last,
                CHUNK,
            )
            for entry in chunk:
                yield entry
            if len(chunk) < CHUNK:
                break
            # As it stands in the file: the columns are compared as text.
            tail = values_of(chunk[-1])
            last = (tail[COLUMNS.index("payout_created_at")], chunk[-1].payout_id or "")
        async for entry in self._by_number("status = 'accepted' AND payout_created_at IS NULL"):
            yield entry

    async def count(self) -> int:
        """How many entries there are."""
        return await self._in_thread(self._count)

    async def _by_number(self, condition: str) -> AsyncIterator[Entry]:
        last = (-1, "")
        while True:
            chunk = await self._in_thread(
                self._select,
                f"WHERE ({condition}) AND (number, reference) > (?, ?) "
                "ORDER BY number, reference LIMIT ?",
                *last,
                CHUNK,
            )
            for entry in chunk:
                yield entry
            if len(chunk) < CHUNK:
                return
            last = (chunk[-1].number, chunk[-1].reference)

    async def _in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        def guarded() -> T:
            with self._guard:
                return work(*args, **kwargs)

        return await anyio.to_thread.run_sync(guarded, limiter=self._thread)

    # ----------------------------------------------------------------- writing

    async def _write_all(self) -> None:
        """Write whatever has come in while the disk was busy, together, until nothing waits."""
        batch: list[tuple[Sequence[Entry], asyncio.Future[None]]] = []
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                failures = await self._in_thread(self._commit_groups, [some for some, _ in batch])
                for (_, done), failure in zip(batch, failures, strict=True):
                    if done.done():
                        continue
                    if failure is None:
                        done.set_result(None)
                    else:
                        done.set_exception(failure)
        finally:
            self._writer = None
            for _, done in [*batch, *self._waiting]:
                if not done.done():
                    done.cancel()

    def _commit_groups(self, groups: Sequence[Sequence[Entry]]) -> Sequence[Exception | None]:
        """Write groups in one transaction; if that fails, each in its own.

        Returns:
            What each group has failed with.
        """
        try:
            self._commit([entry for group in groups for entry in group])
        except Exception as error:
            if len(groups) == 1 or not isinstance(error, PayoutClaimedError):
                return [error] * len(groups)
            return [failure for group in groups for failure in self._commit_groups([group])]
        return [None] * len(groups)

    def _commit(self, entries: Sequence[Entry]) -> None:
        connection = self._opened()
        try:
            connection.execute("BEGIN IMMEDIATE")
            self._put(connection, entries)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.IntegrityError):
                claims = self._claims(connection, entries)
                if claims:
                    raise PayoutClaimedError(claims) from error
            raise JournalError(f"the journal {self.path} cannot be written: {error}") from error

    def _put(self, connection: sqlite3.Connection, entries: Sequence[Entry]) -> None:
        """Update what has a new state; whatever else there is to it, write the whole row."""
        rows = [values_of(entry) for entry in entries]
        if any(entry.status is not RowStatus.NOT_SENT for entry in entries):
            updates = ((*row[8:], *row[:8]) for row in rows)
            if connection.executemany(_UPDATE, updates).rowcount == len(rows):
                return
        connection.executemany(_UPSERT, rows)

    def _claims(
        self, connection: sqlite3.Connection, entries: Sequence[Entry]
    ) -> Mapping[str, str]:
        """The payouts that these entries name and other rows have, by reference."""
        owners: dict[str, str] = {}
        claims: dict[str, str] = {}
        for entry in entries:
            if entry.payout_id is None:
                continue
            claim = connection.execute(
                "SELECT reference FROM rows WHERE payout_id = ?", (entry.payout_id,)
            ).fetchone()
            owner = claim[0] if claim else owners.setdefault(entry.payout_id, entry.reference)
            if owner != entry.reference:
                claims[entry.reference] = entry.payout_id
        return claims

    # ----------------------------------------------------------------- reading

    def _states(self, references: Sequence[str]) -> Mapping[str, EntryState]:
        states: dict[str, EntryState] = {}
        for values in self._where_in(_STATES, "reference", references):
            try:
                reference, number, generation, digest, status, earlier_unknown, code = values
                if type(generation) is not int:
                    raise ValueError(f"{generation!r} is not a whole number")  # noqa: TRY301
                states[reference] = EntryState(
                    reference,
                    number,
                    generation,
                    digest,
                    RowStatus(status),
                    bool(earlier_unknown),
                    code,
                )
            except ValueError as error:
                raise damaged(self.path, values[0], error) from error
        return states

    def _results(self, references: Sequence[str]) -> Mapping[str, RowResult]:
        results: dict[str, RowResult] = {}
        for payload, digest, *values in self._where_in(_RESULTS, "reference", references):
            try:
                check_payload(payload, digest, *values[3:5])
                check_texts(*values[5:9], *values[-1:], optional=True)
                result = result_of(values)
            except (ValueError, TypeError, AttributeError) as error:
                raise damaged(self.path, values[1], error) from error
            results[result.reference] = result
        return results

    def _read(self, column: str, keys: Sequence[str]) -> Mapping[str, Entry]:
        entries = (entry_of(v, self.path) for v in self._where_in(SELECT, column, keys))
        return {entry.reference: entry for entry in entries}

    def _where_in(self, select: str, column: str, keys: Sequence[str]) -> list[Sequence[Any]]:
        connection = self._opened()
        rows: list[Sequence[Any]] = []
        for start in range(0, len(keys), _PARAMETERS):
            chunk = keys[start : start + _PARAMETERS]
            marks = ", ".join("?" * len(chunk))
            try:
                rows += connection.execute(f"{select} WHERE {column} IN ({marks})", chunk)
            except sqlite3.DatabaseError as error:
                raise unusable(self.path, error) from error
        return rows

    def _select(self, where: str, *values: Any) -> list[Entry]:
        try:
            cursor = self._opened().execute(f"{SELECT} {where}", values)
            return [entry_of(row, self.path) for row in cursor]
        except sqlite3.DatabaseError as error:
            raise unusable(self.path, error) from error

    def _count(self) -> int:
        count: int = self._opened().execute("SELECT count(*) FROM rows").fetchone()[0]
        return count

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            raise JournalError(f"the journal {self.path} is not open")
        return self._connection

    # ----------------------------------------------------- opening and closing

    def _open(self, identity: Identity) -> datetime:
        try:
            self._lock = take_lock(self.path)
            self._connection = connect(self.path)
            return create_or_check(self._connection, self.path, identity)
        except sqlite3.DatabaseError as error:
            raise unusable(self.path, error) from error
        except OSError as error:
            raise JournalError(f"the journal {self.path} cannot be used: {error}") from error

    def _close(self) -> None:
        for connection in (self._connection, self._lock):
            if connection is not None:
                with suppress(sqlite3.Error):
                    connection.close()
        self._connection = self._lock = None
