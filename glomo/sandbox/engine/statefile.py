"""The sandbox's state on disk: one SQLite file, one row a record."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

VERSION = 2
"""Of what the rows hold. A file of another version is refused, not guessed at."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    data TEXT NOT NULL,
    UNIQUE (kind, key)
)
"""
_WRITE = """
INSERT INTO record (kind, key, data) VALUES (?, ?, ?)
ON CONFLICT (kind, key) DO UPDATE SET data = excluded.data
"""
_REMOVE = "DELETE FROM record WHERE kind = ? AND key = ?"


class StateFile:
    """Keeps records across a kill of the process.

    Write-ahead log with `synchronous=NORMAL`: what was committed survives the death of the process
    (not necessarily that of the machine). One sandbox at a time holds the file.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._db = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, timeout=0.2
        )
        try:
            # Two sandboxes on one file would each overwrite what the other believes.
            self._db.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._check_version()
            self._db.execute(_SCHEMA)
        except sqlite3.DatabaseError as error:
            self._db.close()
            if "locked" in str(error):
                raise RuntimeError(
                    f"the state file {self.path} is held by another sandbox: stop it or close() it"
                ) from error
            raise RuntimeError(
                f"{self.path} is not a sandbox's state file ({error}): choose another path"
            ) from error

    def _check_version(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        (tables,) = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables and version != VERSION:
            self._db.close()
            raise RuntimeError(
                f"the state file {self.path} has version {version}, this sandbox writes version "
                f"{VERSION}: choose another path, or delete the file to start anew"
            )
        self._db.execute(f"PRAGMA user_version = {VERSION}")

    def load(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Every record as (table, key, record), in order of creation."""
        for kind, key, data in self._db.execute("SELECT kind, key, data FROM record ORDER BY seq"):
            yield kind, key, json.loads(data)

    def write(self, records: Iterable[tuple[str, str, dict[str, Any] | None]]) -> None:
        """Write records, or remove those that are None, in one transaction; on disk when this
        returns."""
        upserts: list[tuple[str, str, str]] = []
        deletions: list[tuple[str, str]] = []
        for kind, key, record in records:
            if record is None:
                deletions.append((kind, key))
            else:
                upserts.append((kind, key, json.dumps(record, separators=(",", ":"))))
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._db.executemany(_REMOVE, deletions)
            self._db.executemany(_WRITE, upserts)
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Close the file; another sandbox may open it."""
        self._db.close()
