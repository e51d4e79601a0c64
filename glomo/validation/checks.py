"""The toolkit of the checks: one method for each kind of rule."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, NoReturn

from attrs import define

from glomo import purpose_codes
from glomo._errors_base import preview
from glomo.errors import ParameterError
from glomo.idempotency import MAX_LENGTH
from glomo.serialization.model import OMIT, Params

from .rails import LOCAL_RAILS, RAILS, rail_problem

log = logging.getLogger("glomo")
_hinted: set[tuple[str, str]] = set()
_COUNTRY = re.compile(r"[A-Za-z]{3}\Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}\Z")


@define(eq=False)
class Checks:
    """The parameters of one call, and the rules to hold them to.

    Each rule raises `ParameterError` naming parameter and operation, and passes over a parameter
    that was left out or is `None`, unless it says otherwise. Parameters may be of any type: callers
    without a type checker get the same clear word.
    """

    operation: str
    parameters: Mapping[str, Any]
    """Without the parameters that were left out."""

    def __getitem__(self, name: str) -> Any:
        """A parameter; `None` if it was left out."""
        return self.parameters.get(name)

    def __contains__(self, name: str) -> bool:
        """Whether a parameter was given, be it as `None`."""
        return name in self.parameters

    def says(self, name: str, text: str) -> bool:
        """Whether a parameter is this text."""
        value = self[name]
        return isinstance(value, str) and value == text

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that were given."""
        return tuple(self.parameters)

    def refuse(self, parameter: str, problem: str) -> NoReturn:
        """Raise for a parameter."""
        raise ParameterError(
            f"{self.operation}: {parameter} {problem}",
            parameter=parameter,
            operation=self.operation,
        )

    # ------------------------------------------------------- which are given

    def present(self, *names: str) -> None:
        """Each of these must be given."""
        for name in names:
            value = self[name]
            if value is None or (isinstance(value, str) and not value):
                self.refuse(name, "is required")

    def exactly_one(self, *names: str) -> None:
        """One of these must be given, and not two."""
        present = [name for name in names if self[name] is not None]
        if len(present) != 1:
            count = f"{' and '.join(present)} are given" if present else "none is given"
            raise ParameterError(
                f"{self.operation}: give exactly one of {' and '.join(names)}: {count}",
                parameter=" / ".join(names),
                operation=self.operation,
            )

    def none_with(self, fixed_by: str, *names: str) -> None:
        """These are fixed by another parameter and must be left out."""
        for name in names:
            if self[name] is not None:
                self.refuse(name, f"cannot be specified when {fixed_by} is present: leave it out")

    # ------------------------------------------------------- numbers and money

    def minor_units(self, *names: str) -> None:
        """Amounts: whole numbers above zero."""
        for name in names:
            value = self[name]
            if value is None:
                continue
            # A bool is an int to Python, but not to the API.
            if type(value) is not int:
                self.refuse(name, f"must be a whole number of minor units, not {preview(value)}")
            if value < 1:
                self.refuse(name, f"must be above zero, not {preview(value)}")

    def integer(self, name: str, minimum: int, maximum: int | None = None) -> None:
        """Numbers within a range."""
        value = self[name]
        if value is None:
            return
        if type(value) is not int:
            self.refuse(name, f"must be a whole number, not {preview(value)}")
        if value < minimum or (maximum is not None and value > maximum):
            span = f"at least {minimum}" if maximum is None else f"{minimum} to {maximum}"
            self.refuse(name, f"must be {span}, not {preview(value)}")

    def at_least(self, name: str, other: str) -> None:
        """An amount that may not be below another one of the call."""
        value, floor = self[name], self[other]
        if type(value) is int and type(floor) is int and value < floor:
            self.refuse(name, f"must be at least {other} ({floor}), not {value}")

    def currency(self, *names: str, among: Collection[str] = ()) -> None:
        """ISO 4217 codes in capitals, or some of them only."""
        for name in names:
            value = self[name]
            if value is None or (isinstance(value, str) and value in among):
                continue
            if not (isinstance(value, str) and _CURRENCY.match(value)):
                self.refuse(
                    name, f"must be three capital letters such as USD, not {preview(value)}"
                )
            if among:
                self.refuse(name, f"{value} is not supported: use {_join(among)}")

    # ------------------------------------------------------- texts

    def one_of(self, name: str, values: Collection[str]) -> None:
        """Texts of a closed set."""
        value = self[name]
        if value is not None and not (isinstance(value, str) and value in values):
            self.refuse(name, f"must be {_join(values)}, not {preview(value)}")

    def text(self, *names: str) -> None:
        """Texts, whatever they say."""
        for name in names:
            value = self[name]
            if value is not None and not isinstance(value, str):
                self.refuse(name, f"must be text, not {preview(value)}")

    def at_most(self, name: str, length: int) -> None:
        """Texts have a longest length."""
        value = self[name]
        if isinstance(value, str) and len(value) > length:
            self.refuse(name, f"may have {length} characters; this has {len(value)}")

    def characters(self, name: str, allowed: re.Pattern[str], words: str) -> None:
        """Texts of certain characters; `words` say which."""
        value = self[name]
        if value is not None and not (isinstance(value, str) and allowed.match(value)):
            self.refuse(name, f"may have {words} only, not {preview(value)}")

    def digits(self, *names: str) -> None:
        """Numbers of accounts and the like: text of digits. They are never shown."""
        for name in names:
            value = self[name]
            if value is None:
                continue
            if not (isinstance(value, str) and value.isascii() and value.isdigit()):
                self.refuse(name, "must be text of digits only")

    def flag(self, *names: str) -> None:
        """True or false."""
        for name in names:
            value = self[name]
            if value is not None and not isinstance(value, bool):
                self.refuse(name, f"must be True or False, not {preview(value)}")

    def prefix(self, name: str, *prefixes: str, value: object = OMIT) -> None:
        """An id must start with one of these."""
        value = self[name] if value is OMIT else value
        if value is not None and not (isinstance(value, str) and value.startswith(prefixes)):
            self.refuse(name, f"must start with '{prefixes[0]}', not {preview(value)}")

    def request_id(self) -> None:
        """Idempotency keys: 1 to 64 printable characters."""
        value = self["request_id"]
        if value is None:
            return
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            self.refuse("request_id", f"must be printable text, not {preview(value)}")
        self.at_most("request_id", MAX_LENGTH)

    def country(self, name: str, *, value: object = OMIT, any_case: bool = False) -> None:
        """Countries are ISO 3166-1 alpha-3, in capitals unless the field takes any case."""
        value = self[name] if value is OMIT else value
        if value is None:
            return
        fits = isinstance(value, str) and _COUNTRY.match(value) and (any_case or value.isupper())
        if not fits:
            letters = "letters" if any_case else "capital letters"
            self.refuse(name, f"must be three {letters} such as IND, not {preview(value)}")

    # ------------------------------------------------------- times

    def day(self, name: str) -> date | None:
        """Days are `date` objects or `YYYY-MM-DD`; a `datetime` would be sent with its time."""
        value = self[name]
        if value is None:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if isinstance(value, str) and _DAY.match(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        return self.refuse(name, f"must be a datetime.date or YYYY-MM-DD, not {preview(value)}")

    def moment(self, name: str) -> datetime | None:
        """Times know their zone."""
        value = self[name]
        if value is None:
            return None
        if not isinstance(value, datetime) or value.tzinfo is None:
            self.refuse(
                name,
                f"must be a datetime with its time zone, as tzinfo=UTC, or a date, "
                f"not {preview(value)}",
            )
        return value

    # ------------------------------------------------------- lists and objects

    def listed(
        self,
        name: str,
        example: str,
        *,
        prefixes: tuple[str, ...] = (),
        among: Collection[str] = (),
    ) -> None:
        """Lists of at least one text: ids of one kind, or values of a closed set."""
        if name not in self:
            return
        entries = self[name]
        # A lone text would be taken for a list of its letters.
        if isinstance(entries, (str, bytes, Mapping)) or not isinstance(entries, Collection):
            self.refuse(name, f"must be a list such as {example}, not {preview(self[name])}")
        if not entries:
            self.refuse(name, f"must be a list such as {example}, not an empty one: leave it out")
        for n, entry in enumerate(entries):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            where = f"{name}[{n}]"
            if not isinstance(entry, str) or not entry:
                self.refuse(where, f"must be text, not {preview(entry)}")  # pyright: ignore[reportUnknownArgumentType]
            if among and entry not in among:
                self.refuse(where, f"must be {_join(among)}, not {preview(entry)}")
            if prefixes:
                self.prefix(where, *prefixes, value=entry)

    def nested(self, name: str) -> bool:
        """Whether a nested object was given: a request part of the SDK, or a mapping."""
        value = self[name]
        if value is None:
            return False
        if not isinstance(value, (Params, Mapping)):
            self.refuse(name, f"must be a mapping or its class, not {preview(value)}")
        return True

    def notes(self) -> None:
        """Custom key-value pairs."""
        if self.nested("notes"):
            for key in self["notes"]:
                if not isinstance(key, str):
                    self.refuse("notes", f"has a key that is not text: {preview(key)}")

    def rfi_answers(self, name: str = "documents", document: str = "id") -> None:
        """Documents for an RFI: at least one, each with both of its ids."""
        entries = self[name]
        example = f"{{'rfi_doc_id': ..., {document!r}: ...}}"
        if isinstance(entries, (str, bytes, Mapping)) or not isinstance(entries, Collection):
            self.refuse(name, f"must be a list of {example}, not {preview(self[name])}")
        if not entries:
            self.refuse(name, f"needs at least one {example}")
        wrong_key = "doc_id" if document == "id" else "id"
        for n, entry in enumerate(entries):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            for key in (document, "rfi_doc_id"):
                value = field_of(entry, key)
                if not isinstance(value, str) or not value:
                    if key == document and field_of(entry, wrong_key):
                        self.refuse(f"{name}[{n}].{wrong_key}", f"is called {document} here")
                    self.refuse(f"{name}[{n}].{key}", "is required")

    # ------------------------------------------------------- rails and purposes

    def rail(self) -> None:
        """A rail that there is; a local one pays one currency."""
        self.one_of("payment_rail", RAILS)
        rail, currency = self["payment_rail"], self["destination_currency"]
        if not (isinstance(rail, str) and isinstance(currency, str)):
            return
        if LOCAL_RAILS.get(rail, currency) != currency:
            problem = rail_problem(rail, currency)
            self.refuse("payment_rail", f"cannot be used: {problem}")

    def documents_for_purpose(self, name: str) -> None:
        """Log, once a code, that its documents are missing. Which accounts must attach them at once
        is not known, so nothing is refused.
        """
        code = self["purpose_code"]
        if self[name] or not isinstance(code, str):
            return
        entry = purpose_codes.get(code)
        if entry and entry.documents and (self.operation, entry.code) not in _hinted:
            _hinted.add((self.operation, entry.code))
            types = ", ".join(entry.documents)
            log.info("%s: %s goes with %s; %s is empty", self.operation, entry.code, types, name)

    def purpose_code(self, direction: purpose_codes.Direction) -> None:
        """A purpose code must be one of this direction's."""
        code = self["purpose_code"]
        if code is None:
            return
        if not isinstance(code, str):
            self.refuse("purpose_code", f"must be text, not {preview(code)}")
        if code in purpose_codes.codes_for(direction):
            return
        problem = purpose_codes.problem_with(code, direction)
        if problem:
            self.refuse("purpose_code", f"{preview(code)} {problem}")


def _join(values: Collection[str]) -> str:
    texts = [str(value) for value in values]
    return f"{', '.join(texts[:-1])} or {texts[-1]}" if len(texts) > 1 else texts[0]


def field_of(entry: Any, name: str) -> Any:
    """A field of a nested parameter, which is a `Params` or a mapping; `None` if left out."""
    read: Any = entry
    value: Any = read.get(name) if isinstance(entry, Mapping) else getattr(read, name, None)
    return None if value is OMIT else value
