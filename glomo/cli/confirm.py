"""Asking before real money moves."""

from __future__ import annotations

import signal
import sys

import typer
from rich.console import Console

from glomo.batch import Plan, Report, RowStatus

from .console import amounts, count, err, say
from .failure import FAILED, INTERRUPTED, CommandError
from .showing import totals_of


def confirm(
    console: Console, plan: Plan, earlier: Report | None, *, base_url: str, environment: str | None
) -> None:
    """Show what is about to be paid and ask.

    Args:
        console: where the question goes.
        plan: what the file asks for.
        earlier: what earlier runs of it came to.
        base_url: the API.
        environment: what the key says it is for.

    Raises:
        CommandError: the answer is no, or nobody is there to answer.
    """
    key = "a production key" if environment == "production" else "a key of unknown environment"
    say(console, f"This pays real money over {base_url} with {key}:")
    say(console, f"  {count(len(plan), 'row')}   {totals_of(plan)}")
    if earlier is not None and earlier.accepted:
        paid = earlier.totals.get(RowStatus.ACCEPTED, {})
        rows = count(earlier.accepted, "row")
        say(console, f"  paid by an earlier run of these: {rows}   {amounts(paid)}")
    if not sys.stdin.isatty():
        raise CommandError(
            "nobody is there to confirm, so nothing was sent: --yes pays without asking"
        )
    if not _yes("Pay them?"):
        raise CommandError("nothing was sent", FAILED)


def _yes(question: str) -> bool:
    # The event loop turns Ctrl-C into a cancellation, which does not wake who waits for a key.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return typer.confirm(question, default=False, err=True)
    except typer.Abort:
        say(err(), "")
        raise CommandError("nothing was sent", INTERRUPTED) from None
    finally:
        signal.signal(signal.SIGINT, before)
