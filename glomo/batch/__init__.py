"""Payout batches: every row is paid at most once, none is forgotten, and it can be proved.

batch = Batch.from_csv("november.csv", name="payroll-2026-11")
plan = batch.plan()                     # raises PlanError with every mistake, row by row
async with AsyncGlomo() as glomo:
    async for result in batch.run(glomo, journal="november.journal"):
        print(result)
assert batch.report().ok
"""

from glomo.idempotency import request_id_for

from .advice import advice_for
from .batch import Batch, identity_of
from .control import Progress, Stop
from .errors import (
    BatchError,
    ChangedRow,
    ChangedRowsError,
    HaltedError,
    JournalAbsentError,
    JournalError,
    JournalLockedError,
    JournalMismatchError,
    PayoutClaimedError,
    PlanError,
)
from .journal import Entry, EntryState, Identity, Journal, RowStatus
from .payees import AccountPayees, Payees, read_payees
from .plan import Plan
from .problems import Problem
from .reconcile import Reconciliation
from .report import Report
from .results import RowResult
from .rows import Row
from .sqlite_file import journal_exists
from .sqlite_journal import SQLiteJournal
from .stream import run_rows

__all__ = [
    "AccountPayees",
    "Batch",
    "BatchError",
    "ChangedRow",
    "ChangedRowsError",
    "Entry",
    "EntryState",
    "HaltedError",
    "Identity",
    "Journal",
    "JournalAbsentError",
    "JournalError",
    "JournalLockedError",
    "JournalMismatchError",
    "Payees",
    "PayoutClaimedError",
    "Plan",
    "PlanError",
    "Problem",
    "Progress",
    "Reconciliation",
    "Report",
    "Row",
    "RowResult",
    "RowStatus",
    "SQLiteJournal",
    "Stop",
    "advice_for",
    "identity_of",
    "journal_exists",
    "read_payees",
    "request_id_for",
    "run_rows",
]
