"""Many rows with one cause are one problem that names them; each is kept by itself, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from glomo.batch import Batch, PlanError
from glomo.batch.problem_groups import grouped

from .conftest import HEADER, row, rows, write_csv


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "november.csv"


def refused(file: Path, *, strict: bool = False) -> PlanError:
    with pytest.raises(PlanError) as caught:
        Batch.from_csv(file).plan(strict=strict)
    return caught.value


def test_rows_with_too_many_cells_are_one_problem_with_its_rows(file: Path) -> None:
    write_csv(file, rows(60))
    lines = file.read_text().splitlines()
    lines[2:42] = [f"{line},surplus" for line in lines[2:42]]
    lines[50] += ",surplus"
    file.write_text("\n".join(lines))
    error = refused(file)
    (problem,) = error.problems
    wide = f"has {len(HEADER) + 1} cells, the header has {len(HEADER)}"
    assert str(problem) == (
        f"row 3: {wide}: put a cell that has a comma in it into quotation marks, as "
        '"Smith, Ltd" (41 rows: 3-42, 51)'
    )
    assert [one.row for one in error.every_problem] == [*range(3, 43), 51]
    assert str(error).count("cells") == 1


def test_different_causes_stay_apart(file: Path) -> None:
    write_csv(file, rows(9))
    lines = file.read_text().splitlines()
    for number in (2, 4):
        lines[number] += ",surplus"
    for number in (6, 8):
        lines[number] += ",surplus,surplus"
    file.write_text("\n".join(lines))
    shown = [(problem.row, problem.count, [*problem.rows]) for problem in refused(file).problems]
    assert shown == [(3, 2, [3, 5]), (7, 2, [7, 9])]


def test_a_file_that_was_pasted_twice_is_one_problem(file: Path) -> None:
    write_csv(file, [*rows(20), *rows(20)])
    error = refused(file)
    (problem,) = error.problems
    assert str(problem) == (
        "row 22, reference: is the reference of an earlier row already: give every row a "
        "reference of its own (20 rows: 22-41)"
    )
    assert error.every_problem[3].problem == "is the reference of row 5 already"
    assert error.every_problem[3].value == "row-0004"


def test_scattered_rows_are_named_in_short(file: Path) -> None:
    file_rows = [row(f"r{n}", payment_rail="post" if n % 2 else "neft") for n in range(40)]
    write_csv(file, file_rows)
    (problem,) = refused(file).problems
    assert problem.extent == "20 rows: 3, 5, 7, 9, 11, ..."
    assert [*problem.rows] == [*range(3, 42, 2)]


def test_warnings_keep_their_rows_and_are_grouped_for_showing(file: Path) -> None:
    file_rows = [row(f"{n}E+1{n}", source_currency="CHF") for n in range(1, 9)]
    write_csv(file, file_rows)
    plan = Batch.from_csv(file).plan()
    currency = [one for one in plan.warnings if one.column == "source_currency"]
    assert [(one.count, [*one.rows]) for one in currency] == [(8, [*range(2, 10)])]
    shown = [(one.column, one.value, one.count) for one in grouped(plan.warnings)]
    assert shown == [("reference", None, 8), ("source_currency", "CHF", 8)]
    error = refused(file, strict=True)
    assert len(error.problems) == 2
    assert len(error.every_problem) == 9
