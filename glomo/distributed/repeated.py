"""Rows that another batch of the same database has paid, found where they lie."""

from __future__ import annotations

from glomo.batch.earlier_payments import RepeatedRows
from glomo.batch.journal import Identity
from glomo.batch.plan import Plan

from .database import Connection, Database
from .planning import copy_plan
from .tables import OF_ACCOUNT, account_values

_HAS_OTHERS = f"""
    SELECT EXISTS (SELECT FROM glomo_batch WHERE batch <> %(batch)s AND {OF_ACCOUNT})
"""  # noqa: S608
_REPEATED = f"""
    SELECT r.batch, f.reference
    FROM glomo_file f JOIN glomo_row r USING (reference, amount, currency)
    JOIN glomo_batch b ON b.batch = r.batch
    WHERE r.batch <> %(batch)s AND {OF_ACCOUNT}
    AND (r.status IN ('accepted', 'unknown') OR r.earlier_attempt_unknown)
    AND r.payload::json ->> 'beneficiary_id' = f.payload::json ->> 'beneficiary_id'
    AND NOT EXISTS (
        SELECT FROM glomo_row own WHERE own.batch = %(batch)s AND own.reference = f.reference
        AND own.status <> 'not_sent'
    )
    ORDER BY r.batch, f.number
"""  # noqa: S608


async def repeated_rows(
    database: Database, plan: Plan, identity: Identity
) -> tuple[RepeatedRows, ...]:
    """Rows of which another batch of this account has paid the same reference, payee and amount.

    Rows that were sent for the batch itself are left out: those are never paid again.

    Args:
        database: open.
        plan: the plan.
        identity: of its batch.
    """
    values = {"batch": identity.batch, **account_values(identity)}

    async def read(connection: Connection) -> list[tuple[str, str]]:
        cursor = await connection.execute(_HAS_OTHERS.encode(), values)
        row = await cursor.fetchone()
        if row is None or not row[0]:
            return []
        await copy_plan(connection, plan)
        cursor = await connection.execute(_REPEATED.encode(), values)
        return [(str(batch), str(reference)) for batch, reference in await cursor.fetchall()]

    references: dict[str, set[str]] = {}
    for batch, reference in await database.run(read):
        references.setdefault(batch, set()).add(reference)
    return tuple(
        RepeatedRows(batch, None, tuple(row for row in plan if row.reference in repeated))
        for batch, repeated in references.items()
    )
