"""What reports tell of the runs is in the journal, and adds up over the runs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from glomo.batch.errors import JournalError
from glomo.batch.journal import Identity
from glomo.batch.run_notes import RunNotes, add_run, read_run_notes
from glomo.batch.sqlite_journal import SQLiteJournal

BEGAN = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
async def journal(tmp_path: Path) -> Path:
    path = tmp_path / "november.journal"
    book = SQLiteJournal(path)
    await book.open(Identity("november", "https://api.example/api", "sandbox", "mer_1"))
    await book.close()
    return path


async def test_names_gather_and_an_idle_run_keeps_the_times(journal: Path) -> None:
    assert read_run_notes(journal) == RunNotes()
    add_run(journal, RunNotes(BEGAN, timedelta(seconds=2.5), 40, {"bene_A": "Acme"}))
    later = BEGAN + timedelta(days=1)
    add_run(journal, RunNotes(later, timedelta(seconds=1), 0, {"bene_B": "Zürich AG"}))
    names = {"bene_A": "Acme", "bene_B": "Zürich AG"}
    assert read_run_notes(journal) == RunNotes(BEGAN, timedelta(seconds=2.5), 40, names)
    add_run(journal, RunNotes(later, timedelta(seconds=1), 3, {"bene_A": "Acme Ltd"}))
    assert read_run_notes(journal) == RunNotes(
        later, timedelta(seconds=1), 3, {**names, "bene_A": "Acme Ltd"}
    )
    book = SQLiteJournal(journal)
    assert await book.open(Identity("november", "https://api.example/api", "sandbox", "mer_1"))
    await book.close()


@pytest.mark.parametrize("text", ["{", "[]", '{"started_at": 1}', '{"seconds": "x"}'])
async def test_damaged_notes_are_an_error_of_the_journal(journal: Path, text: str) -> None:
    with closing(sqlite3.connect(journal)) as connection, connection:
        connection.execute("INSERT INTO meta VALUES ('run notes', ?)", (text,))
    with pytest.raises(JournalError, match="noted of the runs"):
        read_run_notes(journal)


def test_without_a_journal_nothing_is_noted(tmp_path: Path) -> None:
    assert read_run_notes(tmp_path / "none.journal") == RunNotes()
    assert not (tmp_path / "none.journal").exists()
