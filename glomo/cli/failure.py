"""How an error ends the command: one line on stderr and an exit status."""

from __future__ import annotations

import sqlite3

from glomo.batch import BatchError, JournalError, PlanError
from glomo.errors import ConfigurationError, GlomoError, ParameterError

from .console import err, say

OK, FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130
"""All went well; something did not; nothing was done because of a file, an argument or a setting;
stopped by Ctrl-C."""

_NOTHING_SENT = (
    ConfigurationError,
    ParameterError,
    PlanError,
    JournalError,
)
EXPECTED = (GlomoError, OSError, sqlite3.Error)
"""Errors that say enough in one line. Any other is a defect, and shows its traceback."""


class CommandError(GlomoError):
    """The command cannot do what it was asked, for a reason that the message says in full."""

    def __init__(self, message: str, status: int = REFUSED) -> None:
        super().__init__(message)
        self.status = status


def exit_status(error: BaseException) -> int:
    """The exit status that an error stands for."""
    if isinstance(error, CommandError):
        return error.status
    return REFUSED if isinstance(error, _NOTHING_SENT) else FAILED


def report(error: BaseException) -> None:
    """Say on one line what went wrong; an error of a batch may list rows below it."""
    said = str(error) or type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        said = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    if isinstance(error, BatchError):
        said = said.replace("retry_failed", "--retry-failed")
    else:
        said = " ".join(said.split())
    say(err(), f"glomo: {said}", style="red")
