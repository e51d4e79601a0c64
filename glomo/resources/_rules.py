"""Rules of the API about single values that several resources share."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime

from glomo._errors_base import shown
from glomo.checks import Checks
from glomo.model import OMIT

_COUNTRY = re.compile(r"[A-Za-z]{3}\Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)


def country(checks: Checks, name: str, value: object, *, any_case: bool = False) -> None:
    """Countries are ISO 3166-1 alpha-3, in capitals unless the field takes any case."""
    if value is None or value is OMIT:
        return
    fits = isinstance(value, str) and _COUNTRY.match(value) and (any_case or value.isupper())
    if not fits:
        letters = "letters" if any_case else "capital letters"
        checks.refuse(name, f"must be three {letters} such as IND, not {shown(value)}")


def day(checks: Checks, name: str, value: object) -> date | None:
    """Days are `date` objects or `YYYY-MM-DD`; a `datetime` would be sent with its time."""
    if value is None or value is OMIT:
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DAY.match(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    return checks.refuse(name, f"must be a datetime.date or YYYY-MM-DD, not {value!r}")


def whole(checks: Checks, name: str, value: object, least: int, most: int | None = None) -> None:
    """Numbers within a range."""
    if value is None or value is OMIT:
        return
    # A bool is an int to Python, but not to the API.
    if type(value) is not int:
        checks.refuse(name, f"must be a whole number, not {shown(value)}")
    if value < least or (most is not None and value > most):
        span = f"at least {least}" if most is None else f"{least} to {most}"
        checks.refuse(name, f"must be {span}, not {value}")


def today() -> date:
    """Today where the API's days begin and end: in UTC."""
    return datetime.now(UTC).date()


def months_after(start: date, months: int) -> date:
    """The same day some months later, or that month's last day if it has no such day."""
    year, month0 = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    last = calendar.monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(start.day, last))
