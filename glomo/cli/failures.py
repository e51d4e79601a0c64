"""How an error ends the command: what went wrong, what to do about it, and an exit status."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from glomo.errors import ConfigurationError, GlomoError, ParameterError

from .output.console import err, say

if TYPE_CHECKING:
    from cyclopts import CycloptsError

OK, FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130
"""All went well; something did not; nothing was done because of a file, an argument or a setting;
stopped by Ctrl-C."""

EXPECTED = (GlomoError, OSError, sqlite3.Error)
"""Errors that say enough in one line. Any other is a defect, and shows its traceback."""


class CommandError(GlomoError):
    """The command cannot do what it was asked, for a reason that the message says in full."""

    def __init__(self, message: str, status: int = REFUSED, *, hint: str) -> None:
        super().__init__(message)
        self.status = status
        self.hint = hint


class UsageError(CommandError):
    """The arguments do not fit the command."""


def exit_status(error: BaseException) -> int:
    """The exit status that an error stands for."""
    from glomo.batch.approval import ApprovalError  # noqa: PLC0415 - only for a failure
    from glomo.batch.errors import JournalError, PlanError  # noqa: PLC0415

    if isinstance(error, CommandError):
        return error.status
    nothing_sent = (
        ConfigurationError,
        ParameterError,
        PlanError,
        JournalError,
        ApprovalError,
    )
    return REFUSED if isinstance(error, nothing_sent) else FAILED


def report_failure(error: BaseException, *, json_output: bool = False) -> None:
    """Print what went wrong, and below it what to do; an error of a batch may list rows.

    Args:
        error: what ended the command, or a part of it.
        json_output: one line of JSON on stdout, for programs, in place of text on stderr.
    """
    from glomo.batch.errors import PlanError  # noqa: PLC0415 - only for a failure

    from .hints import hint_for  # noqa: PLC0415 - only for a failure

    if json_output:
        from .output.failure_json import print_failure  # noqa: PLC0415 - only for a failure

        print_failure(error, _message(error), hint_for(error))
        return
    if isinstance(error, PlanError):
        from .output.problems import show_problems  # noqa: PLC0415 - only for a failure

        show_problems(err(), error)
        say(err(), f"hint: {hint_for(error)}")
        return
    say(err(), f"glomo: {_message(error)}", style="red")
    say(err(), f"hint: {hint_for(error)}")


def report_unreconciled(error: GlomoError, *, json_output: bool) -> None:
    """Print why the payouts could not be read again after a run: what was paid is known anyway."""
    text = f"could not reconcile with the API: {_message(error)}"
    hint = "the payouts are in the results; the same command compares them again"
    if json_output:
        from .output.failure_json import print_failure  # noqa: PLC0415 - only for a failure

        print_failure(error, text, hint)
        return
    say(err(), text, style="red")
    say(err(), f"hint: {hint}")


def _message(error: BaseException) -> str:
    """What went wrong, with the host that was called in errors of the network."""
    from glomo.batch.errors import BatchError, PlanError  # noqa: PLC0415 - only for a failure

    message = str(error) or type(error).__name__
    if isinstance(error, PlanError):
        message = message.partition("\n")[0]  # the problems have a field of their own
    if isinstance(error, OSError) and error.strerror:
        message = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    if isinstance(error, BatchError):
        message = message.replace("retry_failed", "--retry-failed")
    else:
        message = " ".join(message.split())
    notes = "; ".join(getattr(error, "__notes__", ()))
    return f"{message} ({notes})" if notes else message


def usage_error(error: CycloptsError, *, json_output: bool = False) -> None:
    """Print what is wrong with the arguments, and where the help is."""
    words = " ".join(("glomo", *(error.command_chain or ())))
    usage = UsageError(" ".join(str(error).split()), hint=f"{words} --help shows what it takes")
    report_failure(usage, json_output=json_output)
