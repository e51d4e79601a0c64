"""`glomo payouts status`: how far the payment of a file is, from its journal."""

from __future__ import annotations

import asyncio

from glomo.batch import Report
from glomo.cli.failures import FAILED, OK
from glomo.cli.options import JsonOutput
from glomo.cli.output.console import out, say_parts
from glomo.cli.output.json_output import print_json
from glomo.cli.output.reports import report_as_json, show_report
from glomo.cli.payout_files import (
    JournalPath,
    PayoutFile,
    Rehearsal,
    SiblingPaths,
    require_journal,
)


def status(
    file: PayoutFile,
    /,
    *,
    sandbox: Rehearsal = False,
    journal: JournalPath = None,
    json_output: JsonOutput = False,
) -> int:
    """How far the payment of a file is, from its journal. Sends nothing; needs no key.

    The exit status is 0 only if every row was accepted.
    """
    paths = SiblingPaths(file, rehearsal=sandbox)
    path = require_journal(paths, journal)
    report = asyncio.run(Report.from_journal(path))
    if json_output:
        print_json(report_as_json(report))
    else:
        say_parts(out(), [report.name, f"environment: {report.environment}", str(path)])
        show_report(out(), report)
    return OK if report.ok else FAILED
