"""Writing a plan into the database: in one transaction, compared there, in constant memory."""

from __future__ import annotations

import json
from typing import Any

from glomo.batch.errors import ChangedRow, ChangedRowsError
from glomo.batch.journal import Identity, RowStatus
from glomo.batch.plan import Plan
from glomo.batch.rows import canonical, changes, digest_of, in_money, request_id_of
from glomo.batch.runner import FINAL_CODES

from .database import Connection
from .errors import SliceTakenError
from .tables import create_or_check

SLICE_SIZE = 1000
_MOST_CHANGES = 1000

_RETRIED = "(%(retry)s AND r.status = 'rejected' AND coalesce(r.error_code, '') <> ALL(%(final)s))"
_CHANGED = f"""
    SELECT f.number, r.reference, r.status, r.payload, f.payload
    FROM glomo_row r JOIN glomo_file f USING (reference)
    WHERE r.batch = %(batch)s AND r.status <> 'not_sent' AND NOT {_RETRIED}
    AND r.digest <> f.digest ORDER BY f.number LIMIT %(most)s
"""  # noqa: S608
_HAS_CHANGES = f"""
    SELECT EXISTS (
        SELECT FROM (SELECT * FROM glomo_row WHERE batch = %(batch)s) r
        FULL JOIN glomo_file f USING (reference)
        WHERE r.reference IS NULL OR r.listed <> (f.reference IS NOT NULL)
            OR r.number <> f.number OR {_RETRIED}
            OR (r.status = 'not_sent' AND r.digest <> f.digest)
    )
"""  # noqa: S608
_STEPS = (
    # Rows that are new, in slices of their own behind those that there are.
    """
    INSERT INTO glomo_slice (batch, slice)
    SELECT DISTINCT %(batch)s, %(first)s + ((place - 1) / %(size)s)::int FROM (
        SELECT row_number() OVER (ORDER BY f.number) AS place FROM glomo_file f
        LEFT JOIN glomo_row r ON r.batch = %(batch)s AND r.reference = f.reference
        WHERE r.reference IS NULL
    ) AS fresh
    """,
    """
    INSERT INTO glomo_row (batch, slice, reference, number, generation, request_id, payload,
        digest, amount, currency, status, earlier_attempt_unknown)
    SELECT %(batch)s, %(first)s + ((row_number() OVER (ORDER BY f.number) - 1) / %(size)s)::int,
        f.reference, f.number, 1, f.request_id, f.payload, f.digest, f.amount, f.currency,
        'not_sent', false
    FROM glomo_file f LEFT JOIN glomo_row r ON r.batch = %(batch)s AND r.reference = f.reference
    WHERE r.reference IS NULL
    """,
    # Rows that were never sent are as the file has them now.
    """
    UPDATE glomo_row r SET payload = f.payload, digest = f.digest, amount = f.amount,
        currency = f.currency
    FROM glomo_file f WHERE r.batch = %(batch)s AND r.reference = f.reference
    AND r.status = 'not_sent' AND r.digest <> f.digest
    """,
    """
    UPDATE glomo_row r SET number = f.number FROM glomo_file f
    WHERE r.batch = %(batch)s AND r.reference = f.reference AND r.number <> f.number
    """,
    # Rejected rows that are tried again may have been corrected.
    f"""
    UPDATE glomo_row r SET listed_payload = f.payload FROM glomo_file f
    WHERE r.batch = %(batch)s AND r.reference = f.reference AND {_RETRIED}
    AND r.digest <> f.digest
    """,  # noqa: S608
    # Rows that the file has no more are not sent any more.
    """
    UPDATE glomo_row r SET listed = EXISTS (
        SELECT FROM glomo_file f WHERE f.reference = r.reference
    ) WHERE r.batch = %(batch)s AND r.listed <> EXISTS (
        SELECT FROM glomo_file f WHERE f.reference = r.reference
    )
    """,
    f"""
    UPDATE glomo_slice s SET retry_failed = true WHERE s.batch = %(batch)s AND EXISTS (
        SELECT FROM glomo_row r WHERE r.batch = s.batch AND r.slice = s.slice AND r.listed
        AND {_RETRIED}
    )
    """,  # noqa: S608
)
# Of a slice `s`: whether a row of it is yet to be sent, or to be looked up.
HAS_WORK = """EXISTS (
    SELECT FROM glomo_row r WHERE r.batch = s.batch AND r.slice = s.slice
    AND ((r.listed AND r.status = 'not_sent') OR r.status = 'unknown' OR r.earlier_attempt_unknown)
)"""
# Whoever plans wants it paid now: what was given up is due at once.
_REOPEN = f"""
    UPDATE glomo_slice s SET done_at = NULL, failures = 0, due_at = NULL, problem = NULL
    WHERE s.batch = %(batch)s AND (s.retry_failed OR {HAS_WORK})
"""  # noqa: S608
_WITH_WORK = "SELECT slice FROM glomo_slice WHERE batch = %s AND done_at IS NULL ORDER BY slice"


