"""The approvals of a batch, kept in its journal beside the rows that they are for."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

from .approval import Approval
from .errors import JournalError
from .journal import Identity
from .journal_meta import read_texts, write_text
from .sqlite_journal import SQLiteJournal

_KEY = "approval "


async def record_approval(path: Path, identity: Identity, approval: Approval) -> None:
    """Write an approval into a journal, durably, creating the journal if need be.

    Args:
        path: the journal's file.
        identity: whose it is.
        approval: what is recorded; once, however often it is given.

    Raises:
        JournalError: the journal cannot be used, or is for another run.
    """
    journal = SQLiteJournal(path)
    await journal.open(identity)
    try:
        write_approval(path, approval)
    finally:
        await journal.close()


def write_approval(path: Path, approval: Approval) -> None:
    """Write an approval into a journal that exists and that the caller has open.

    Raises:
        JournalError: it cannot be written.
    """
    key = f"{_KEY}{approval.approved_at.isoformat()} {approval.digest} {approval.approved_by}"
    text = json.dumps(approval.to_json(), ensure_ascii=False)
    try:
        write_text(path, key, text)
    except sqlite3.Error as error:
        raise JournalError(f"the approval cannot be written to {path}: {error}") from error


def recorded_approvals(path: str | os.PathLike[str]) -> tuple[Approval, ...]:
    """The approvals in a journal, the oldest first; none if there is no journal.

    Raises:
        JournalError: the journal is damaged.
    """
    try:
        texts = read_texts(path, f"{_KEY}%")
        return tuple(Approval.from_json(json.loads(text)) for text in texts)
    except (sqlite3.Error, ValueError) as error:
        raise JournalError(f"the approvals in {path} cannot be read: {error}") from error
