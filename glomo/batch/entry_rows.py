"""Entries as rows of a table, the same in every database: values in the order of `COLUMNS`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from glomo.money import Money

from .errors import JournalError
from .journal import Entry, RowStatus
from .rows import digest_of


def values_of(entry: Entry) -> tuple[Any, ...]:
    """An entry as a row. Times are texts, which sort and which every database takes."""
    created = entry.payout_created_at
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
        None if created is None else created.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.payout_details,
        entry.error_code,
        entry.error,
    )


def entry_of(values: Sequence[Any], place: object) -> Entry:
    """An entry from a row.

    Args:
        values: the row.
        place: where the journal is, for messages.

    Raises:
        JournalError: a value is not what was written.
    """
    try:
        check_digest(values[4], values[5])
        created = values[12]
        return Entry(
            reference=values[0],
            number=_whole(values[1]),
            generation=_whole(values[2]),
            request_id=values[3],
            payload=values[4],
            digest=values[5],
            amount=Money(_whole(values[6]), values[7]),
            status=RowStatus(values[8]),
            earlier_attempt_unknown=_flag(values[9]),
            payout_id=values[10],
            payout_status=values[11],
            payout_created_at=datetime.fromisoformat(created)
            if isinstance(created, str)
            else created,
            payout_details=values[13],
            error_code=values[14],
            error=values[15],
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise damaged(place, values[0], error) from error


def check_digest(payload: str, digest: str) -> None:
    """Refuse a payload that is not what was written.

    Raises:
        ValueError: it is not.
    """
    if digest_of(payload) != digest:
        raise ValueError("its payload does not match its digest")


def damaged(place: object, reference: object, error: Exception) -> JournalError:
    """A value that no version of this SDK has written."""
    return JournalError(
        f"the journal {place} is damaged at row {reference!r}: {error}. Nothing was sent; restore "
        "it from a copy, or move it away: what it had paid is then found by request_id"
    )


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise ValueError(f"{value!r} is not a whole number")
    return value


def _flag(value: Any) -> bool:
    # SQLite has no type of its own for it.
    if value not in (0, 1):
        raise ValueError(f"{value!r} is neither true nor false")
    return bool(value)
