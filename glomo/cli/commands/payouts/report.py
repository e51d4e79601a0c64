"""`glomo payouts report`: the report to forward, from a journal."""

from __future__ import annotations

import asyncio

from glomo.batch import Report
from glomo.cli.options import JsonOutput
from glomo.cli.output.console import out, say
from glomo.cli.output.json_output import print_json
from glomo.cli.output.reports import report_as_json
from glomo.cli.payout_files import (
    JournalPath,
    PayoutFile,
    Rehearsal,
    SiblingPaths,
    require_journal,
)
from glomo.cli.report.files import gather, write_files


def report(
    file: PayoutFile,
    /,
    *,
    sandbox: Rehearsal = False,
    journal: JournalPath = None,
    json_output: JsonOutput = False,
) -> None:
    """Write the report of a file anew, from its journal. Sends nothing; needs no key.

    The page (.report.html) opens in any browser, without a network; the workbook (.results.xlsx)
    has a line for each row, with amounts on both sides, rate, fees and bank reference.
    """
    paths = SiblingPaths(file, rehearsal=sandbox)
    path = require_journal(paths, journal)
    results = asyncio.run(Report.from_journal(path))
    written = list(write_files(gather(results, paths, path), paths))
    csv = results.write_csv(paths.results)
    if json_output:
        files = {"results": csv, **dict(written)}
        print_json({**report_as_json(results), "files": files})
        return
    for kind, place in (("results", csv), *written):
        say(out(), f"{kind}: {place}")
