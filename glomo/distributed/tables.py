"""Batches as rows of the database's tables."""

from __future__ import annotations

from datetime import datetime

from glomo.batch.errors import JournalMismatchError
from glomo.batch.journal import Identity

from .database import Connection

PLACE = "in PostgreSQL"
"""Where the journal is, for messages."""

UNFINISHED = "NOT stopped AND done_at IS NULL"
"""Of a slice and its batch: whether it waits for a worker, or is with one."""

OF_ACCOUNT = (
    "(address, environment, subject) IS NOT DISTINCT FROM "
    "(%(address)s::text, %(environment)s::text, %(subject)s::text)"
)
"""Of a batch: whether it belongs to the account of `account_values`."""


def account_values(account: Identity | None) -> dict[str, str | None]:
    """The values that `OF_ACCOUNT` compares with."""
    names = ("address", "environment", "subject")
    return {name: None if account is None else getattr(account, name) for name in names}


async def create_or_check(connection: Connection, identity: Identity) -> datetime:
    """When the batch was first planned: now, if it is new.

    Raises:
        JournalMismatchError: it belongs to another account or environment.
    """
    await connection.execute(
        "INSERT INTO glomo_batch (batch, address, environment, subject) VALUES (%s, %s, %s, %s) "
        "ON CONFLICT DO NOTHING",
        (identity.batch, identity.address, identity.environment, identity.subject),
    )
    recorded, created_at = await identity_of_batch(connection, identity.batch)
    mismatch = recorded.mismatch(identity)
    if mismatch is not None:
        raise JournalMismatchError(
            f"the batch {identity.batch!r} in the database belongs to {mismatch}. Nothing was sent"
        )
    return created_at


async def identity_of_batch(connection: Connection, batch: str) -> tuple[Identity, datetime]:
    """Whose batch it is, and when it was first planned.

    Raises:
        JournalMismatchError: there is no such batch.
    """
    cursor = await connection.execute(
        "SELECT batch, address, environment, subject, created_at FROM glomo_batch WHERE batch = %s",
        (batch,),
    )
    row = await cursor.fetchone()
    if row is None:
        raise JournalMismatchError(f"there is no batch {batch!r} in the database")
    return Identity(*row[:4]), row[4]
