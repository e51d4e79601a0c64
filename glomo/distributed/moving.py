"""Moving a half-paid batch from its journal in a file into the database.

At no moment can both journals be used: the file is marked as moved before the database keeps the
rows. If the move is cut off in between, doing it again completes it.
"""

from __future__ import annotations

import os
from pathlib import Path

import anyio

from glomo.batch.entry_rows import entry_of, values_of
from glomo.batch.errors import JournalMismatchError
from glomo.batch.journal import COLUMNS, Entry, Identity
from glomo.batch.sqlite_history import JournalFile
from glomo.batch.sqlite_journal import SQLiteJournal

from .database import Connection, Database
from .journal import PostgresJournal
from .planning import HAS_WORK, SLICE_SIZE
from .tables import PLACE, create_or_check, identity_of_batch


async def move_journal(
    path: str | os.PathLike[str], database: Database, *, slice_size: int = SLICE_SIZE
) -> Identity:
    """Move a batch with all that is known of it, its history included.

    Args:
        path: the journal's file. It stays, but no run can use it any more.
        database: open.
        slice_size: rows of a slice.

    Returns:
        Whose batch it is.

    Raises:
        JournalLockedError: a run is using the file.
        JournalMismatchError: the database has a batch of this name already.
        JournalError: there is no such journal, or it is damaged.
    """
    file = JournalFile(Path(path))
    await anyio.to_thread.run_sync(file.lock)
    try:
        identity = await anyio.to_thread.run_sync(file.identity)
        entries = await anyio.to_thread.run_sync(file.entries)
        history = await anyio.to_thread.run_sync(file.history)

        async def move(connection: Connection) -> None:
            found = await connection.execute(
                "SELECT FROM glomo_batch WHERE batch = %s", (identity.batch,)
            )
            if await found.fetchone() is not None:
                raise JournalMismatchError(
                    f"the database has a batch {identity.batch!r} already: nothing was moved"
                )
            await create_or_check(connection, identity)
            await _copy(connection, "glomo_row", identity.batch, entries, slice_size)
            await _copy(connection, "glomo_row_history", identity.batch, history, slice_size)
            await connection.execute(
                "INSERT INTO glomo_slice (batch, slice) "
                "SELECT DISTINCT batch, slice FROM glomo_row WHERE batch = %s",
                (identity.batch,),
            )
            # A worker that took a slice without work would only stand in the way of the next plan.
            await connection.execute(
                (
                    "UPDATE glomo_slice s SET done_at = clock_timestamp() "  # noqa: S608
                    f"WHERE batch = %s AND NOT {HAS_WORK}"
                ).encode(),
                (identity.batch,),
            )
            await anyio.to_thread.run_sync(file.mark_moved, repr(database))

        await database.run(move)
        return identity
    finally:
        await anyio.to_thread.run_sync(file.close)


async def _copy(
    connection: Connection, table: str, batch: str, entries: list[Entry], slice_size: int
) -> None:
    columns = ", ".join(("batch", "slice", *COLUMNS))
    async with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as copy,
    ):
        for place, entry in enumerate(entries):
            await copy.write_row((batch, place // slice_size, *values_of(entry)))


async def export_journal(database: Database, batch: str, path: str | os.PathLike[str]) -> None:
    """Copy a batch into a new SQLite file, to be read by what reads journals. Nothing can run it.

    Args:
        database: open.
        batch: the batch's name.
        path: the file, which must not exist.

    Raises:
        JournalMismatchError: there is no such batch.
    """
    identity, _ = await database.run(lambda c: identity_of_batch(c, batch))
    entries = [entry async for entry in PostgresJournal(database, batch).entries()]
    history = await database.run(lambda c: _history(c, batch))
    copy = SQLiteJournal(path)
    await copy.open(identity)
    try:
        # As they came about: each generation takes the place of the one before it.
        for entry in sorted(history, key=lambda one: one.generation):
            await copy.write([entry])
        await copy.write(entries)
    finally:
        await copy.close()


async def _history(connection: Connection, batch: str) -> list[Entry]:
    found = await connection.execute(
        (
            f"SELECT {', '.join(COLUMNS)} FROM glomo_row_history WHERE batch = %s "  # noqa: S608
            "ORDER BY reference, generation"
        ).encode(),
        (batch,),
    )
    return [entry_of(row, PLACE) for row in await found.fetchall()]
