"""A SQLite journal as a whole: what later generations have replaced, and moving it elsewhere."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from .entry_rows import entry_of
from .errors import JournalAbsentError, JournalError
from .journal import COLUMNS, Entry, Identity
from .sqlite_file import (
    SELECT,
    journal_exists,
    read_identity,
    take_lock,
    unusable,
)

_HISTORY = f"SELECT {', '.join(COLUMNS)} FROM history ORDER BY reference, generation"  # noqa: S608


def history(path: str | os.PathLike[str]) -> list[Entry]:
    """The entries that later generations have replaced, by reference and generation."""
    file = Path(path)
    try:
        with closing(sqlite3.connect(file, timeout=10, isolation_level=None)) as connection:
            return [entry_of(values, file) for values in connection.execute(_HISTORY)]
    except sqlite3.DatabaseError as error:
        raise unusable(file, error) from error


class JournalFile:
    """A journal that no run has open, to be moved elsewhere."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock: sqlite3.Connection | None = None
        self._connection: sqlite3.Connection | None = None

    def lock(self) -> None:
        """Keep runs out until `close`.

        Raises:
            JournalAbsentError: there is no journal.
            JournalLockedError: a run is using it.
        """
        if not journal_exists(self._path):
            raise JournalAbsentError(f"there is no journal {self._path}")
        self._lock = take_lock(self._path)
        self._connection = sqlite3.connect(
            self._path, timeout=10, isolation_level=None, check_same_thread=False
        )
        self._connection.execute("PRAGMA synchronous = FULL")

    def identity(self) -> Identity:
        """Whose journal it is; also if it was to be moved before."""
        identity, _ = read_identity(self._opened(), self._path, allow_moved=True)
        return identity

    def entries(self) -> Iterator[Entry]:
        """Every entry, in the order of the file."""
        for values in self._opened().execute(f"{SELECT} ORDER BY number, reference"):
            yield entry_of(values, self._path)

    def history(self) -> Iterator[Entry]:
        """The entries that later generations have replaced."""
        for values in self._opened().execute(_HISTORY):
            yield entry_of(values, self._path)

    def mark_moved(self, where: str) -> None:
        """Have every later run refuse this file."""
        self._opened().execute("INSERT OR REPLACE INTO meta VALUES ('moved_to', ?)", (where,))

    def close(self) -> None:
        """Let go of the file."""
        for connection in (self._connection, self._lock):
            if connection is not None:
                connection.close()
        self._connection = self._lock = None

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            raise JournalError(f"the journal {self._path} is not open")
        return self._connection
