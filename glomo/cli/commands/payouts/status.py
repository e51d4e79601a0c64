"""`glomo payouts status`: how far the payment of a file is, from its journal."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from glomo.batch import Report
from glomo.batch.standing import Standings
from glomo.cli.failures import FAILED, OK
from glomo.cli.options import JsonOutput
from glomo.cli.output.console import out, say, say_parts
from glomo.cli.output.json_output import print_json
from glomo.cli.output.reports import (
    report_as_json,
    show_open_rows,
    show_standings,
    standings_as_json,
)
from glomo.cli.payout_files import (
    JournalPath,
    Name,
    PayoutFile,
    Rehearsal,
    SiblingPaths,
    last_written,
    require_journal,
)
from glomo.cli.postgres import Postgres, opened


def status(
    file: PayoutFile,
    /,
    *,
    sandbox: Rehearsal = False,
    journal: JournalPath = None,
    postgres: Postgres = None,
    name: Name = None,
    json_output: JsonOutput = False,
) -> int:
    """How far the payment of a file is, from its journal. Sends nothing; needs no key.

    Settled are payouts whose money has arrived, in progress those that the API has accepted.

    The exit status is 0 only if every row was accepted.
    """
    paths = SiblingPaths(file, rehearsal=sandbox)
    if postgres is not None:
        report, as_of = asyncio.run(_in_database(postgres, name or file.stem)), datetime.now(UTC)
        where = "in PostgreSQL"
    else:
        path = require_journal(paths, journal)
        report, as_of = asyncio.run(Report.from_journal(path)), last_written(path)
        where = str(path)
    standings = Standings.of_results(report.results)
    if json_output:
        print_json({**report_as_json(report), "standing": standings_as_json(standings, as_of)})
        return OK if report.ok else FAILED
    say_parts(out(), [report.name, f"environment: {report.environment}", where])
    show_standings(out(), standings, as_of)
    show_open_rows(out(), report)
    if standings.moving:
        say(out(), f"glomo payouts track {file} follows what is in progress")
    return OK if report.ok else FAILED


async def _in_database(dsn: str, batch: str) -> Report:
    async with opened(dsn) as database:
        from glomo.distributed import batch_report  # noqa: PLC0415 - an extra

        return await batch_report(database, batch)
