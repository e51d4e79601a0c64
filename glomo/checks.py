"""The API's rules that can be checked before anything is sent. `validate=False` skips them."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from . import purpose_codes
from ._errors_base import shown
from .errors import ParameterError
from .idempotency import MAX_LENGTH
from .model import OMIT

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
_CURRENCY = re.compile(r"[A-Z]{3}\Z")


def rail_problem(rail: str, destination_currency: str) -> str | None:
    """What is wrong with paying this currency over this rail, or `None`."""
    pays = LOCAL_RAILS.get(rail)
    if pays is None or pays == destination_currency:
        return None
    fitting = [r for r, currency in LOCAL_RAILS.items() if currency == destination_currency]
    return (
        f"{rail} pays {pays} only: for {destination_currency} use {', '.join([*fitting, 'swift'])}"
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
                self.refuse(name, f"must be above zero, not {value}")

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
