"""Telling references apart without holding a million of them in memory."""

from __future__ import annotations

import sqlite3

_IN_MEMORY = 50_000


class References:
    """Remembers the first row of every reference.

    The first tens of thousands are kept in memory; with more, all of them go to a private database
    of SQLite's, which lies in a temporary file and is gone with this object.
    """

    def __init__(self, *, in_memory: int = _IN_MEMORY) -> None:
        self._in_memory = in_memory
        self._rows: dict[str, int] = {}
        self._database: sqlite3.Connection | None = None

    def first(self, reference: str, row: int) -> int:
        """The first row that had this reference: `row` itself if none had it before."""
        if self._database is None:
            if len(self._rows) < self._in_memory:
                return self._rows.setdefault(reference, row)
            self._database = self._spill()
        key = reference.encode(errors="surrogatepass")
        added = self._database.execute("INSERT OR IGNORE INTO first VALUES (?, ?)", (key, row))
        if added.rowcount:
            return row
        cursor = self._database.execute("SELECT row FROM first WHERE reference = ?", (key,))
        first: int = cursor.fetchone()[0]
        return first

    def __contains__(self, reference: object) -> bool:
        if self._database is None:
            return reference in self._rows
        key = str(reference).encode(errors="surrogatepass")
        cursor = self._database.execute("SELECT 1 FROM first WHERE reference = ?", (key,))
        return cursor.fetchone() is not None

    def _spill(self) -> sqlite3.Connection:
        database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        database.execute("PRAGMA synchronous = OFF")
        database.execute("PRAGMA journal_mode = OFF")
        database.execute(
            "CREATE TABLE first (reference BLOB PRIMARY KEY, row INTEGER) WITHOUT ROWID"
        )
        database.execute("BEGIN")
        database.executemany(
            "INSERT INTO first VALUES (?, ?)",
            (
                (reference.encode(errors="surrogatepass"), row)
                for reference, row in self._rows.items()
            ),
        )
        self._rows = {}
        return database

    def __del__(self) -> None:
        if self._database is not None:
            self._database.close()
