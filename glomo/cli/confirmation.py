"""Asking before real money moves."""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from rich.console import Console

from glomo.batch import Plan, Report, RowStatus

from .failures import FAILED, INTERRUPTED, CommandError
from .output.console import amounts, count, say, say_parts
from .output.reports import totals_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_YES = ("y", "yes")
_ASK_AGAIN = "the same command asks again; --sandbox rehearses the file without real money"


def confirm(
    console: Console,
    plan: Plan,
    earlier: Report | None,
    *,
    base_url: str,
    environment: str | None,
    concerns: Iterable[str] = (),
) -> None:
    """Show what is about to be paid and ask.

    Args:
        console: where the question goes.
        plan: what the file asks for.
        earlier: what earlier runs of it came to.
        base_url: the API.
        environment: what the key says it is for.
        concerns: what should be read before saying yes.

    Raises:
        CommandError: the reply is no, or nobody is there to reply.
    """
    key = "a production key" if environment == "production" else "a key of unknown environment"
    say(console, f"This pays real money over {base_url} with {key}:", style="bold")
    say_parts(console, [count(len(plan), "row"), *totals_of(plan)], indent=2)
    if earlier is not None and earlier.accepted:
        paid = earlier.totals.get(RowStatus.ACCEPTED, {})
        rows = count(earlier.accepted, "row")
        say_parts(console, [f"paid by an earlier run of these: {rows}", *amounts(paid)], indent=2)
    for concern in concerns:
        say(console, f"  {concern}", style="yellow", indent=2)
    if not sys.stdin.isatty():
        raise CommandError(
            "nobody is there to confirm, so nothing was sent", hint="--yes pays without asking"
        )
    if not _asked(console, "Pay them? [y/N] "):
        raise CommandError("nothing was sent", FAILED, hint=_ASK_AGAIN)


def _asked(console: Console, question: str) -> bool:
    """Ask on the terminal; only what is typed after the question counts."""
    # The event loop turns Ctrl-C into a cancellation, which does not wake who waits for a key.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        _discard_typed_ahead()
        # Written and read by hand: line editing would redraw the line, and erase the question.
        console.file.write(question)
        console.file.flush()
        return sys.stdin.readline().strip().casefold() in _YES
    except KeyboardInterrupt:
        say(console, "")
        raise CommandError("nothing was sent", INTERRUPTED, hint=_ASK_AGAIN) from None
    finally:
        signal.signal(signal.SIGINT, before)


def _discard_typed_ahead() -> None:
    """Drop keys that were hit before the question was there: they cannot be a reply to it."""
    with suppress(OSError, ValueError):  # not a real terminal: nothing is waiting there
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - Windows only

            while msvcrt.kbhit():
                msvcrt.getwch()
            return
        import termios  # noqa: PLC0415 - not on Windows

        with suppress(termios.error):
            termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
