"""`glomo payouts report`: the report to forward, from a journal."""

from __future__ import annotations

import asyncio
from pathlib import Path

from glomo.batch import Report
from glomo.cli.journal_source import journal_source, write_report_files
from glomo.cli.options import JsonOutput
from glomo.cli.output.console import out, say
from glomo.cli.output.json_output import print_json
from glomo.cli.output.reports import report_as_json
from glomo.cli.payout_files import JournalPath, Name, PayoutFile, Rehearsal, SiblingPaths
from glomo.cli.postgres import PostgresToRead


def report(
    file: PayoutFile,
    /,
    *,
    sandbox: Rehearsal = False,
    journal: JournalPath = None,
    postgres: PostgresToRead = None,
    name: Name = None,
    json_output: JsonOutput = False,
) -> None:
    """Write the report of a file anew, from its journal. Sends nothing; needs no key.

    The page (.report.html) opens in any browser, without a network; the workbook (.results.xlsx)
    has a line for each row, with amounts on both sides, rate, fees and bank reference.
    """
    paths = SiblingPaths(file, rehearsal=sandbox)

    async def write() -> tuple[Report, list[tuple[str, Path]]]:
        source = journal_source(paths, journal=journal, postgres=postgres, name=name)
        async with source as opened:
            results = await opened.report()
            return results, await write_report_files(opened, results, paths)

    results, written = asyncio.run(write())
    if json_output:
        print_json({**report_as_json(results), "files": dict(written)})
        return
    for kind, place in written:
        say(out(), f"{kind}: {place}")
