"""The days and moments that rules are measured from, where the API's days begin and end: in UTC."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime
from typing import TypeVar

T = TypeVar("T")


def today() -> date:
    """Today, in UTC."""
    return datetime.now(UTC).date()


def now() -> datetime:
    """The time that an expiry is measured from."""
    return datetime.now(UTC)


def first_moment(value: T) -> T | datetime:
    """A day as its first moment, where the API takes a time; anything else as it is."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value


def months_after(start: date, months: int) -> date:
    """The same day some months later, or that month's last day if it has no such day."""
    year, month0 = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    last = calendar.monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(start.day, last))
