"""Texts beside the rows of a SQLite journal, by key: what is kept of a batch as a whole.

They are written through a connection of their own, also while the journal is open.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing

from .sqlite_file import journal_exists


def write_text(path: str | os.PathLike[str], key: str, text: str) -> None:
    """Put a text in the place of the one that a journal has under a key. On the disk on return.

    Raises:
        sqlite3.Error: it cannot be written.
    """
    with closing(_connect(path)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, text))


def read_texts(path: str | os.PathLike[str], pattern: str) -> list[str]:
    """The texts whose keys fit a pattern of SQL's LIKE, by key; none if there is no journal.

    Raises:
        sqlite3.Error: the journal is damaged.
    """
    if not journal_exists(path):
        return []
    with closing(_connect(path)) as connection:
        rows = connection.execute(
            "SELECT value FROM meta WHERE key LIKE ? ORDER BY key", (pattern,)
        ).fetchall()
    return [text for (text,) in rows]


def _connect(path: str | os.PathLike[str]) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=10, isolation_level=None)
