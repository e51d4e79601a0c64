"""The sandbox's state on disk: one SQLite file, one row a record."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

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

    def load(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Every record as (kind, key, record), in order of creation."""
        for kind, key, data in self._db.execute("SELECT kind, key, data FROM record ORDER BY seq"):
            yield kind, key, json.loads(data)

    def write(self, records: Iterable[tuple[str, str, dict[str, Any]]]) -> None:
        """Write records in one transaction; on disk when this returns."""
        rows = [(kind, key, json.dumps(record)) for kind, key, record in records]
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._db.executemany(_WRITE, rows)
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Close the file; another sandbox may open it."""
        self._db.close()
