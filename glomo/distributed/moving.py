"""Moving a half-paid batch from its journal in a file into the database, and copying it back out.

At no moment can both journals be used: the file is marked as moved before the database keeps the
rows. If the move is cut off in between, doing it again completes it. Rows pass through in chunks,
so that a million of them take no more memory than a thousand.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from pathlib import Path

import anyio

from glomo.batch.approval_log import recorded_approvals as approvals_in_file
from glomo.batch.approval_log import write_approval
from glomo.batch.entry_rows import entry_of, values_of
from glomo.batch.errors import JournalMismatchError
from glomo.batch.journal import COLUMNS, Entry, Identity
from glomo.batch.run_notes import read_run_notes as notes_in_file
from glomo.batch.run_notes import write_run_notes as write_notes_in_file
from glomo.batch.sqlite_history import JournalFile
from glomo.batch.sqlite_journal import SQLiteJournal

from .approvals import insert_approval, recorded_approvals
from .database import Connection, Database
from .journal import CHUNK, PostgresJournal
from .planning import HAS_WORK, SLICE_SIZE
from .run_notes import read_run_notes, write_run_notes
from .tables import PLACE, create_or_check, identity_of_batch


async def move_journal(
    path: str | os.PathLike[str], database: Database, *, slice_size: int = SLICE_SIZE
) -> Identity:
    """Move a batch with all that is recorded of it, its history and approvals included.

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
        approvals = await anyio.to_thread.run_sync(approvals_in_file, path)
        notes = await anyio.to_thread.run_sync(notes_in_file, path)

        async def move(connection: Connection) -> None:
            cursor = await connection.execute(
                "SELECT FROM glomo_batch WHERE batch = %s", (identity.batch,)
            )
            if await cursor.fetchone() is not None:
                raise JournalMismatchError(
                    f"the database has a batch {identity.batch!r} already: nothing was moved"
                )
            await create_or_check(connection, identity)
            for approval in approvals:
                await insert_approval(connection, identity.batch, approval)
            await write_run_notes(connection, identity.batch, notes)
            await _copy(connection, "glomo_row", identity.batch, file.entries(), slice_size)
            await _copy(connection, "glomo_row_history", identity.batch, file.history(), slice_size)
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
            await anyio.to_thread.run_sync(file.mark_moved, database.place)

        await database.run(move)
        return identity
    finally:
        await anyio.to_thread.run_sync(file.close)


async def _copy(
    connection: Connection, table: str, batch: str, entries: Iterator[Entry], slice_size: int
) -> None:
    columns = ", ".join(("batch", "slice", *COLUMNS))
    place = 0
    async with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as copy,
    ):
        while chunk := await anyio.to_thread.run_sync(lambda: list(islice(entries, CHUNK))):
            for entry in chunk:
                await copy.write_row((batch, place // slice_size, *values_of(entry)))
                place += 1


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
    copy = SQLiteJournal(path)
    await copy.open(identity)
    try:
        for approval in await recorded_approvals(database, batch):
            await anyio.to_thread.run_sync(write_approval, Path(path), approval)
        notes = await read_run_notes(database, batch)
        await anyio.to_thread.run_sync(write_notes_in_file, path, notes)
        # As they came about: each generation takes the place of the one before it.
        async for chunk in _history(database, batch):
            await copy.write(chunk)
        async for chunk in PostgresJournal(database, batch).chunks():
            await copy.write(chunk)
    finally:
        await copy.close()


async def _history(database: Database, batch: str) -> AsyncIterator[list[Entry]]:
    """What later generations have replaced, the first generations first."""
    last: tuple[int, str] = (0, "")
    query = (
        f"SELECT {', '.join(COLUMNS)} FROM glomo_row_history WHERE batch = %s "  # noqa: S608
        "AND (generation, reference) > (%s, %s) ORDER BY generation, reference LIMIT %s"
    ).encode()

    async def read(connection: Connection) -> list[Entry]:
        cursor = await connection.execute(query, (batch, *last, CHUNK))
        return [entry_of(row, PLACE) for row in await cursor.fetchall()]

    while chunk := await database.run(read):
        yield chunk
        last = (chunk[-1].generation, chunk[-1].reference)
