"""From the cells of a row to a payout, or to everything that is wrong with it."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Collection, Mapping
from functools import cache

from glomo import id_prefixes, purpose_codes
from glomo.batch.payees import NOT_LOOKED_UP
from glomo.batch.problems import CellError, Problems
from glomo.batch.rows import Row
from glomo.currencies import EXPONENTS
from glomo.diagnosis import Diagnosis
from glomo.validation import LOCAL_RAILS, rail_problem

from . import amounts
from .columns import AMOUNTS, NOTES, REQUIRED

Cell = str | int | tuple[str, ...]

RAILS = ("swift", *LOCAL_RAILS)
SOURCE_CURRENCIES = frozenset({"USD", "EUR", "GBP", "AED", "SGD", "AUD"})
DESTINATION_CURRENCIES = SOURCE_CURRENCIES | {"INR"}
_LONGEST_REFERENCE = 200
_LONGEST_INVOICE = 50
_IPP_MOST = 50_000_00
# Line breaks and tabs may stand in a note; other control characters and halves of characters not.
_UNFIT_FOR_NOTES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_ERRORS = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
)
_SHORTENED = re.compile(r"\d([.,]\d+)?[eE]\+\d+\Z", re.ASCII)


class RowReader:
    """Reads rows one by one, noting what is wrong with each.

    Args:
        problems: where mistakes and warnings are noted.
        columns: the columns that the file has, if all of its rows have the same: what is missing
            from the header is not missed in every row again. `None`: every row for itself.
    """

    def __init__(self, problems: Problems, columns: Collection[str] | None = None) -> None:
        self._problems = problems
        self._amounts = [c for c in AMOUNTS if columns is None or c in columns]
        self._required = [c for c in REQUIRED if columns is None or c in columns]
        self._may_have_notes = columns is None or any(c.startswith(NOTES) for c in columns)
        self._row = 0
        self._valid = True

    def read(self, number: int, cells: Mapping[str, Cell], *, valid: bool = True) -> Row | None:
        """The row, or `None` after noting everything that is wrong with it.

        Args:
            number: the row's number.
            cells: the cells that are not empty, by column.
            valid: whether every cell could be read. If not, a missing value is no problem of
                its own.
        """
        self._row, self._valid = number, valid
        if valid:
            for column in self._required:
                if column not in cells:
                    self._refuse(column, None, "is empty", f"write {REQUIRED[column]}")
        reference = self._reference(cells)
        beneficiary = self._beneficiary(cells)
        source = self._currency("source_currency", cells, SOURCE_CURRENCIES)
        destination = self._currency("destination_currency", cells, DESTINATION_CURRENCIES)
        amount = self._amount(cells, {"source": source, "destination": destination}, valid=valid)
        rail = self._rail(cells, destination)
        documents = self._documents(cells)
        purpose = self._purpose(cells, documents)
        invoice = self._invoice(cells)
        notes = self._notes(cells) if self._may_have_notes else ()
        if not self._valid:
            return None
        # The header may lack a column, which is not noted again in every row.
        if reference is None or beneficiary is None or purpose is None:
            return None
        if source is None or destination is None or amount is None:
            return None
        end, units = amount
        if rail == "ipp" and end == "destination" and units > _IPP_MOST:
            self._warn("payment_rail", rail, "pays at most AED 50,000.00 a payout")
        return Row(
            number=number,
            reference=reference,
            beneficiary_id=beneficiary,
            purpose_code=purpose,
            source_currency=source,
            destination_currency=destination,
            source_amount=units if end == "source" else None,
            destination_amount=units if end == "destination" else None,
            payment_rail=rail,
            invoice_number=invoice,
            documents=documents,
            notes=notes,
        )

    # ------------------------------------------------------------------- cells

    def _text(self, column: str, cells: Mapping[str, Cell]) -> str | None:
        """A cell of plain text, on one line."""
        value = cells.get(column)
        if value is None:
            return None
        text = str(value)
        if not text.isprintable():
            character = next(c for c in text if not c.isprintable())
            if character in "\r\n":
                self._refuse(column, text, "has a line break in it", "write it on one line")
            else:
                self._refuse(
                    column,
                    text,
                    f"has an invisible character in it (U+{ord(character):04X})",
                    "type it again by hand",
                )
            return None
        if text in _ERRORS:
            problem = "is an error of the spreadsheet"
            self._refuse(column, text, problem, "correct the cell it comes from")
            return None
        return text

    def _reference(self, cells: Mapping[str, Cell]) -> str | None:
        reference = self._text("reference", cells)
        if reference is None:
            return None
        # The same name must give the same request_id, whichever way its accents are encoded.
        reference = unicodedata.normalize("NFC", reference)
        if len(reference) > _LONGEST_REFERENCE:
            self._refuse(
                "reference",
                reference,
                f"is longer than {_LONGEST_REFERENCE} characters",
                "write a shorter one",
            )
            return None
        first = self._problems.references.first(reference, self._row)
        if first != self._row:
            advice = "give every row a reference of its own"
            exact = Diagnosis(f"is the reference of row {first} already", advice)
            shared = Diagnosis("is the reference of an earlier row already", advice)
            self._note("reference", reference, exact, shared=shared)
        if _SHORTENED.match(reference):
            self._warn(
                "reference",
                reference,
                "looks like a number that a spreadsheet shortened",
                "format the column as text and write all digits",
            )
        return reference

    def _beneficiary(self, cells: Mapping[str, Cell]) -> str | None:
        identifier = self._text("beneficiary_id", cells)
        if identifier is None:
            return None
        if identifier.startswith(id_prefixes.BENEFICIARY) and " " not in identifier:
            return sys.intern(identifier)
        payees = self._problems.payees
        payee = NOT_LOOKED_UP if payees is None else payees.find(identifier)
        if isinstance(payee, Diagnosis):
            self._note("beneficiary_id", identifier, payee)
            return None
        self._problems.names[payee] = identifier
        return sys.intern(payee)

    def _currency(
        self, column: str, cells: Mapping[str, Cell], usual: Collection[str]
    ) -> str | None:
        code = self._text(column, cells)
        if code is None:
            return None
        if code not in EXPONENTS:
            upper = code.strip().upper()
            advice = f"write {upper}" if upper in EXPONENTS else "write three capitals, such as USD"
            self._refuse(column, code, "is not a currency code of ISO 4217", advice)
            return None
        if code not in usual:
            end = "pays from" if column == "source_currency" else "pays out in"
            self._warn(column, code, f"is not among the currencies that Glomo {end}")
        return sys.intern(code)

    def _amount(
        self, cells: Mapping[str, Cell], currencies: Mapping[str, str | None], *, valid: bool
    ) -> tuple[str, int] | None:
        filled = [column for column in AMOUNTS if column in cells]
        if len(filled) != 1:
            if filled:
                self._refuse(
                    filled[-1],
                    str(cells[filled[-1]]),
                    f"{' and '.join(filled)} are both filled"
                    if len(filled) == 2
                    else f"{', '.join(filled)} are all filled",
                    "fill exactly one",
                )
            elif valid and self._amounts:
                name = self._amounts[0] if len(self._amounts) == 1 else None
                self._refuse(
                    self._amounts[0],
                    None,
                    "no amount",
                    f"fill {name}" if name else f"fill exactly one of {', '.join(self._amounts)}",
                )
            return None
        column = filled[0]
        end = column.partition("_")[0]
        currency = currencies[end]
        value = cells[column]
        try:
            if column.endswith("_minor"):
                assert not isinstance(value, tuple)
                units = amounts.minor(value, currency, column.removesuffix("_minor"))
            else:
                units = amounts.major(str(value), currency, f"{column}_minor")
        except CellError as error:
            self._valid = False
            self._problems.add_cell(self._row, column, str(value), error)
            return None
        self._problems.sound_amounts[column] += 1
        return end, units

    def _rail(self, cells: Mapping[str, Cell], destination: str | None) -> str | None:
        rail = self._text("payment_rail", cells)
        if rail is None:
            return None
        if rail not in RAILS:
            lower = rail.casefold()
            advice = f"write {lower}" if lower in RAILS else f"the rails are {', '.join(RAILS)}"
            self._refuse("payment_rail", rail, "is not a payment rail of Glomo", advice)
            return None
        problem = _rail_problem(rail, destination) if destination else None
        if problem is not None:
            self._note("payment_rail", rail, problem)
            return None
        return sys.intern(rail)

    def _purpose(self, cells: Mapping[str, Cell], documents: tuple[str, ...]) -> str | None:
        code = self._text("purpose_code", cells)
        if code is None:
            return None
        problem = _purpose_problem(code)
        if problem is not None:
            self._note("purpose_code", code, problem)
            return None
        needed = _documents_of(code)
        if needed and not documents:
            self._warn(
                "documents",
                None,
                f"purpose code {code} goes with a document ({', '.join(needed)}), none is given",
                "the payout may be held until it is provided",
            )
        return sys.intern(code)

    def _documents(self, cells: Mapping[str, Cell]) -> tuple[str, ...]:
        value = cells.get("documents")
        if value is None:
            return ()
        parts = value if isinstance(value, tuple) else str(value).split(";")
        return tuple(self._document(part.strip()) for part in parts if part.strip())

    def _document(self, text: str) -> str:
        """The id, or what stands for a file until it has one; notes what is neither."""
        if text.startswith(id_prefixes.DOCUMENT) and text.isprintable() and " " not in text:
            return text
        files = self._problems.documents
        if files is None or not text.isprintable():
            self._refuse("documents", text, "is not the id of a document", "write doc_...;doc_...")
            return text
        file = files.find(text)
        if isinstance(file, Diagnosis):
            self._note("documents", text, file)
            return text
        return file

    def _invoice(self, cells: Mapping[str, Cell]) -> str | None:
        number = self._text("invoice_number", cells)
        if number is not None and len(number) > _LONGEST_INVOICE:
            self._refuse(
                "invoice_number",
                number,
                f"is longer than {_LONGEST_INVOICE} characters",
                "write a shorter one",
            )
        return number

    def _notes(self, cells: Mapping[str, Cell]) -> tuple[tuple[str, str], ...]:
        notes: list[tuple[str, str]] = []
        for column, value in cells.items():
            if column.startswith(NOTES):
                text = str(value)
                if _UNFIT_FOR_NOTES.search(text):
                    self._refuse(column, text, "has an invisible character in it", "type it again")
                notes.append((sys.intern(column[len(NOTES) :]), text))
        return tuple(notes)

    # ------------------------------------------------------------------ noting

    def _refuse(
        self, column: str, value: str | None, problem: str, advice: str | None = None
    ) -> None:
        self._note(column, value, Diagnosis(problem, advice))

    def _note(
        self,
        column: str,
        value: str | None,
        diagnosis: Diagnosis,
        *,
        shared: Diagnosis | None = None,
    ) -> None:
        self._valid = False
        self._problems.add(self._row, column, value, diagnosis, shared=shared)

    def _warn(
        self, column: str, value: str | None, problem: str, advice: str | None = None
    ) -> None:
        self._problems.warn(self._row, column, value, Diagnosis(problem, advice))


@cache
def _rail_problem(rail: str, destination: str) -> Diagnosis | None:
    return rail_problem(rail, destination)


def _purpose_problem(code: str) -> Diagnosis | None:
    # Only right codes are remembered: a file may hold any number of wrong ones.
    return None if code in _right_codes() else purpose_codes.problem_with(code, "payout")


@cache
def _right_codes() -> frozenset[str]:
    codes = (entry.code for entry in purpose_codes.all_codes())
    return frozenset(code for code in codes if purpose_codes.problem_with(code, "payout") is None)


def _documents_of(code: str) -> tuple[str, ...]:
    entry = purpose_codes.get(code)
    return entry.documents if entry else ()
