"""The journal in a SQLite file."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import anyio
import attrs

from .errors import JournalError, JournalLockedError, JournalMismatchError
from .journal import Entry, Identity, State

P = ParamSpec("P")
T = TypeVar("T")

FORMAT = 1
_MAGIC = b"SQLite format 3\0"
_CHUNK = 500
_COLUMNS = tuple(a.name for a in attrs.fields(Entry))
_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE rows (
    reference TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    request_id TEXT NOT NULL UNIQUE,
    payload TEXT NOT NULL,
    digest TEXT NOT NULL,
    state TEXT NOT NULL,
    payout_id TEXT,
    payout_status TEXT,
    payout_created_at TEXT,
    error_code TEXT,
    error TEXT
);
"""
_UPSERT = (
    f"INSERT INTO rows ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "  # noqa: S608
    "ON CONFLICT (reference) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])
)
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM rows"  # noqa: S608


class SQLiteJournal:
    """A journal in a file, for one machine.

    Every write is on the disk before it returns; writes that are asked for at the same time share
    one transaction. The file beside it with `.lock` at its end keeps a second run out, and is let
    go of by the operating system however the run ends. Nothing here blocks the event loop.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Name the file. It is made, or opened, by `open`."""
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
        """Lock the journal for this run, making the file if need be. See `Journal.open`."""
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

    async def read(self, references: Sequence[str]) -> Mapping[str, Entry]:
        """The entries of some references, as far as there are any."""
        return await self._in_thread(self._read, references)

    async def write(self, entries: Sequence[Entry]) -> None:
        """Put entries in, or in the place of those of the same reference. On the disk on return."""
        written = asyncio.get_running_loop().create_future()
        self._waiting.append((entries, written))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_all())
        await written

    async def entries(self) -> AsyncIterator[Entry]:
        """Every entry, in the order of the file."""
        last = (-1, "")
        while chunk := await self._in_thread(self._entries_after, *last):
            for entry in chunk:
                yield entry
            last = (chunk[-1].number, chunk[-1].reference)

    async def _in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        def guarded() -> T:
            with self._guard:
                return work(*args, **kwargs)

        return await anyio.to_thread.run_sync(guarded, limiter=self._thread)

    # ----------------------------------------------------------------- writing

    async def _write_all(self) -> None:
        """Write whatever has come in while the disk was busy, together, until nothing waits."""
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                entries = [entry for some, _ in batch for entry in some]
                try:
                    await self._in_thread(self._commit, entries)
                except Exception as error:
                    for _, written in batch:
                        if not written.done():
                            written.set_exception(error)
                except BaseException:
                    for _, written in batch:
                        written.cancel()
                    raise
                else:
                    for _, written in batch:
                        if not written.done():
                            written.set_result(None)
        finally:
            self._writer = None
            for _, written in self._waiting:
                written.cancel()

    def _commit(self, entries: Sequence[Entry]) -> None:
        connection = self._opened()
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(_UPSERT, map(_values, entries))
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise JournalError(f"the journal {self.path} cannot be written: {error}") from error

    # ----------------------------------------------------------------- reading

    def _read(self, references: Sequence[str]) -> Mapping[str, Entry]:
        connection = self._opened()
        found: dict[str, Entry] = {}
        for start in range(0, len(references), _CHUNK):
            chunk = references[start : start + _CHUNK]
            marks = ", ".join("?" * len(chunk))
            for values in connection.execute(f"{_SELECT} WHERE reference IN ({marks})", chunk):
                entry = _entry(values)
                found[entry.reference] = entry
        return found

    def _entries_after(self, number: int, reference: str) -> list[Entry]:
        rows = self._opened().execute(
            f"{_SELECT} WHERE (number, reference) > (?, ?) ORDER BY number, reference LIMIT ?",
            (number, reference, 20 * _CHUNK),
        )
        return [_entry(values) for values in rows]

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            raise JournalError(f"the journal {self.path} is not open")
        return self._connection

    # ----------------------------------------------------- opening and closing

    def _open(self, identity: Identity) -> datetime:
        try:
            self._lock = self._take_lock()
            self._connection = _connect(self.path)
            return self._checked(self._connection, identity)
        except sqlite3.DatabaseError as error:
            raise _unusable(self.path, error) from error
        except OSError as error:
            raise JournalError(f"the journal {self.path} cannot be used: {error}") from error

    def _take_lock(self) -> sqlite3.Connection:
        if self.path.is_dir():
            raise JournalError(f"the journal {self.path} is a folder: name a file")
        if not self.path.parent.is_dir():
            raise JournalError(f"there is no folder {self.path.parent} for the journal")
        lock_file = self.path.with_name(f"{self.path.name}.lock")
        if not lock_file.exists():
            # Nobody has it open as a journal, see below.
            _refuse_other_files(self.path)
        # SQLite's own exclusive lock: on every platform, and gone with the process.
        lock = sqlite3.connect(lock_file, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            lock.close()
            if "locked" not in str(error):
                raise
            raise JournalLockedError(
                f"another run is using the journal {self.path}: wait until it has ended"
            ) from None
        # Only under the lock: closing a file takes away the locks that SQLite has on it.
        try:
            _refuse_other_files(self.path)
        except BaseException:
            lock.close()
            raise
        return lock

    def _checked(self, connection: sqlite3.Connection, identity: Identity) -> datetime:
        """When the journal was made. Refuses one that is not for this run."""
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
            made = datetime.now(UTC)
            connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA}")
            meta = {
                "format": str(FORMAT),
                "made_at": made.isoformat(),
                **attrs.asdict(identity),
            }
            connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
            connection.execute("COMMIT")
            return made
        meta = _meta(connection, self.path)
        _refuse_foreign(self.path, meta, identity)
        return datetime.fromisoformat(meta["made_at"] or "")

    def _close(self) -> None:
        for connection in (self._connection, self._lock):
            if connection is not None:
                with suppress(sqlite3.Error):
                    connection.close()
        self._connection = self._lock = None


