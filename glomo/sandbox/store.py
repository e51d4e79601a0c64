"""The records of the sandbox, kept in memory and, if asked, in a file."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable, Iterator, Reversible
from contextlib import contextmanager
from typing import Any

from .statefile import StateFile

Record = dict[str, Any]
"""A JSON object. Keys that start with an underscore are the sandbox's own and never answered."""


def public(record: Record) -> Record:
    """The record as the API shows it."""
    return {key: value for key, value in record.items() if key[0] != "_"}


class Store:
    """Tables of records by id, in order of creation.

    Records are replaced, never changed in place, so that a transaction that fails can be undone.
    Everything is done under `lock`: requests come from the server's loop, tests from their thread.
    """

    def __init__(self, file: StateFile | None, indexes: Iterable[tuple[str, str]] = ()) -> None:
        self.lock = threading.RLock()
        self._file = file
        self._tables: dict[str, dict[str, Record]] = {}
        self._indexes: dict[tuple[str, str], dict[str, list[str]]] = {key: {} for key in indexes}
        self._undo: list[tuple[str, str, Record | None]] = []
        self._open = False
        if file is not None:
            for kind, key, record in file.load():
                self._replace(kind, key, record)

    def get(self, kind: str, key: str) -> Record | None:
        """One record, or None."""
        return self._tables.get(kind, {}).get(key)

    def all(self, kind: str) -> Reversible[Record]:
        """The records of a kind, oldest first; `reversed()` gives newest first."""
        return self._tables.get(kind, {}).values()

    def count(self, kind: str) -> int:
        """How many records of a kind there are."""
        return len(self._tables.get(kind, {}))

    def find(self, kind: str, field: str, value: str) -> list[Record]:
        """Records of a kind by an indexed field."""
        table = self._tables.get(kind, {})
        return [table[key] for key in self._indexes[kind, field].get(value, ())]

    @contextmanager
    def transaction(self) -> Generator[None, None, None]:
        """All `put`s inside happen together, on disk before this returns, or not at all.

        A transaction inside a transaction is part of the outer one.
        """
        with self.lock:
            if self._open:
                yield
                return
            self._open = True
            try:
                yield
                if self._file is not None and self._undo:
                    changed = dict.fromkeys((kind, key) for kind, key, _ in self._undo)
                    self._file.write((kind, key, self._tables[kind][key]) for kind, key in changed)
            except BaseException:
                for kind, key, before in reversed(self._undo):
                    self._restore(kind, key, before)
                raise
            finally:
                self._undo.clear()
                self._open = False

    def put(self, kind: str, key: str, record: Record) -> Record:
        """Write a record: new, or in the place of the one with this id."""
        if not self._open:
            raise RuntimeError("Store.put() belongs inside Store.transaction()")
        self._undo.append((kind, key, self.get(kind, key)))
        self._replace(kind, key, record)
        return record

    def close(self) -> None:
        """Let go of the state file, if there is one."""
        with self.lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _replace(self, kind: str, key: str, record: Record) -> None:
        table = self._tables.setdefault(kind, {})
        self._unindex(kind, key, table.get(key))
        table[key] = record
        for value, index in self._indexed(kind, record):
            index.setdefault(value, []).append(key)

    def _restore(self, kind: str, key: str, before: Record | None) -> None:
        if before is not None:
            self._replace(kind, key, before)
        else:
            self._unindex(kind, key, self._tables[kind].pop(key))

    def _unindex(self, kind: str, key: str, record: Record | None) -> None:
        for value, index in self._indexed(kind, record or {}):
            index[value].remove(key)

    def _indexed(self, kind: str, record: Record) -> Iterator[tuple[str, dict[str, list[str]]]]:
        for (indexed, field), index in self._indexes.items():
            value = record.get(field) if indexed == kind else None
            if value is not None:
                yield value, index
