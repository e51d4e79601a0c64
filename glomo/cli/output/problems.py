"""What is wrong with a payout file, by row and column."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console

from glomo.batch import PlanError, Problem
from glomo.batch.problem_groups import grouped

from .console import count, say
from .tables import show_table
from .wording import advice_of

_MOST_PROBLEMS = 200


def show_problems(console: Console, refused: PlanError) -> None:
    """Every problem of a file, and that nothing was sent."""
    problems = refused.problems
    headings = ("row", "column", "value", "problem", "instead")
    rows = [problem_cells(problem) for problem in problems[:_MOST_PROBLEMS]]
    show_table(console, headings, rows, right=("row",), whole=("column",))
    if len(problems) > _MOST_PROBLEMS:
        more = len(problems) - _MOST_PROBLEMS
        say(console, f"... and {more:,} more: --problems FILE.csv writes them all")
    total = count(len(problems), "problem")
    say(console, f"{refused.source}: {total}; nothing was sent", style="red")


def problem_cells(problem: Problem) -> tuple[str, str, str, str, str]:
    """Row, column, value, problem and remedy as text."""
    return (
        "" if problem.row is None else f"{problem.row:,}",
        problem.column or "",
        "" if problem.value is None else repr(problem.value),
        problem.problem + (f" ({problem.extent})" if problem.extent else ""),
        advice_of(problem.diagnosis),
    )


def show_warnings(console: Console, warnings: Iterable[Problem]) -> None:
    """One line each, those of one cause as one."""
    for warning in grouped(warnings):
        say(console, f"warning: {warning}", style="yellow", indent=2)