def read_only(path: str | os.PathLike[str]) -> tuple[Identity, datetime, list[Entry]]:
    """What a journal holds, without locking it: also while a run is using it.

    Raises:
        JournalError: there is none, or the file is something else.
    """
    file = Path(path)
    if not file.is_file():
        raise JournalError(f"there is no journal {file}")
    try:
        with closing(sqlite3.connect(file, timeout=10, isolation_level=None)) as connection:
            connection.execute("BEGIN")
            meta = _meta(connection, file)
            entries = [
                _entry(values) for values in connection.execute(f"{_SELECT} ORDER BY number")
            ]
    except sqlite3.DatabaseError as error:
        raise _unusable(file, error) from error
    identity = Identity(
        batch=meta["batch"] or "",
        address=meta["address"] or "",
        environment=meta["environment"],
        subject=meta["subject"],
    )
    return identity, datetime.fromisoformat(meta["made_at"] or ""), entries


def _refuse_other_files(path: Path) -> None:
    """Refuse a file of another kind before SQLite sees it: it would overwrite a small one."""
    if not path.exists():
        return
    with path.open("rb") as file:
        start = file.read(len(_MAGIC))
    if start and start != _MAGIC:
        raise JournalError(f"{path} is not a journal of payouts: name another file")


def _connect(path: Path) -> sqlite3.Connection:
    # Who is paid how much is nobody else's business.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _meta(connection: sqlite3.Connection, path: Path) -> dict[str, str | None]:
    try:
        meta: dict[str, str | None] = dict(connection.execute("SELECT key, value FROM meta"))
    except sqlite3.OperationalError as error:
        if "no such" not in str(error):
            raise
        meta = {}
    keys = {"format", "made_at", "batch", "address", "environment", "subject"}
    if not keys <= meta.keys():
        raise JournalError(f"{path} is not a journal of payouts: name another file")
    if meta["format"] != str(FORMAT):
        raise JournalError(
            f"the journal {path} has format {meta['format']}, this version reads {FORMAT}: "
            "use the version of glomo that wrote it, or a newer one"
        )
    return meta


def _refuse_foreign(path: Path, meta: Mapping[str, str | None], identity: Identity) -> None:
    named = {
        "batch": "the batch",
        "environment": "the environment",
        "address": "the address",
        "subject": "the account",
    }
    for key, meaning in named.items():
        theirs, ours = meta[key], getattr(identity, key)
        if theirs != ours:
            raise JournalMismatchError(
                f"the journal {path} belongs to {meaning} {theirs or 'unknown'}, this run is for "
                f"{ours or 'unknown'}: name another journal, or run it as before. Nothing was sent"
            )


def _unusable(path: Path, error: sqlite3.Error) -> JournalError:
    if "not a database" in str(error):
        return JournalError(f"{path} is not a journal of payouts: name another file")
    return JournalError(f"the journal {path} cannot be used: {error}")


def _values(entry: Entry) -> tuple[Any, ...]:
    created = entry.payout_created_at
    return (
        entry.reference,
        entry.number,
        entry.generation,
        entry.request_id,
        entry.payload,
        entry.digest,
        entry.state.value,
        entry.payout_id,
        entry.payout_status,
        None if created is None else created.isoformat(),
        entry.error_code,
        entry.error,
    )


def _entry(values: Sequence[Any]) -> Entry:
    fields: dict[str, Any] = dict(zip(_COLUMNS, values, strict=True))
    created = fields["payout_created_at"]
    fields["state"] = State(fields["state"])
    fields["payout_created_at"] = None if created is None else datetime.fromisoformat(created)
    return Entry(**fields)
