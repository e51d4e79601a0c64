"""Entries as rows of a table, the same in every database: values in the order of `COLUMNS`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from glomo.money import Money

from .errors import JournalError
from .journal import Entry, RowStatus
from .rows import digest_of

_ENDS = ("source", "destination")


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
        check_payload(*values[4:8])
        check_texts(values[0], values[3])
        check_texts(*values[10:12], *values[13:16], optional=True)
        created = values[12]
        return Entry(
            reference=values[0],
            number=_integer(values[1]),
            generation=_integer(values[2]),
            request_id=values[3],
            payload=values[4],
            digest=values[5],
            amount=Money(_integer(values[6]), values[7]),
            status=RowStatus(values[8]),
            earlier_attempt_unknown=_flag(values[9]),
            payout_id=values[10],
            payout_status=values[11],
            payout_created_at=None if created is None else moment_of(created),
            payout_details=values[13],
            error_code=values[14],
            error=values[15],
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise damaged(place, values[0], error) from error


def check_payload(payload: str, digest: str, minor: object, currency: object) -> None:
    """Refuse a payload that is not what was written, or is not of this amount.

    Raises:
        ValueError: it is not.
    """
    if digest_of(payload) != digest:
        raise ValueError("its payload does not match its digest")
    # The keys of a canonical payload are sorted: an amount stands before its currency.
    ends = (f'"{end}_amount":{minor},"{end}_currency":"{currency}"' for end in _ENDS)
    if not any(end in payload for end in ends):
        raise ValueError(f"{minor} {currency} is not the amount of its payload")


def check_texts(*values: object, optional: bool = False) -> None:
    """Refuse what is no text.

    Raises:
        ValueError: it is not.
    """
    for value in values:
        if type(value) is not str and not (optional and value is None):
            raise ValueError(f"{value!r} is not a text")


def moment_of(value: object) -> datetime:
    """A time with its offset.

    Raises:
        ValueError: it is none.
    """
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise ValueError(f"{value!r} is not a time with its offset from UTC")
    return moment


def damaged(place: object, reference: object, error: Exception) -> JournalError:
    """A value that no version of this SDK has written."""
    return JournalError(
        f"the journal {place} is damaged at row {reference!r}: {error}. Nothing was sent; restore "
        "it from a copy, or move it away: what it had paid is then found by request_id"
    )


def _integer(value: Any) -> int:
    if type(value) is not int:
        raise ValueError(f"{value!r} is not a whole number")
    return value


def _flag(value: Any) -> bool:
    # SQLite has no type of its own for it.
    if value not in (0, 1):
        raise ValueError(f"{value!r} is neither true nor false")
    return bool(value)
