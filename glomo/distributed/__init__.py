"""Payout batches beyond one machine: slices, leases and one rate limit, over PostgreSQL.

    pip install 'glomo[distributed]'

The journal is the truth, and every write of it is fenced: a worker that was silent for too long
can neither write nor send. Queues and engines only deliver slices; Procrastinate is built in
(`glomo.distributed.procrastinate`, `glomo worker`), any other needs three functions:

    slices = await plan(database, batch.plan(), identity_of(glomo, batch.name))
    await pay_slice(glomo, database, batch.name, n)      # for each, on any machine
    await due(database)                                  # every few seconds: what to hand out again
"""

try:
    import psycopg as _psycopg  # noqa: F401  # pyright: ignore[reportUnusedImport]
    import psycopg_pool as _psycopg_pool  # noqa: F401  # pyright: ignore[reportUnusedImport]
except ImportError as missing:
    raise ImportError(
        f"glomo.distributed needs the package {missing.name!r}: pip install 'glomo[distributed]'",
        name=missing.name,
    ) from missing

from .approvals import record_approval, recorded_approvals
from .database import Database
from .errors import DatabaseError, FencedError, SliceTakenError
from .journal import PostgresJournal
from .lease import Lease
from .limiter import PostgresLimiter
from .moving import export_journal, move_journal
from .reading import BatchProgress, batch_progress, batch_report
from .slices import Slice, SliceOutcome, due, pay_slice, plan, stop

__all__ = [
    "BatchProgress",
    "Database",
    "DatabaseError",
    "FencedError",
    "Lease",
    "PostgresJournal",
    "PostgresLimiter",
    "Slice",
    "SliceOutcome",
    "SliceTakenError",
    "batch_progress",
    "batch_report",
    "due",
    "export_journal",
    "move_journal",
    "pay_slice",
    "plan",
    "record_approval",
    "recorded_approvals",
    "stop",
]
