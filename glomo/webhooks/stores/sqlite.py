"""Handled events in an SQLite file: for all processes of one machine."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from os import PathLike, fspath

from glomo.errors import ParameterError
from glomo.webhooks.dedupe import KEEP, LEASE, Claim

_SCHEMA = """
CREATE TABLE IF NOT EXISTS glomo_webhook (
    key TEXT PRIMARY KEY,
    token TEXT NOT NULL,
    at REAL NOT NULL,
    done INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS glomo_webhook_at ON glomo_webhook (at);
"""


class SQLiteStore:
    """Remembers handled events in a file, across restarts and for all processes of a machine.

    Every step opens the file anew: no connection is carried over a fork or between threads.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        *,
        lease: float = LEASE,
        keep: float = KEEP,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Name the file. It is made by the first claim.

        Args:
            path: the file.
            lease: seconds after which the claim of a worker that does not finish is taken over.
            keep: seconds for which a handled event is remembered.
            clock: the time in seconds, the same for all processes.

        Raises:
            ParameterError: the path names no file.
        """
        self._path = fspath(path)
        if self._path in ("", ":memory:"):
            raise ParameterError(
                "path must name a file: for a store in memory write MemoryStore()",
                parameter="path",
            )
        self._lease = lease
        self._keep = keep
        self._clock = clock

    def claim(self, key: str, token: str) -> Claim:
        """Claim an event."""
        with self._transaction() as db:
            now = self._clock()
            db.execute(
                "DELETE FROM glomo_webhook WHERE at <= ?", (now - max(self._keep, self._lease),)
            )
            row = db.execute("SELECT at, done FROM glomo_webhook WHERE key = ?", (key,)).fetchone()
            if row is not None and row[1]:
                return Claim.DONE
            if row is not None and now < row[0] + self._lease:
                return Claim.IN_PROGRESS
            db.execute(
                "INSERT OR REPLACE INTO glomo_webhook (key, token, at, done) VALUES (?, ?, ?, 0)",
                (key, token, now),
            )
            return Claim.GRANTED

    def complete(self, key: str) -> None:
        """Note that the event was handled."""
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO glomo_webhook (key, token, at, done) VALUES (?, '', ?, 1)",
                (key, self._clock()),
            )

    def release(self, key: str, token: str) -> None:
        """Give a claim back."""
        with self._transaction() as db:
            db.execute(
                "DELETE FROM glomo_webhook WHERE key = ? AND token = ? AND done = 0", (key, token)
            )

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        """A transaction that waits for those of other processes, for 10 s at most."""
        with closing(sqlite3.connect(self._path, timeout=10.0, isolation_level=None)) as db:
            db.executescript(_SCHEMA)
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")
