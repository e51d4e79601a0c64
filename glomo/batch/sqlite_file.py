"""The file of a SQLite journal: its schema, its lock, and whether it is one at all."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import attrs

from .entry_rows import check_texts, entry_of, moment_of
from .errors import JournalAbsentError, JournalError, JournalLockedError, JournalMismatchError
from .journal import COLUMNS, Entry, Identity

FORMAT = 2
CHUNK = 2000
_MAGIC = b"SQLite format 3\0"
_TYPES = {
    "number": "INTEGER NOT NULL",
    "generation": "INTEGER NOT NULL",
    "request_id": "TEXT NOT NULL UNIQUE",
    "amount": "INTEGER NOT NULL",
    "earlier_attempt_unknown": "INTEGER NOT NULL",
    **dict.fromkeys(("payload", "digest", "currency", "status"), "TEXT NOT NULL"),
}
_SCHEMA = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE rows (
    reference TEXT PRIMARY KEY,
    {", ".join(f"{name} {_TYPES.get(name, 'TEXT')}" for name in COLUMNS[1:])}
);
CREATE INDEX by_number ON rows (number, reference);
CREATE INDEX open_rows ON rows (number) WHERE status = 'unknown' OR earlier_attempt_unknown;
CREATE INDEX by_age ON rows (payout_created_at, payout_id) WHERE status = 'accepted';
CREATE UNIQUE INDEX by_payout ON rows (payout_id) WHERE payout_id IS NOT NULL;
CREATE TABLE history (
    {", ".join(f"{name} {_TYPES.get(name, 'TEXT').replace(' UNIQUE', '')}" for name in COLUMNS)},
    PRIMARY KEY (reference, generation)
) WITHOUT ROWID;
CREATE TRIGGER keep_history BEFORE UPDATE OF generation ON rows
WHEN new.generation > old.generation BEGIN
    INSERT INTO history VALUES ({", ".join(f"old.{name}" for name in COLUMNS)});
END;
"""  # noqa: S608
SELECT = f"SELECT {', '.join(COLUMNS)} FROM rows"  # noqa: S608


def journal_exists(path: str | os.PathLike[str]) -> bool:
    """Whether there is a journal. A run that was killed at its very start leaves none.

    A file of another kind counts as one: using it says what is wrong with it.
    """
    file = Path(path)
    if not file.is_file():
        return file.exists()
    try:
        with file.open("rb") as opened:
            start = opened.read(len(_MAGIC))
        if start != _MAGIC:
            return bool(start)
        with closing(sqlite3.connect(file, timeout=10, isolation_level=None)) as connection:
            return not _is_empty(connection)
    except (OSError, sqlite3.Error):
        return True


def take_lock(path: Path) -> sqlite3.Connection:
    """Keep other runs out until the connection is closed, however the process ends."""
    _refuse_other_than_files(path)
    if not path.parent.is_dir():
        raise JournalError(f"there is no folder {path.parent} for the journal")
    # However the journal is reached, it has one lock.
    real = Path(os.path.realpath(path))
    lock_file = real.with_name(f"{real.name}.lock")
    if not lock_file.exists():
        # Nobody has it open as a journal, see below.
        _refuse_other_files(path)
    # SQLite's own exclusive lock: on every platform, and gone with the process.
    lock = sqlite3.connect(lock_file, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        if "locked" not in str(error):
            raise
        raise JournalLockedError(
            f"another run is using the journal {path}: wait until it has ended"
        ) from None
    # Only under the lock: closing a file takes away the locks that SQLite has on it.
    try:
        _refuse_other_files(path)
    except BaseException:
        lock.close()
        raise
    return lock


def connect(path: Path) -> sqlite3.Connection:
    """Open the journal for writing, each write on the disk before it returns."""
    # Who is paid how much is nobody else's business.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def create_or_check(connection: sqlite3.Connection, path: Path, identity: Identity) -> datetime:
    """When the journal was created: now, if the file is empty. Refuses one not for this run."""
    if _is_empty(connection):
        now = datetime.now(UTC)
        meta = {"format": str(FORMAT), "created_at": now.isoformat(), **attrs.asdict(identity)}
        connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA}")
        connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        connection.execute("COMMIT")
        return now
    meta_of_file = _meta(connection, path)
    _refuse_foreign(path, meta_of_file, identity)
    return _created_at(meta_of_file, path)


