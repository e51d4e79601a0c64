"""What is wrong with a payout file: where, what, and what to write instead.

Problems are data. Each is noted for its own row; for showing, those that have one cause are one:
a column that a spreadsheet has reformatted is one problem with one remedy, however many rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from attrs import evolve, field, frozen

from glomo.diagnosis import Diagnosis, Remedy

from .references import References

if TYPE_CHECKING:
    from .payees import Payees

_LONGEST = 60
_FEW = 5
"""So many rows with one cause are still shown one by one: each with what to write there."""


class ColumnFault(Enum):
    """A way to write amounts that is wrong for a whole column at once."""

    NO_DECIMALS = "without decimals"
    FEW_DECIMALS = "with too few decimals"
    MANY_DECIMALS = "with too many decimals"
    GROUPED = "with thousands separators"
    DECIMAL_COMMA = "with a decimal comma"
    MARKED = "with letters or a currency sign"
    EXPONENT = "shortened by a spreadsheet"


_REFORMATTED = (ColumnFault.NO_DECIMALS, ColumnFault.FEW_DECIMALS)
_AS_NUMBER = "format the column as a number with {decimals}"
_FAULT_ADVICE = {
    ColumnFault.MANY_DECIMALS: "round them, and " + _AS_NUMBER,
    ColumnFault.GROUPED: _AS_NUMBER + " and no thousands separators",
    ColumnFault.DECIMAL_COMMA: _AS_NUMBER + " and a decimal point",
    ColumnFault.MARKED: _AS_NUMBER + " and no currency: the currency has its own column",
    ColumnFault.EXPONENT: _AS_NUMBER + " and write all digits",
}


@frozen
class Problem:
    """One mistake, or one warning.

    Attributes:
        row: the row as a spreadsheet counts it (the header is row 1; in JSONL, the line). `None`
            if it concerns a whole column, or the file.
        column: the column, where there is one.
        value: the cell's text, shortened.
        diagnosis: what is wrong, and what to write or do instead.
        count: how many rows have it.
        fault, decimals: of an amount's format that may be the whole column's.
    """

    row: int | None
    column: str | None
    value: str | None
    diagnosis: Diagnosis
    count: int = 1
    fault: ColumnFault | None = field(default=None, repr=False)
    decimals: int = field(default=2, repr=False)

    @property
    def problem(self) -> str:
        """What is wrong."""
        return self.diagnosis.problem

    @property
    def advice(self) -> str | None:
        """What to write or do instead, in the library's own words."""
        return self.diagnosis.advice_in({})

    @property
    def place(self) -> str:
        """Where it is: `row 3, source_amount '1250'`; empty for the file as a whole."""
        cell = " ".join(
            part
            for part in (self.column, None if self.value is None else f"{self.value!r}")
            if part
        )
        if self.row is not None:
            return f"row {self.row}, {cell}" if cell else f"row {self.row}"
        return f"column {cell}, {self.count:,} rows" if self.count > 1 else cell

    def in_words(self, words: Mapping[Remedy, str]) -> str:
        """One line, with the remedies in a surface's own words."""
        text = f"{self.place}: {self.problem}" if self.place else self.problem
        advice = self.diagnosis.advice_in(words)
        if advice:
            text += f": {advice}"
        return f"{text} ({self.count:,} rows)" if self.count > 1 and self.row is not None else text

    def __str__(self) -> str:
        return self.in_words({})


class CellError(Exception):
    """A cell that cannot be used. Becomes a `Problem` where row and column are known."""

    def __init__(
        self,
        problem: str,
        advice: str | None = None,
        *,
        fault: ColumnFault | None = None,
        decimals: int = 2,
    ) -> None:
        super().__init__(problem)
        self.diagnosis = Diagnosis(problem, advice)
        self.fault = fault
        self.decimals = decimals


class DocumentFiles(Protocol):
    """What finds the documents that a file names by path."""

    def find(self, text: str) -> str | Diagnosis:
        """What stands for the document until it has an id, or why it cannot be uploaded."""
        ...


