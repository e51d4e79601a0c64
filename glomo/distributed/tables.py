"""Entries and batches as rows of the database's tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from glomo.batch.errors import JournalMismatchError
from glomo.batch.journal import Entry, Identity, RowStatus
from glomo.money import Money

from .database import Connection


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
    theirs, created_at = await identity_of_batch(connection, identity.batch)
    mismatch = theirs.mismatch(identity)
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
    found = await connection.execute(
        "SELECT batch, address, environment, subject, created_at FROM glomo_batch WHERE batch = %s",
        (batch,),
    )
    row = await found.fetchone()
    if row is None:
        raise JournalMismatchError(f"there is no batch {batch!r} in the database")
    return Identity(*row[:4]), row[4]


def values_of(entry: Entry) -> tuple[Any, ...]:
    """An entry as the columns of a row."""
    return (
        entry.reference,
        entry.number,
        entry.generation,
        entry.request_id,
        entry.payload,
        entry.digest,
        entry.amount.minor,
        entry.amount.currency,
        entry.status.value,
        entry.earlier_attempt_unknown,
        entry.payout_id,
        entry.payout_status,
        entry.payout_created_at,
        entry.payout_details,
        entry.error_code,
        entry.error,
    )


def entry_of(row: Sequence[Any]) -> Entry:
    """An entry from the columns of a row."""
    values: list[Any] = [*row[:6], Money(row[6], row[7]), RowStatus(row[8]), *row[9:]]
    return Entry(*values)
