"""Excel workbooks: cells have types, and what Excel does to them is noticed or undone."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from glomo import Money
from glomo.batch import Batch, Plan, PlanError

from .conftest import HEADER, row

MONEY = "#,##0.00"


def workbook(path: Path, *records: dict[str, Any], formats: dict[str, str] | None = None) -> Path:
    book = openpyxl.Workbook()
    fill(book.active, records, formats or {})
    book.save(path)
    return path


def fill(sheet: Any, records: tuple[dict[str, Any], ...], formats: dict[str, str]) -> None:
    columns = list(dict.fromkeys([*HEADER, *(key for one in records for key in one)]))
    sheet.append(columns)
    for number, one in enumerate(records, start=2):
        sheet.append([one.get(column) for column in columns])
        for column, number_format in formats.items():
            sheet.cell(number, columns.index(column) + 1).number_format = number_format


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "november.xlsx"


def planned(path: Path) -> Plan:
    return Batch.from_file(path).plan()


def problems(path: Path) -> list[str]:
    with pytest.raises(PlanError) as refused:
        planned(path)
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("amount", "number_format", "minor"),
    [
        (1250, MONEY, 125_000),
        (1250, "0.00", 125_000),
        (1250, '"USD" #,##0.00;[Red]-#,##0.00', 125_000),
        (1250.5, "General", 125_050),
        (1250.55, "0", 125_055),
        (0.1 + 0.2, "General", 30),
        (64.1 * 3, MONEY, 19_230),
        ("1250.00", "General", 125_000),
    ],
)
def test_amounts_are_taken_from_typed_cells(
    file: Path, amount: Any, number_format: str, minor: int
) -> None:
    workbook(file, row("a", source_amount=amount), formats={"source_amount": number_format})
    assert planned(file).totals == {"USD": Money(minor, "USD")}


@pytest.mark.parametrize(
    ("amount", "number_format", "message"),
    [
        (1250, "General", "USD is written with 2 decimals, this has none"),
        (1250, "#,##0", "USD is written with 2 decimals, this has none"),
        (1250, "0.0", "USD is written with 2 decimals, this has none"),
        (1250, '0" .00"', "USD is written with 2 decimals, this has none"),
        (33.333333, MONEY, "USD is written with 2 decimals, this has 6"),
        (-5, MONEY, "a payout cannot be negative"),
        (0, MONEY, "a payout cannot be zero"),
        ("=A1/0", "General", "is a formula that was never calculated"),
        ("#REF!", "General", "is an error of the spreadsheet"),
        (True, "General", "is TRUE or FALSE"),
        (datetime(2026, 11, 24), "yyyy-mm-dd", "is a date"),
    ],
)
def test_amounts_that_are_not_plain_are_refused(
    file: Path, amount: Any, number_format: str, message: str
) -> None:
    workbook(file, row("a", source_amount=amount), formats={"source_amount": number_format})
    [problem] = problems(file)
    assert message in problem


def test_a_column_of_whole_numbers_is_one_problem(file: Path) -> None:
    workbook(file, *(row(f"r{n}", source_amount=100 + n) for n in range(20)))
    assert problems(file) == [
        "column source_amount, 20 rows: these amounts lack two decimals, as after a spreadsheet "
        "reformatted them: format the column as a number with two decimals, or name the column "
        "source_amount_minor if these are minor units"
    ]


def test_currencies_without_decimals_and_minor_units_are_whole(file: Path) -> None:
    workbook(
        file,
        row("a", source_currency="JPY", source_amount=1250),
        row("b", source_amount=None, source_amount_minor=7),
        row("c", source_amount=None, source_amount_minor=8.0),
    )
    assert [one.source_amount for one in planned(file)] == [1250, 7, 8]


def test_references_and_invoices_keep_their_zeros_and_are_no_dates(file: Path) -> None:
    workbook(
        file,
        row(17, invoice_number=123, **{"notes.due": date(2026, 11, 24), "notes.cost": 4711}),
        formats={"invoice_number": "000000"},
    )
    [only] = planned(file)
    assert (only.reference, only.invoice_number) == ("17", "000123")
    assert dict(only.notes) == {"due": "2026-11-24", "cost": "4711"}


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        (datetime(2026, 1, 2), "is a date: Excel makes dates of what looks like one"),
        (12345678901234567890, "is a number of more than 15 digits"),
    ],
)
def test_references_that_excel_has_changed_are_refused(
    file: Path, reference: Any, message: str
) -> None:
    workbook(file, row(reference))
    [problem] = problems(file)
    assert message in problem


def test_rows_are_counted_as_excel_does_and_empty_ones_passed_over(file: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([])
    fill(sheet, (), {})
    for line in ([], list(row("a").values()), [None, " "], list(row("b").values())):
        sheet.append(line)
    book.save(file)
    assert [(one.number, one.reference) for one in planned(file)] == [(4, "a"), (6, "b")]


def test_the_sheet_is_the_one_that_has_payouts_or_the_one_that_is_named(file: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Read me"
    book.active.append(["How to use this workbook"])
    fill(book.create_sheet("May"), (row("may"),), {})
    book.save(file)
    assert [one.reference for one in planned(file)] == ["may"]
    fill(book.create_sheet("June"), (row("june"),), {})
    book.save(file)
    assert problems(file) == [
        "several worksheets could be meant: name one as the sheet: 'Read me', 'May', 'June'"
    ]
    for name, reference in (("May", "may"), ("June", "june")):
        plan = Batch.from_file(file, sheet=name).plan()
        assert [one.reference for one in plan] == [reference]
    with pytest.raises(PlanError, match="there is no worksheet 'July': the worksheets are 'Read"):
        Batch.from_xlsx(file, sheet="July").plan()
    book["June"].sheet_state = "hidden"
    book.save(file)
    assert [one.reference for one in planned(file)] == ["may"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty|not an Excel workbook"),
        (b"reference,beneficiary_id\n", "not an Excel workbook"),
        (b"\xd0\xcf\x11\xe0 and so on", "protected by a password"),
        (b"PK\x03\x04 and so on", "the workbook is damaged"),
    ],
)
def test_what_is_no_workbook_is_refused_in_plain_words(
    file: Path, content: bytes, message: str
) -> None:
    file.write_bytes(content)
    with pytest.raises(PlanError, match=message):
        planned(file)


def test_a_zip_file_of_something_else_is_refused(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr("hello.txt", "hello")
    with pytest.raises(PlanError, match="the workbook is damaged"):
        planned(file)


def test_an_empty_sheet_and_one_without_rows(file: Path) -> None:
    openpyxl.Workbook().save(file)
    assert problems(file) == ["the worksheet 'Sheet' is empty: it needs one row a payout"]
    workbook(file)
    assert problems(file) == ["the worksheet has a header and no rows: it needs one row a payout"]
