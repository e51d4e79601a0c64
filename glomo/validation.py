"""The API's rules that can be checked before anything is sent. `validate=False` skips them."""

from __future__ import annotations

import calendar
import logging
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NoReturn

from glomo.serialization.model import OMIT

from . import purpose_codes
from ._errors_base import shown
from .diagnosis import Diagnosis
from .errors import ParameterError
from .idempotency import MAX_LENGTH

LOCAL_RAILS: Mapping[str, str] = {
    "upi": "INR",
    "imps": "INR",
    "neft": "INR",
    "rtgs": "INR",
    "ipp": "AED",
    "fts": "AED",
    "sepa": "EUR",
    "fps": "GBP",
    "npp": "AUD",
}
"""The currency that each local rail pays out in; `swift` pays in any."""

log = logging.getLogger("glomo")
_hinted: set[tuple[str, str]] = set()
_COUNTRY = re.compile(r"[A-Za-z]{3}\Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}\Z")


def rail_problem(rail: str, destination_currency: str) -> Diagnosis | None:
    """What is wrong with paying this currency over this rail, or `None`."""
    pays = LOCAL_RAILS.get(rail)
    if pays is None or pays == destination_currency:
        return None
    fitting = [r for r, currency in LOCAL_RAILS.items() if currency == destination_currency]
    return Diagnosis(
        f"{rail} pays {pays} only",
        f"for {destination_currency} use {', '.join([*fitting, 'swift'])}",
    )


class Checks:
    """The checks of one call: each raises `ParameterError` naming parameter and operation."""

    def __init__(self, operation: str, parameters: Mapping[str, Any]) -> None:
        self._operation = operation
        self._given = {name: v for name, v in parameters.items() if v is not OMIT}

    def refuse(self, parameter: str, problem: str) -> NoReturn:
        """Raise for a parameter."""
        raise ParameterError(
            f"{self._operation}: {parameter} {problem}",
            parameter=parameter,
            operation=self._operation,
        )

    def present(self, *names: str) -> None:
        """Each of these must be given."""
        for name in names:
            if self._given.get(name) in (None, ""):
                self.refuse(name, "is required")

    def exactly_one(self, *names: str) -> None:
        """One of these must be given, and not two."""
        given = [name for name in names if self._given.get(name) is not None]
        if len(given) != 1:
            found = f"{' and '.join(given)} are given" if given else "none is given"
            raise ParameterError(
                f"{self._operation}: give exactly one of {' and '.join(names)}: {found}",
                parameter=" / ".join(names),
                operation=self._operation,
            )

    def none_with(self, fixed_by: str, *names: str) -> None:
        """These are fixed by another parameter and must be left out."""
        for name in names:
            if self._given.get(name) is not None:
                self.refuse(name, f"cannot be specified when {fixed_by} is present: leave it out")

    def minor_units(self, *names: str) -> None:
        """Amounts: whole numbers above zero."""
        for name in names:
            value = self._given.get(name)
            if value is None:
                continue
            if type(value) is not int:
                self.refuse(name, f"must be a whole number of minor units, not {shown(value)}")
            if value < 1:
                self.refuse(name, f"must be above zero, not {shown(value)}")

    def currency(self, *names: str) -> None:
        """ISO 4217 codes in capitals."""
        for name in names:
            value = self._given.get(name)
            if value is not None and not (isinstance(value, str) and _CURRENCY.match(value)):
                self.refuse(name, f"must be three capital letters such as USD, not {shown(value)}")

    def prefix(self, name: str, *prefixes: str, value: object = OMIT) -> None:
        """An id must start with one of these."""
        value = self._given.get(name) if value is OMIT else value
        if value is not None and not (isinstance(value, str) and value.startswith(prefixes)):
            self.refuse(name, f"must start with '{prefixes[0]}', not {shown(value)}")

    def at_most(self, name: str, length: int) -> None:
        """Texts have a longest length."""
        value = self._given.get(name)
        if isinstance(value, str) and len(value) > length:
            self.refuse(name, f"may have {length} characters; this has {len(value)}")

    def request_id(self) -> None:
        """Idempotency keys: 1 to 64 printable characters."""
        value = self._given.get("request_id")
        if value is None:
            return
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            self.refuse("request_id", f"must be printable text, not {shown(value)}")
        self.at_most("request_id", MAX_LENGTH)

    def rail(self) -> None:
        """A local rail pays one currency."""
        rail, currency = self._given.get("payment_rail"), self._given.get("destination_currency")
        if isinstance(rail, str) and isinstance(currency, str):
            problem = rail_problem(rail, currency)
            if problem:
                self.refuse("payment_rail", f"cannot be used: {problem}")

    def documents_for_purpose(self, name: str) -> None:
        """Log, once a code, that its documents are missing. Which accounts must attach them at once
        is not known, so nothing is refused.
        """
        code = self._given.get("purpose_code")
        entry = purpose_codes.get(code) if isinstance(code, str) else None
        if entry is None or not entry.documents or self._given.get(name):
            return
        if (self._operation, entry.code) not in _hinted:
            _hinted.add((self._operation, entry.code))
            wanted = ", ".join(entry.documents)
            log.info("%s: %s goes with %s; %s is empty", self._operation, entry.code, wanted, name)

    def purpose_code(self, direction: purpose_codes.Direction, *also: str) -> None:
        """A purpose code must be one of this direction's, or one of `also`."""
        code = self._given.get("purpose_code")
        if isinstance(code, str) and code not in also:
            problem = purpose_codes.problem_with(code, direction)
            if problem:
                self.refuse("purpose_code", f"{code!r} {problem}")


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
        checks.refuse(name, f"must be {span}, not {shown(value)}")


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


def check_rfi_answers(checks: Checks | None, documents: Any) -> None:
    """Documents for an RFI: at least one, each with both of its ids."""
    if checks is None:
        return
    if not documents:
        checks.refuse("documents", "needs at least one answer: {'id': ..., 'rfi_doc_id': ...}")
    for n, entry in enumerate(documents):
        for key in ("id", "rfi_doc_id"):
            value = get(entry, key)
            if not isinstance(value, str) or not value:
                checks.refuse(f"documents[{n}].{key}", "is required")


def get(entry: Any, name: str) -> Any:
    """A field of a nested parameter, which is a `Params` or a mapping; `None` if left out."""
    read: Any = entry
    value: Any = read.get(name) if isinstance(entry, Mapping) else getattr(read, name, None)
    return None if value is OMIT else value