class Problems:
    """Collects the mistakes and the warnings of one reading."""

    def __init__(
        self, payees: Payees | None = None, documents: DocumentFiles | None = None
    ) -> None:
        self.documents = documents
        """What knows the documents that are given by path."""
        self.payees = payees
        """What knows the beneficiaries that are given by name."""
        self.noted: list[Problem] = []
        """Every mistake, one a row."""
        self.references = References()
        """The references that were read."""
        self.sound_amounts: Counter[str] = Counter()
        """How many amounts of a column are written as they should be."""
        self._warnings: dict[Hashable, Problem] = {}

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The warnings, those of the same kind as one."""
        return tuple(self._warnings.values())

    def add(self, row: int | None, column: str | None, value: object, diagnosis: Diagnosis) -> None:
        """Note a mistake."""
        self.noted.append(Problem(row, column, shortened(value), diagnosis))

    def add_cell(self, row: int, column: str, value: object, error: CellError) -> None:
        """Note a cell that cannot be used."""
        problem = Problem(row, column, shortened(value), error.diagnosis)
        if error.fault is not None:
            problem = evolve(problem, fault=error.fault, decimals=error.decimals)
        self.noted.append(problem)

    def warn(self, row: int | None, column: str, value: object, diagnosis: Diagnosis) -> None:
        """Note a warning. The same warning about the same value is counted, not repeated."""
        key = (column, shortened(value), diagnosis)
        earlier = self._warnings.get(key)
        if earlier is None:
            self._warnings[key] = Problem(row, column, shortened(value), diagnosis)
        else:
            self._warnings[key] = evolve(earlier, count=earlier.count + 1)

    def grouped(self) -> list[Problem]:
        """The mistakes by row, those of one cause as one."""
        groups: dict[Hashable, list[Problem]] = {}
        for position, problem in enumerate(sorted(self.noted, key=lambda one: one.row or 0)):
            groups.setdefault(_cause(problem) or position, []).append(problem)
        shown: list[Problem] = []
        for members in groups.values():
            if len(members) == 1 or (members[0].value is not None and len(members) <= _FEW):
                shown += members
            elif members[0].fault is not None:
                shown.append(self._of_column(members))
            else:
                first = members[0]
                same = all(one.value == first.value for one in members)
                shown.append(evolve(first, count=len(members), value=first.value if same else None))
        return sorted(shown, key=lambda one: one.row or 0)

    def _of_column(self, members: Sequence[Problem]) -> Problem:
        column = members[0].column or ""
        faults = {one.fault for one in members}
        places = sorted({one.decimals for one in members})
        decimals = _counted(places[0]) if len(places) == 1 else "the decimals of its currency"
        if faults <= {*_REFORMATTED}:
            problem = f"these amounts lack {decimals}, as after a spreadsheet reformatted them"
            advice = _AS_NUMBER.format(decimals=decimals)
            # Where one amount shows cents, none of the column can be meant as cents.
            if faults == {ColumnFault.NO_DECIMALS} and not self.sound_amounts[column]:
                advice += f", or name the column {column}_minor if these are minor units"
        else:
            fault = members[0].fault
            assert fault is not None
            problem = f"these amounts are written {fault.value}"
            advice = _FAULT_ADVICE[fault].format(decimals=decimals)
        return Problem(None, column, None, Diagnosis(problem, advice), len(members))


def _cause(problem: Problem) -> Hashable:
    """What problems of one cause share; `None` for a problem that stands for itself."""
    if problem.row is None or problem.column is None:
        return None
    if problem.fault is not None:
        return (problem.column, "decimals" if problem.fault in _REFORMATTED else problem.fault)
    return (problem.column, problem.diagnosis)


def _counted(places: int) -> str:
    return {0: "no decimals", 2: "two decimals", 3: "three decimals"}.get(
        places, f"{places} decimals"
    )


def shortened(value: object) -> str | None:
    """A value fit for a message."""
    if value is None:
        return None
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
