"""The approvals of a batch, kept in the database beside the rows that they are for."""

from __future__ import annotations

import json

from glomo.batch.approval import Approval
from glomo.batch.errors import JournalError
from glomo.batch.journal import Identity

from .database import Connection, Database
from .tables import create_or_check


async def record_approval(database: Database, identity: Identity, approval: Approval) -> None:
    """Write down who has approved a batch, before anything of it is paid.

    That the approval is for exactly the plan that is paid is the caller's to check:
    `Approval.refuse_other_plan`.

    Args:
        database: open.
        identity: whose batch it is; it is created if need be.
        approval: what is recorded; once, however often it is given.

    Raises:
        JournalMismatchError: the batch belongs to another account or environment.
    """

    async def write(connection: Connection) -> None:
        await create_or_check(connection, identity)
        await insert_approval(connection, identity.batch, approval)

    await database.run(write)


async def insert_approval(connection: Connection, batch: str, approval: Approval) -> None:
    """Write down an approval of a batch that exists."""
    await connection.execute(
        "INSERT INTO glomo_approval (batch, digest, approved_by, approved_at, document) "
        "VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (
            batch,
            approval.digest,
            approval.approved_by,
            approval.approved_at,
            json.dumps(approval.to_json(), ensure_ascii=False),
        ),
    )


async def recorded_approvals(database: Database, batch: str) -> tuple[Approval, ...]:
    """The approvals of a batch, the oldest first.

    Raises:
        JournalError: one is not what was written.
    """

    async def read(connection: Connection) -> list[str]:
        cursor = await connection.execute(
            "SELECT document FROM glomo_approval WHERE batch = %s "
            "ORDER BY approved_at, digest, approved_by",
            (batch,),
        )
        return [row[0] for row in await cursor.fetchall()]

    try:
        return tuple(
            Approval.from_json(json.loads(document)) for document in await database.run(read)
        )
    except ValueError as error:
        raise JournalError(f"the approvals of batch {batch!r} cannot be read: {error}") from error
