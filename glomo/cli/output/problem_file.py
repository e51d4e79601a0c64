"""Every problem of a payout file in a CSV file, for the spreadsheet beside it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from glomo.batch import Problem
from glomo.batch.output_file import replacing

from .wording import advice_of

_COLUMNS = ("row", "column", "value", "problem", "what to do")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_problems(path: Path, problems: Iterable[Problem]) -> Path:
    """Write each problem on a line, in UTF-8 with the mark that Excel looks for."""
    with (
        replacing(path) as draft,
        draft.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        lines = csv.writer(file, lineterminator="\r\n")
        lines.writerow(_COLUMNS)
        for problem in problems:
            cells = (problem.column, problem.value, problem.problem, advice_of(problem.diagnosis))
            for number in problem.rows or (problem.row,):
                lines.writerow(["" if number is None else number, *map(_text, cells)])
    return path


def _text(cell: str | None) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell and cell.startswith(_FORMULA) else cell or ""
