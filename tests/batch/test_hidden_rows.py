"""Rows that a filter leaves out are not paid unasked; what hides them is found as it is written."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from glomo.batch import Batch, Plan, PlanError

from .conftest import HEADER, rows

HIDDEN = (
    "is hidden in the worksheet, by a filter or by hand: show it or delete it; "
    "include_hidden=True pays hidden rows, too"
)


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    def write(change: Callable[[Any], None] = lambda _: None, count: int = 20) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        columns = [*HEADER, "notes.team"]
        sheet.append(columns)
        for one in rows(count, **{"notes.team": "A"}):
            sheet.append([one.get(column) for column in columns])
        change(sheet)
        path = tmp_path / "november.xlsx"
        book.save(path)
        return path

    return write


def rewrite(path: Path, old: str, new: str) -> Path:
    """Change the worksheet's XML: what other programs write, openpyxl does not."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    name = "xl/worksheets/sheet1.xml"
    text = parts[name].decode()
    assert old in text
    parts[name] = text.replace(old, new).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for part, contents in parts.items():
            book.writestr(part, contents)
    return path


def refused(path: Path) -> PlanError:
    with pytest.raises(PlanError) as caught:
        Batch.from_file(path).plan()
    return caught.value


def included(path: Path) -> Plan:
    return Batch.from_file(path, include_hidden=True).plan()


def hide(*numbers: int) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        for number in numbers:
            sheet.row_dimensions[number].hidden = True

    return change


def test_hidden_rows_are_one_problem_with_their_rows(workbook: Callable[..., Path]) -> None:
    path = workbook(hide(12, 15, 16, 18))
    error = refused(path)
    (problem,) = error.problems
    assert str(problem) == f"row 12: {HIDDEN} (4 rows: 12, 15-16, 18)"
    assert [one.row for one in error.every_problem] == [12, 15, 16, 18]
    with pytest.raises(PlanError, match="row 12: is hidden"):
        Batch.from_xlsx(path).plan()


def test_hidden_rows_are_paid_for_who_says_so(workbook: Callable[..., Path]) -> None:
    plan = included(workbook(hide(12, 15)))
    assert len(plan) == 20
    assert plan.warnings == ()
    assert len(Batch.from_xlsx(workbook(hide(12)), include_hidden=True).plan()) == 20


def test_what_is_hidden_and_empty_or_the_header_is_no_problem(
    workbook: Callable[..., Path],
) -> None:
    plan = Batch.from_file(workbook(hide(1, 25, 40))).plan()
    assert (len(plan), plan.warnings) == (20, ())


def test_rows_outside_the_file_are_counted_as_the_worksheet_counts(
    workbook: Callable[..., Path],
) -> None:
    def leave_a_gap(sheet: Any) -> None:
        sheet.insert_rows(5, 3)
        hide(9)(sheet)

    (problem,) = refused(workbook(leave_a_gap)).problems
    assert problem.row == 9


@pytest.mark.parametrize(
    "attributes",
    [
        # LibreOffice
        'r="3" customFormat="false" ht="12.8" hidden="true" customHeight="false"',
        # a collapsed group
        'r="3" outlineLevel="1" hidden="1"',
        "r='3' hidden='1'",
        # a row without height
        'r="3" ht="0" customHeight="1"',
    ],
)
def test_other_programs_hide_in_other_words(workbook: Callable[..., Path], attributes: str) -> None:
    path = rewrite(workbook(), '<row r="3"', f"<row {attributes}")
    assert [problem.row for problem in refused(path).problems] == [3]


@pytest.mark.parametrize(
    "attributes",
    ['r="3" hidden="0"', 'r="3" hidden="false" ht="15"', 'r="3" ht="0.5" customHeight="1"'],
)
def test_what_is_shown_is_paid(workbook: Callable[..., Path], attributes: str) -> None:
    path = rewrite(workbook(), '<row r="3"', f"<row {attributes}")
    assert len(Batch.from_file(path).plan()) == 20


def test_rows_without_numbers_and_names_with_a_prefix_are_counted(
    workbook: Callable[..., Path],
) -> None:
    path = rewrite(workbook(count=3), '<row r="2"', "<row")
    path = rewrite(path, '<row r="3"', '<row hidden="1"')
    assert [problem.row for problem in refused(path).problems] == [3]
    path = workbook(hide(4))
    for old, new in (
        ("<row ", "<x:row "),
        ("</row>", "</x:row>"),
        (
            "<worksheet ",
            '<worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ',
        ),
    ):
        rewrite(path, old, new)
    assert [problem.row for problem in refused(path).problems] == [4]


def test_a_hidden_column_is_read_with_a_warning(workbook: Callable[..., Path]) -> None:
    def change(sheet: Any) -> None:
        sheet.column_dimensions["H"].hidden = True
        sheet.column_dimensions["K"].hidden = True

    path = workbook(change)
    plan = Batch.from_file(path).plan()
    assert [str(warning) for warning in plan.warnings] == [
        "row 1, notes.team: this column is hidden, and is read all the same: show it, and look at "
        "what is in it"
    ]
    assert plan.rows[0].notes == (("team", "A"),)
    assert included(path).warnings == ()


def test_only_the_worksheet_that_is_read_counts(workbook: Callable[..., Path]) -> None:
    def change(sheet: Any) -> None:
        other = sheet.parent.create_sheet("Archive")
        for row in sheet.iter_rows(values_only=True):
            other.append(row)
        other.row_dimensions[3].hidden = True
        other.sheet_state = "hidden"

    path = workbook(change)
    assert len(Batch.from_file(path).plan()) == 20
    with pytest.raises(PlanError, match="row 3: is hidden"):
        Batch.from_file(path, sheet="Archive").plan()


def test_a_filter_with_formulas_in_the_sheet(workbook: Callable[..., Path]) -> None:
    def change(sheet: Any) -> None:
        sheet["J1"] = None
        sheet["H7"] = "=1+1"
        sheet.auto_filter.ref = "A1:H21"
        hide(7, 8)(sheet)

    shown = [(one.row, one.column) for one in refused(workbook(change)).every_problem]
    assert set(shown) == {(7, None), (7, "notes.team"), (8, None)}