def read_identity(
    connection: sqlite3.Connection, path: Path, *, allow_moved: bool = False
) -> tuple[Identity, datetime]:
    """Whose journal it is, and when it was created.

    Args:
        connection: to the journal.
        path: the file.
        allow_moved: whether a journal that was moved elsewhere is read all the same.
    """
    meta = _meta(connection, path, allow_moved=allow_moved)
    identity = Identity(
        batch=meta["batch"] or "",
        address=meta["address"] or "",
        environment=meta["environment"],
        subject=meta["subject"],
    )
    return identity, _created_at(meta, path)


@contextmanager
def snapshot(path: str | os.PathLike[str]) -> Generator[tuple[Identity, datetime, Iterator[Entry]]]:
    """A journal as it is now, without locking it: also while a run is using it.

    Yields:
        Whose it is, when it was created, and its entries in the order of the file.

    Raises:
        JournalAbsentError: there is none.
        JournalError: the file is something else, or damaged.
    """
    file = Path(path)
    _refuse_other_than_files(file)
    if not journal_exists(file):
        raise JournalAbsentError(f"there is no journal {file}")
    try:
        with closing(sqlite3.connect(file, timeout=10, isolation_level=None)) as connection:
            connection.execute("BEGIN")
            identity, created_at = read_identity(connection, file)
            rows = connection.execute(f"{SELECT} ORDER BY number, reference")
            yield identity, created_at, (entry_of(values, file) for values in rows)
    except sqlite3.DatabaseError as error:
        raise unusable(file, error) from error


def read_only(path: str | os.PathLike[str]) -> tuple[Identity, datetime, list[Entry]]:
    """All that a journal holds. See `snapshot`."""
    with snapshot(path) as (identity, created_at, entries):
        return identity, created_at, list(entries)


def unusable(path: Path, error: sqlite3.Error) -> JournalError:
    """What SQLite says against a file."""
    if "not a database" in str(error):
        return JournalError(f"{path} is not a journal of payouts: name another file")
    text = f"the journal {path} cannot be used: {error}"
    if "malformed" in str(error):
        text += (
            ". Restore it from a copy, or move it away: what it had paid is then found by "
            "request_id"
        )
    return JournalError(text)


def _is_empty(connection: sqlite3.Connection) -> bool:
    row = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return bool(row[0] == 0)


def _created_at(meta: Mapping[str, str | None], path: Path) -> datetime:
    try:
        return moment_of(meta["created_at"] or "")
    except ValueError as error:
        raise JournalError(f"the journal {path} is damaged: {error}") from error


def _refuse_other_than_files(path: Path) -> None:
    if path.is_dir():
        raise JournalError(f"the journal {path} is a folder: name a file")
    if path.exists() and not path.is_file():  # opening a pipe would wait for ever
        raise JournalError(f"the journal {path} is a pipe or a device: name a file")


def _refuse_other_files(path: Path) -> None:
    """Refuse a file of another kind before SQLite sees it: it would overwrite a small one."""
    if not path.exists():
        return
    with path.open("rb") as file:
        start = file.read(len(_MAGIC))
    if start and start != _MAGIC:
        raise JournalError(f"{path} is not a journal of payouts: name another file")


def _meta(
    connection: sqlite3.Connection, path: Path, *, allow_moved: bool = False
) -> dict[str, str | None]:
    try:
        meta: dict[str, str | None] = dict(connection.execute("SELECT key, value FROM meta"))
    except sqlite3.OperationalError as error:
        if "no such" not in str(error):
            raise
        meta = {}
    if meta.get("moved_to") and not allow_moved:
        raise JournalError(
            f"the journal {path} was moved to {meta['moved_to']}: pay and look at it there"
        )
    if "format" in meta and meta["format"] != str(FORMAT):
        raise JournalError(
            f"the journal {path} has format {meta['format']}, this version reads {FORMAT}: "
            "use the version of glomo that wrote it, or a newer one"
        )
    if not {"format", "created_at", "batch", "address", "environment", "subject"} <= meta.keys():
        raise JournalError(f"{path} is not a journal of payouts: name another file")
    try:
        check_texts(*meta.values(), optional=True)
    except ValueError as error:
        raise JournalError(f"the journal {path} is damaged: {error}") from error
    return meta


def _refuse_foreign(path: Path, meta: Mapping[str, str | None], identity: Identity) -> None:
    recorded = Identity(
        meta["batch"] or "", meta["address"] or "", meta["environment"], meta["subject"]
    )
    mismatch = recorded.mismatch(identity)
    if mismatch is not None:
        raise JournalMismatchError(
            f"the journal {path} belongs to {mismatch}: name another journal, or run it as "
            "before. Nothing was sent"
        )
