"""What reports tell of the runs of a batch moves into the database and out of it with the batch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from glomo import AsyncGlomo
from glomo.batch import Batch
from glomo.batch.run_notes import RunNotes
from glomo.batch.run_notes import add_run as add_run_in_file
from glomo.batch.run_notes import read_run_notes as notes_in_file
from glomo.distributed import Database, export_journal, move_journal
from glomo.distributed.run_notes import add_run, read_run_notes
from tests.batch.conftest import rows


async def test_a_moved_batch_takes_what_is_noted_of_its_runs_along(
    database: Database, glomo: AsyncGlomo, tmp_path: Path
) -> None:
    journal = tmp_path / "b.journal"
    async for _ in Batch.from_rows(rows(2), name="b").run(glomo, journal):
        pass
    began = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    first = RunNotes(began, timedelta(seconds=2), 2, {"bene_A": "Acme"})
    add_run_in_file(journal, first)
    await move_journal(journal, database)
    assert await read_run_notes(database, "b") == first

    await add_run(database, "b", RunNotes(began, timedelta(seconds=9), 0, {"bene_B": "Bank"}))
    both = RunNotes(began, timedelta(seconds=2), 2, {"bene_A": "Acme", "bene_B": "Bank"})
    await export_journal(database, "b", tmp_path / "copy.journal")
    assert notes_in_file(tmp_path / "copy.journal") == both
