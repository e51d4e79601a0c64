"""`glomo payouts status`: how far the payment of a file is, from its journal."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from glomo.batch import Report
from glomo.batch.standing import Standings
from glomo.cli.failures import FAILED, OK
from glomo.cli.journal_source import journal_source
from glomo.cli.options import JsonOutput
from glomo.cli.output.console import out, say, say_parts
from glomo.cli.output.json_output import print_json
from glomo.cli.output.reports import (
    report_as_json,
    show_open_rows,
    show_standings,
    standings_as_json,
)
from glomo.cli.output.workers import show_workers, workers_as_json
from glomo.cli.payout_files import (
    JournalPath,
    Name,
    PayoutFile,
    Rehearsal,
    SiblingPaths,
)
from glomo.cli.postgres import PostgresToRead

if TYPE_CHECKING:
    from glomo.distributed import BatchProgress


def status(
    file: PayoutFile,
    /,
    *,
    sandbox: Rehearsal = False,
    journal: JournalPath = None,
    postgres: PostgresToRead = None,
    name: Name = None,
    json_output: JsonOutput = False,
) -> int:
    """How far the payment of a file is, from its journal. Sends nothing; needs no key.

    Settled are payouts whose money has arrived, in progress those that the API has accepted.

    The exit status is 0 only if every row was accepted.
    """
    paths = SiblingPaths(file, rehearsal=sandbox)

    async def read() -> tuple[Report, datetime, str, BatchProgress | None]:
        source = journal_source(paths, journal=journal, postgres=postgres, name=name)
        async with source as opened:
            report, progress = await opened.report(), await opened.progress()
            return report, opened.as_of(), opened.place, progress

    report, as_of, where, progress = asyncio.run(read())
    standings = Standings.of_results(report.results)
    if json_output:
        workers = {} if progress is None else {"workers": workers_as_json(progress)}
        standing = standings_as_json(standings, as_of)
        print_json({**report_as_json(report), "standing": standing, **workers})
        return OK if report.ok else FAILED
    say_parts(out(), [report.name, f"environment: {report.environment}", where])
    show_standings(out(), standings, as_of)
    if progress is not None:
        show_workers(out(), progress)
    show_open_rows(out(), report)
    if standings.moving:
        say(out(), f"glomo payouts track {file} follows what is in progress")
    return OK if report.ok else FAILED
