"""What is wrong with a payout file: where, what, and what to write instead."""

from __future__ import annotations

from collections.abc import Hashable

from attrs import evolve, frozen

_LONGEST = 60


@frozen
class Problem:
    """One mistake, or one warning.

    Attributes:
        row: the row as a spreadsheet counts it (the header is row 1; in JSONL, the line). `None`
            if it concerns the file as a whole.
        column: the column, where there is one.
        value: what stands there, shortened.
        problem: what is wrong with it.
        instead: what to write or do instead.
        count: how many rows have it; `row` is the first of them.
    """

    row: int | None
    column: str | None
    value: str | None
    problem: str
    instead: str | None = None
    count: int = 1

    def __str__(self) -> str:
        where = ", ".join(
            part
            for part in (
                None if self.row is None else f"row {self.row}",
                " ".join(
                    part
                    for part in (self.column, None if self.value is None else f"{self.value!r}")
                    if part
                ),
            )
            if part
        )
        text = f"{where}: {self.problem}" if where else self.problem
        if self.instead:
            text += f": {self.instead}"
        return f"{text} ({self.count} rows)" if self.count > 1 else text


class CellError(Exception):
    """A cell that cannot be used. Becomes a `Problem` where row and column are known."""

    def __init__(self, problem: str, instead: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.instead = instead


class Problems:
    """Collects the mistakes and the warnings of one reading."""

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self._folded: dict[Hashable, int] = {}
        self._warnings: dict[Hashable, Problem] = {}

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The warnings, those of the same kind as one."""
        return tuple(self._warnings.values())

    def add(
        self,
        row: int | None,
        column: str | None,
        value: object,
        problem: str,
        instead: str | None = None,
    ) -> None:
        """Note a mistake."""
        self.found.append(Problem(row, column, shortened(value), problem, instead))

    def fold(
        self, key: Hashable, row: int, column: str | None, problem: str, instead: str | None = None
    ) -> None:
        """Note a mistake that every row may have, once; further rows are counted."""
        known = self._folded.get(key)
        if known is None:
            self._folded[key] = len(self.found)
            self.add(row, column, None, problem, instead)
        else:
            again = self.found[known]
            self.found[known] = evolve(again, count=again.count + 1)

    def warn(
        self, row: int | None, column: str, value: object, problem: str, instead: str | None = None
    ) -> None:
        """Note a warning. The same warning about the same value is counted, not repeated."""
        key = (column, shortened(value), problem)
        known = self._warnings.get(key)
        if known is None:
            self._warnings[key] = Problem(row, column, shortened(value), problem, instead)
        else:
            self._warnings[key] = evolve(known, count=known.count + 1)


def shortened(value: object) -> str | None:
    """A value fit for a message."""
    if value is None:
        return None
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
