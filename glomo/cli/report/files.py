"""The report's files, written beside a payout file."""

from __future__ import annotations

import getpass
import platform
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path

from glomo.batch import Report
from glomo.batch.approval_log import recorded_approvals
from glomo.batch.run_notes import read_run_notes
from glomo.cli.payout_files import SiblingPaths
from glomo.cli.rehearsal import TARGET

from .document import ReportDocument, RunFacts, document_of

MOST_ROWS = 10_000
"""With more rows a run writes its results as CSV alone: the other files take a while, and are
written when they are asked for."""


def this_account() -> str:
    """The user and the machine that this runs on."""
    return f"{getpass.getuser()}@{platform.node()}"


def gather(report: Report, paths: SiblingPaths, journal: Path) -> ReportDocument:
    """What the files say.

    Args:
        report: what has become of the rows.
        paths: the payout file and its siblings.
        journal: the journal's file.
    """
    notes = read_run_notes(journal)
    identity = report.identity
    address = "" if identity is None else identity.address
    facts = RunFacts(
        file=paths.file.name,
        environment=report.environment,
        address=address,
        rehearsal=address == TARGET,
        run_by=this_account(),
        written_at=datetime.now(UTC),
        started_at=notes.started_at,
        elapsed=None if notes.started_at is None else notes.elapsed,
        settled=notes.settled,
        approvals=recorded_approvals(journal),
    )
    return document_of(report, journal, facts, notes.names)


def write_files(document: ReportDocument, paths: SiblingPaths) -> Generator[tuple[str, Path]]:
    """Write page and workbook; yields what each is and where."""
    from .page import write_page  # noqa: PLC0415 - a template engine
    from .workbook import write_workbook  # noqa: PLC0415 - a workbook engine

    yield "report", write_page(document, paths.report)
    yield "workbook", write_workbook(document, paths.workbook)
