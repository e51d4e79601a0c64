"""The records of the sandbox, kept in memory and, if asked, in a file.

Every merchant has tables of its own: a resource reads and writes them through its account's
`Tables` and never sees those of another merchant. Records are replaced, never changed in place,
so that a transaction that fails can be undone and a snapshot costs next to nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable, Reversible
from contextlib import contextmanager
from typing import Any

from .statefile import StateFile

Record = dict[str, Any]
"""A JSON object. Keys that start with an underscore are the sandbox's own and never sent."""

Index = tuple[str, str]
"""A kind of record and the field by which its records can be found."""

Snapshot = dict[str, dict[str, Record]]


def public(record: Record) -> Record:
    """The record as the API shows it."""
    return {key: value for key, value in record.items() if key[0] != "_"}


def without_nulls(record: Record) -> Record:
    """The record as the API shows it where it leaves out, at every depth, what is not set."""
    return {
        key: without_nulls(value) if isinstance(value, dict) else value  # pyright: ignore[reportUnknownArgumentType]
        for key, value in public(record).items()
        if value is not None
    }


class _Table:
    """Records by key, in order of creation, and keys by the value of each indexed field."""

    def __init__(self, fields: Iterable[str]) -> None:
        self.records: dict[str, Record] = {}
        # The innermost dict is an ordered set: leaving a crowded status must not be slow.
        self.indexes: dict[str, dict[Any, dict[str, None]]] = {field: {} for field in fields}

    def put(self, key: str, record: Record) -> Record | None:
        before = self.records.get(key)
        self.records[key] = record
        for field, index in self.indexes.items():
            value = record.get(field)
            if before is not None:
                if before.get(field) == value:
                    continue
                self._unindex(index, before.get(field), key)
            if value is not None:
                index.setdefault(value, {})[key] = None
        return before

    def remove(self, key: str) -> Record | None:
        before = self.records.pop(key, None)
        if before is not None:
            for field, index in self.indexes.items():
                self._unindex(index, before.get(field), key)
        return before

    def reorder(self, keys: Iterable[str]) -> None:
        """Put the records, and what finds them, in this order."""
        self.records = {key: self.records[key] for key in keys}
        for field, index in self.indexes.items():
            index.clear()
            for key, record in self.records.items():
                if record.get(field) is not None:
                    index.setdefault(record[field], {})[key] = None

    @staticmethod
    def _unindex(index: dict[Any, dict[str, None]], value: object, key: str) -> None:
        if value is not None:
            keys = index[value]
            del keys[key]
            if not keys:
                del index[value]


class Store:
    """All tables. Everything is done under `lock`: requests come from the server's loop, tests
    from their own thread."""

    def __init__(self, file: StateFile | None, indexes: Iterable[Index] = ()) -> None:
        self.lock = threading.RLock()
        self._file = file
        self._fields: dict[str, list[str]] = {}
        for kind, field in indexes:
            self._fields.setdefault(kind, []).append(field)
        self._tables: dict[str, _Table] = {}
        self._undo: list[tuple[str, str, Record | None]] = []
        self._open = False
        self.revision = 0
        """How many transactions have changed something."""
        if file is not None:
            for name, key, record in file.load():
                self.table(name).put(key, record)

    def table(self, name: str) -> _Table:
        """The table of this name, `payout` or `merch_1:payout`; created when first asked for."""
        table = self._tables.get(name)
        if table is None:
            kind = name.rpartition(":")[2]
            table = self._tables[name] = _Table(self._fields.get(kind, ()))
        return table

    @contextmanager
    def transaction(self) -> Generator[None, None, None]:
        """All writes inside happen together, on disk before this returns, or not at all.

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
                    changed = dict.fromkeys((name, key) for name, key, _ in self._undo)
                    self._file.write(
                        (name, key, self.table(name).records.get(key)) for name, key in changed
                    )
                self.revision += bool(self._undo)
            except BaseException:
                for name, key, before in reversed(self._undo):
                    if before is None:
                        self.table(name).remove(key)
                    else:
                        self.table(name).put(key, before)
                raise
            finally:
                self._undo.clear()
                self._open = False

    def write(self, name: str, key: str, record: Record | None) -> None:
        """Put a record in a table, in the place of the one with this key; None removes it."""
        if not self._open:
            raise RuntimeError("records are written inside Store.transaction() only")
        table = self.table(name)
        before = table.remove(key) if record is None else table.put(key, record)
        self._undo.append((name, key, before))

    def names(self, kind: str) -> list[str]:
        """The tables of a kind, of every merchant."""
        return [name for name in self._tables if name.rpartition(":")[2] == kind]

    def snapshot(self) -> Snapshot:
        """A copy of every table. Records are shared: nobody changes them."""
        with self.lock:
            return {name: dict(table.records) for name, table in self._tables.items()}

    def restore(self, snapshot: Snapshot) -> None:
        """Put every table back to what it was."""
        with self.lock, self.transaction():
            for name in {*self._tables, *snapshot}:
                rows = snapshot.get(name, {})
                for key in [key for key in self.table(name).records if key not in rows]:
                    self.write(name, key, None)
            for name, records in snapshot.items():
                table = self.table(name)
                for key, record in records.items():
                    if table.records.get(key) is not record:
                        self.write(name, key, record)
                table.reorder(records)

    def close(self) -> None:
        """Let go of the state file, if there is one."""
        with self.lock:
            if self._file is not None:
                self._file.close()
                self._file = None


class Tables:
    """One merchant's records."""

    def __init__(self, store: Store, merchant_id: str | None) -> None:
        self.whole = store
        self._prefix = "" if merchant_id is None else f"{merchant_id}:"

    def get(self, kind: str, key: str) -> Record | None:
        """One record, or None."""
        return self.whole.table(self._prefix + kind).records.get(key)

    def all(self, kind: str) -> Reversible[Record]:
        """The records of a kind, oldest first; `reversed()` gives newest first."""
        return self.whole.table(self._prefix + kind).records.values()

    def count(self, kind: str) -> int:
        """How many records of a kind there are."""
        return len(self.whole.table(self._prefix + kind).records)

    def find(self, kind: str, field: str, value: str) -> list[Record]:
        """Records of a kind by an indexed field."""
        table = self.whole.table(self._prefix + kind)
        return [table.records[key] for key in table.indexes[field].get(value, ())]

    def put(self, kind: str, key: str, record: Record) -> Record:
        """Write a record: new, or in the place of the one with this key."""
        self.whole.write(self._prefix + kind, key, record)
        return record

    def delete(self, kind: str, key: str) -> None:
        """Remove a record, if there is one with this key."""
        self.whole.write(self._prefix + kind, key, None)
