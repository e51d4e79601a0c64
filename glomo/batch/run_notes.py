"""What a report tells of a run beyond its rows, kept in the journal: who is paid, and how fast.

The journal has what was sent: ids. Which name a file gave for an id, and how long a run took, is
known to the run alone, and is wanted by every report that is written later.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Self

from attrs import field, frozen

from .errors import JournalError
from .journal_meta import read_texts, write_text

_KEY = "run notes"


@frozen
class RunNotes:
    """What is known of the runs of a batch.

    Attributes:
        started_at: when the last run began that settled a row; `None` if there was none.
        elapsed: how long it paid.
        settled: how many rows it settled.
        names: the names that files gave for beneficiaries, by id.
    """

    started_at: datetime | None = None
    elapsed: timedelta = timedelta()
    settled: int = 0
    names: Mapping[str, str] = field(factory=dict[str, str])

    def followed_by(self, run: RunNotes) -> RunNotes:
        """These notes after one more run; a run that found nothing to do changes no times."""
        last = run if run.settled else self
        names = {**self.names, **run.names}
        return RunNotes(last.started_at, last.elapsed, last.settled, names)

    def to_text(self) -> str:
        """As text for a journal."""
        return json.dumps(
            {
                "started_at": None if self.started_at is None else self.started_at.isoformat(),
                "seconds": self.elapsed.total_seconds(),
                "settled": self.settled,
                "names": dict(self.names),
            },
            ensure_ascii=False,
        )

    @classmethod
    def of_text(cls, text: str | None) -> Self:
        """From a journal's text; `None` if nothing is noted.

        Raises:
            JournalError: it is not what was written.
        """
        try:
            document: dict[str, Any] = json.loads(text or "{}")
            started_at = document.get("started_at")
            return cls(
                None if started_at is None else datetime.fromisoformat(started_at),
                timedelta(seconds=document.get("seconds", 0)),
                int(document.get("settled", 0)),
                {str(key): str(name) for key, name in document.get("names", {}).items()},
            )
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            raise JournalError(f"what is noted of the runs cannot be read: {error}") from error


def add_run(path: str | os.PathLike[str], run: RunNotes) -> None:
    """Note a run in a journal that exists.

    Raises:
        JournalError: the journal cannot be read or written.
    """
    write_run_notes(path, read_run_notes(path).followed_by(run))


def write_run_notes(path: str | os.PathLike[str], notes: RunNotes) -> None:
    """Put notes in the place of those that a journal has.

    Raises:
        JournalError: it cannot be written.
    """
    try:
        write_text(path, _KEY, notes.to_text())
    except sqlite3.Error as error:
        raise JournalError(f"the run cannot be noted in {path}: {error}") from error


def read_run_notes(path: str | os.PathLike[str]) -> RunNotes:
    """What a journal has noted of its runs; empty if there is no journal.

    Raises:
        JournalError: the journal is damaged.
    """
    try:
        texts = read_texts(path, _KEY)
    except sqlite3.Error as error:
        raise JournalError(f"what {path} notes of its runs cannot be read: {error}") from error
    return RunNotes.of_text(texts[0] if texts else None)
