"""Following payouts on the command line: after a run with --wait, or by a command of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, datetime

import anyio

from glomo.batch import Reconciliation, Stop, identity_of
from glomo.batch.standing import Standing, Standings
from glomo.batch.tracking import track
from glomo.client import AsyncGlomo

from .failures import FAILED, INTERRUPTED, OK
from .interrupt import forget_cancellation, interruptible
from .journal_source import JournalSource, write_report_files
from .output.console import err, out, say, say_parts
from .output.json_output import print_json_line
from .output.reports import show_open_rows, show_standings, standings_as_json
from .payout_files import SiblingPaths
from .report.files import MOST_ROWS


async def follow(
    glomo: AsyncGlomo,
    paths: SiblingPaths,
    source: JournalSource,
    *,
    target: str | None = None,
    timeout: float | None = None,
    just_read: bool = False,
    reconciled: Callable[[Reconciliation], None] | None = None,
    json_output: bool = False,
) -> int:
    """Follow the payouts of a journal, show how they stand, and write the results anew.

    Args:
        glomo: the client.
        paths: the payout file and its siblings.
        source: where the journal is.
        target: what the journal belongs to, if that is not the client's address.
        timeout: seconds to follow them at most.
        just_read: whether a run has just ended, and has seen how the payouts stand.
        reconciled: is told how they compare with what was asked, once they have been read.
        json_output: events for programs, in place of text.

    Returns:
        The exit status.
    """
    interrupted = await _show_changes(
        glomo,
        source,
        target=target,
        timeout=timeout,
        just_read=just_read,
        reconciled=reconciled,
        json_output=json_output,
    )
    report = await source.report()
    standings = Standings.of_results(report.results)
    if not json_output:
        show_standings(out(), standings, datetime.now(UTC))
        show_open_rows(out(), report)
    files = await write_report_files(source, report, paths, most_rows=MOST_ROWS)
    for kind, path in files:
        if json_output:
            print_json_line({"event": "file", "kind": kind, "path": path})
        else:
            say(out(), f"{kind}: {path}")
    if standings.settled:
        return OK
    if standings.moving:
        say(err(), "some payouts are still in progress: the same command goes on following them")
    return INTERRUPTED if interrupted else FAILED


async def _show_changes(
    glomo: AsyncGlomo,
    source: JournalSource,
    *,
    target: str | None,
    timeout: float | None,
    just_read: bool,
    reconciled: Callable[[Reconciliation], None] | None,
    json_output: bool,
) -> bool:
    """Follow the payouts; returns whether Ctrl-C has ended it."""
    batch = (await source.report()).name
    identity = identity_of(glomo, batch, target)
    stop, scope, loop = Stop(), anyio.CancelScope(), asyncio.get_running_loop()
    last: Standings | None = None

    def end() -> None:
        stop.set()
        loop.call_soon_threadsafe(scope.cancel)

    try:
        with interruptible(end, lambda _: None), scope:
            looks = track(
                *(glomo, source.journal, identity),
                timeout=timeout,
                just_read=just_read,
                reconciled=reconciled,
                stop=stop,
            )
            async with aclosing(looks):
                async for standings in looks:
                    if standings != last:
                        _show(standings, json_output=json_output)
                    last = standings
    except asyncio.CancelledError:
        forget_cancellation()  # a second Ctrl-C
    return bool(stop)


def _show(standings: Standings, *, json_output: bool) -> None:
    now = datetime.now(UTC)
    if json_output:
        print_json_line({"event": "standing", **standings_as_json(standings, now)})
        return
    counts = [f"{standings.rows[one]:,} {one.value}" for one in Standing if standings.rows[one]]
    say_parts(err(), [f"{now:%H:%M:%S}", *counts])
