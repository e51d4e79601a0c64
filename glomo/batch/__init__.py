"""Payout batches: every row is paid at most once, none is forgotten, and it can be proved.

batch = Batch.from_csv("november.csv", name="payroll-2026-11")
plan = batch.plan()                     # raises PlanError with every mistake, row by row
async with AsyncGlomo() as glomo:
    async for event in batch.run(glomo, journal="november.journal"):
        print(event)
assert batch.report().ok
"""

from glomo.idempotency import request_id_for

from .advice import advice_for
from .batch import Batch, identity_of
from .errors import (
    BatchError,
    ChangedRow,
    ChangedRowsError,
    HaltedError,
    JournalError,
    JournalLockedError,
    JournalMismatchError,
    PlanError,
)
from .journal import Entry, Identity, Journal, State
from .plan import Plan
from .problems import Problem
from .reconcile import Reconciliation
from .report import Report
from .results import Accepted, Event, NotSent, Rejected, RowResult, RowStatus, Unknown
from .rows import Row
from .runner import Progress, Stop
from .running import run_rows
from .sqlite_journal import SQLiteJournal

__all__ = [
    "Accepted",
    "Batch",
    "BatchError",
    "ChangedRow",
    "ChangedRowsError",
    "Entry",
    "Event",
    "HaltedError",
    "Identity",
    "Journal",
    "JournalError",
    "JournalLockedError",
    "JournalMismatchError",
    "NotSent",
    "Plan",
    "PlanError",
    "Problem",
    "Progress",
    "Reconciliation",
    "Rejected",
    "Report",
    "Row",
    "RowResult",
    "RowStatus",
    "SQLiteJournal",
    "State",
    "Stop",
    "Unknown",
    "advice_for",
    "identity_of",
    "request_id_for",
    "run_rows",
]