async def write_plan(
    connection: Connection, plan: Plan, identity: Identity, *, slice_size: int, retry_failed: bool
) -> list[int]:
    """Bring a batch in the database up to date with a plan. See `slices.plan`."""
    await create_or_check(connection, identity)
    batch = identity.batch
    await connection.execute("SELECT FROM glomo_batch WHERE batch = %s FOR UPDATE", (batch,))
    await copy_plan(connection, plan)
    cursor = await connection.execute(
        "SELECT coalesce(max(slice) + 1, 0) FROM glomo_slice WHERE batch = %s", (batch,)
    )
    first = await cursor.fetchone()
    values: dict[str, Any] = {
        "batch": batch,
        "retry": retry_failed,
        "final": list(FINAL_CODES),
        "size": slice_size,
        "first": first[0] if first else 0,
        "most": _MOST_CHANGES,
    }
    cursor = await connection.execute(_CHANGED.encode(), values)
    changed = [_change(*row) for row in await cursor.fetchall()]
    if changed:
        raise ChangedRowsError(changed)
    cursor = await connection.execute(_HAS_CHANGES.encode(), values)
    has_changes = await cursor.fetchone()
    if has_changes and has_changes[0]:
        await _refuse_held(connection, batch)
        for step in _STEPS:
            await connection.execute(step.encode(), values)
    await connection.execute(
        "UPDATE glomo_batch SET stopped = false WHERE batch = %s AND stopped", (batch,)
    )
    await connection.execute(_REOPEN.encode(), values)
    cursor = await connection.execute(_WITH_WORK, (batch,))
    return [int(row[0]) for row in await cursor.fetchall()]


async def copy_plan(connection: Connection, plan: Plan) -> None:
    """The file's rows as a table that lasts as long as the transaction."""
    await connection.execute(
        "CREATE TEMPORARY TABLE glomo_file (reference text PRIMARY KEY, number integer, "
        "request_id text, payload text, digest text, amount bigint, currency text) ON COMMIT DROP"
    )
    async with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY glomo_file (reference, number, request_id, payload, digest, amount, currency) "
            "FROM STDIN"
        ) as copy,
    ):
        for row in plan.rows:
            payload = canonical(row.payload)
            amount = row.amount
            await copy.write_row(
                (
                    row.reference,
                    row.number,
                    request_id_of(plan.name, row.reference, 1),
                    payload,
                    digest_of(payload),
                    amount.minor,
                    amount.currency,
                )
            )
    await connection.execute("ANALYZE glomo_file")


async def _refuse_held(connection: Connection, batch: str) -> None:
    cursor = await connection.execute(
        "SELECT slice, holder FROM glomo_slice WHERE batch = %s "
        "AND lease_until > clock_timestamp() ORDER BY slice FOR UPDATE",
        (batch,),
    )
    held_slices = await cursor.fetchall()
    if held_slices:
        number, holder = held_slices[0]
        raise SliceTakenError(
            f"the file has changed while workers are paying it (slice {number} is with {holder}): "
            "wait until they are done, or stop the batch first"
        )


def _change(number: int, reference: str, status: str, recorded: str, planned: str) -> ChangedRow:
    before, after = in_money(json.loads(recorded)), in_money(json.loads(planned))
    return ChangedRow(number, reference, RowStatus(status).value, changes(before, after))
