"""What a report tells of the runs of a batch, kept in the database: see `glomo.batch.run_notes`."""

from __future__ import annotations

from glomo.batch.run_notes import RunNotes

from .database import Connection, Database


async def add_run(database: Database, batch: str, run: RunNotes) -> None:
    """Note a run of a batch that exists."""

    async def write(connection: Connection) -> None:
        notes = await _read(connection, batch, lock="FOR UPDATE")
        await write_run_notes(connection, batch, notes.followed_by(run))

    await database.run(write)


async def write_run_notes(connection: Connection, batch: str, notes: RunNotes) -> None:
    """Put notes in the place of those that a batch has."""
    await connection.execute(
        "UPDATE glomo_batch SET run_notes = %s WHERE batch = %s", (notes.to_text(), batch)
    )


async def read_run_notes(database: Database, batch: str) -> RunNotes:
    """What is noted of the runs of a batch.

    Raises:
        JournalError: it is not what was written.
    """
    return await database.run(lambda connection: _read(connection, batch))


async def _read(connection: Connection, batch: str, *, lock: str = "") -> RunNotes:
    cursor = await connection.execute(
        f"SELECT run_notes FROM glomo_batch WHERE batch = %s {lock}".encode(),  # noqa: S608
        (batch,),
    )
    row = await cursor.fetchone()
    return RunNotes.of_text(None if row is None else row[0])
