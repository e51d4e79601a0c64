"""Workbooks that are damaged, or made to do damage: refused in plain words, nothing left out."""

from __future__ import annotations

import random
import re
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from glomo.batch import Batch, PlanError

from .conftest import HEADER, row
from .test_xlsx_files import file, fill, problems, workbook

__all__ = ["file"]

SHEET = "xl/worksheets/sheet1.xml"
PAYOUT = row("a", source_amount=12.5)


def change_part(path: Path, change: Callable[[bytes], bytes], part: str = SHEET) -> None:
    """Write the workbook anew with one of its parts changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


@pytest.mark.parametrize("seed", range(40))
def test_bytes_that_have_changed_on_the_way_never_end_in_a_foreign_error(
    file: Path, seed: int
) -> None:
    chance = random.Random(seed)
    content = bytearray(workbook(file, PAYOUT).read_bytes())
    for _ in range(chance.choice((1, 3, 10, 40))):
        content[chance.randrange(len(content))] = chance.randrange(256)
    file.write_bytes(content)
    with suppress(PlanError):
        assert [one.reference for one in Batch.from_file(file).plan()] == ["a"]


def _flag(content: bytes, local: int, central: int, value: int) -> bytes:
    """Set a byte in the headers of all parts of a zip file."""
    changed = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
        for header in re.finditer(re.escape(mark), content):
            changed[header.start() + offset] = value
    return bytes(changed)


@pytest.mark.parametrize(
    ("offsets", "value"), [((6, 8), 1), ((8, 10), 99)], ids=["encrypted", "unknown compression"]
)
def test_parts_that_cannot_be_unpacked_are_refused(
    file: Path, offsets: tuple[int, int], value: int
) -> None:
    file.write_bytes(_flag(workbook(file, PAYOUT).read_bytes(), *offsets, value))
    [problem] = problems(file)
    assert problem.startswith("the workbook is damaged (")


@pytest.mark.parametrize(
    ("filling", "message"),
    [
        (b"<row/>" * 4_000_000, "unfolds to 22 MB in xl/worksheets/sheet1.xml"),
        (b'<row r="3">' + b"<c/>" * 4_000_000 + b"</row>", "unfolds to 15 MB"),
    ],
    ids=["rows", "cells"],
)
def test_a_small_file_that_unfolds_to_a_large_one_is_refused(
    file: Path, filling: bytes, message: str
) -> None:
    workbook(file, PAYOUT)
    change_part(file, lambda part: part.replace(b"</sheetData>", filling + b"</sheetData>"))
    [problem] = problems(file)
    assert message in problem


def test_a_row_number_beyond_all_bounds_is_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glomo.batch.files.workbook._MOST_ROWS", 1_000)
    workbook(file, PAYOUT)
    last = b'<row r="99999999"><c><v>1</v></c></row></sheetData>'
    change_part(file, lambda part: part.replace(b"</sheetData>", last))
    [problem] = problems(file)
    assert problem.startswith("the worksheet has more than 1,000 rows")


@pytest.mark.parametrize("column", ["source_amount", "source_amount_minor"])
def test_a_number_beyond_all_bounds_is_no_amount(file: Path, column: str) -> None:
    workbook(file, {**row("a", source_amount=...), column: 12.5})
    change_part(file, lambda part: part.replace(b"<v>12.5</v>", b"<v>1e999</v>"))
    [problem] = problems(file)
    assert "is not a number" in problem


@pytest.mark.parametrize("column", ["invoice_number", "reference", "payment_rail"])
def test_a_formula_that_was_never_calculated_is_not_taken_for_an_empty_cell(
    file: Path, column: str
) -> None:
    workbook(file, {**row("a"), column: "=B2"}, row("b"))
    [problem] = problems(file)
    assert problem.startswith(f"row 2, {column} '=B2': is a formula that was never calculated")


def test_a_row_of_formulas_that_were_never_calculated_is_not_left_out(file: Path) -> None:
    copies = {name: f"={'ABCDEFG'[n]}2" for n, name in enumerate(HEADER)}
    workbook(file, row("a"), copies)
    assert {problem.partition(",")[0] for problem in problems(file)} == {"row 3"}


def test_formulas_whose_value_is_an_empty_text_are_empty_cells(file: Path) -> None:
    """As where a formula was dragged further down than the table."""
    book = openpyxl.Workbook()
    fill(book.active, (row("a"),), {})
    sheet: Any = book.active
    for cell in ("A3", "E3", "H2"):
        sheet[cell] = '=IF(B3="","",B3)'
    book.save(file)
    empty = rb'<c r="\1" t="str"><f>\2</f><v></v></c>'
    change_part(file, lambda part: re.sub(rb'<c r="(\w+)"><f>(.*?)</f><v ?/></c>', empty, part))
    assert [one.reference for one in Batch.from_file(file).plan()] == ["a"]


@pytest.mark.parametrize("error", ["#REF!", "#N/A"])
def test_an_error_of_the_spreadsheet_is_no_reference(file: Path, error: str) -> None:
    workbook(file, row(error))
    [problem] = problems(file)
    assert "is an error of the spreadsheet: correct the cell it comes from" in problem
