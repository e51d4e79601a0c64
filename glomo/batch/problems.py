"""What is wrong with a payout file: where, what, and what to write instead.

Problems are data. Each is noted for its own row; for showing, `problem_groups` puts those that have
one cause together.
"""

from __future__ import annotations

from array import array
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
_MOST_RANGES = 5


class ColumnFault(Enum):
    """A way to write amounts that is wrong for a whole column at once."""

    NO_DECIMALS = "without decimals"
    FEW_DECIMALS = "with too few decimals"
    MANY_DECIMALS = "with too many decimals"
    GROUPED = "with thousands separators"
    DECIMAL_COMMA = "with a decimal comma"
    MARKED = "with letters or a currency sign"
    EXPONENT = "shortened by a spreadsheet"


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
        rows: these rows, in their order, where there are several.
        fault, decimals: of an amount's format that may be the whole column's.
        shared: what is wrong in words that fit every row of the same cause, where `diagnosis` is
            more exact.
    """

    row: int | None
    column: str | None
    value: str | None
    diagnosis: Diagnosis
    count: int = 1
    rows: Sequence[int] = field(default=(), repr=False, eq=False)
    fault: ColumnFault | None = field(default=None, repr=False)
    decimals: int = field(default=2, repr=False)
    shared: Diagnosis | None = field(default=None, repr=False)

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
        return f"{text} ({self.extent})" if self.extent and self.row is not None else text

    @property
    def extent(self) -> str:
        """Which rows have it: `3 rows: 12, 15-16`; empty if it is one."""
        if self.count == 1:
            return ""
        listed = f": {_ranges(self.rows)}" if self.rows else ""
        return f"{self.count:,} rows{listed}"

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
        self.names: dict[str, str] = {}
        """The names that stand for beneficiaries, by id."""
        self.references = References()
        """The references that were read."""
        self.sound_amounts: Counter[str] = Counter()
        """How many amounts of a column are written as they should be."""
        self._warnings: dict[Hashable, tuple[Problem, array[int]]] = {}

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The warnings; the same one about the same value is one, with its rows."""
        return tuple(
            evolve(warning, count=len(rows), rows=rows) if len(rows) > 1 else warning
            for warning, rows in self._warnings.values()
        )

    def add(
        self,
        row: int | None,
        column: str | None,
        value: object,
        diagnosis: Diagnosis,
        *,
        shared: Diagnosis | None = None,
    ) -> None:
        """Note a mistake; `shared` says it in words that fit other rows, too."""
        self.noted.append(Problem(row, column, shortened(value), diagnosis, shared=shared))

    def add_cell(self, row: int, column: str, value: object, error: CellError) -> None:
        """Note a cell that cannot be used."""
        problem = Problem(row, column, shortened(value), error.diagnosis)
        if error.fault is not None:
            problem = evolve(problem, fault=error.fault, decimals=error.decimals)
        self.noted.append(problem)

    def warn(self, row: int, column: str | None, value: object, diagnosis: Diagnosis) -> None:
        """Note a warning. Of the same warning about the same value only the rows are kept."""
        key = (column, shortened(value), diagnosis)
        earlier = self._warnings.get(key)
        if earlier is None:
            # A file of a million rows may give the same warning for each.
            warning = Problem(row, column, shortened(value), diagnosis)
            self._warnings[key] = (warning, array("L", [row]))
        else:
            earlier[1].append(row)


def _ranges(rows: Sequence[int]) -> str:
    """Rows in short: `2-41, 43, 50`."""
    groups: list[str] = []
    position = 0
    while position < len(rows):
        if len(groups) == _MOST_RANGES:
            return ", ".join([*groups, "..."])
        first = last = rows[position]
        while position < len(rows) and rows[position] in (last, last + 1):
            last = rows[position]
            position += 1
        groups.append(f"{first}" if first == last else f"{first}-{last}")
    return ", ".join(groups)


def shortened(value: object) -> str | None:
    """A value fit for a message."""
    if value is None:
        return None
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
