"""An Excel workbook to fill in: the columns of a payout file, with lists to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from glomo import purpose_codes
from glomo.batch.files.row_reader import DESTINATION_CURRENCIES, RAILS, SOURCE_CURRENCIES
from glomo.batch.output_file import replacing

COLUMNS = (
    ("reference", 18, "Names the row; unique in the file. The same reference is paid once."),
    ("beneficiary_id", 24, "Who is paid: name, nickname or id (glomo beneficiaries list)"),
    ("source_currency", 16, "The balance that pays."),
    ("destination_currency", 20, "What arrives."),
    ("source_amount", 16, "What leaves the balance, such as 1250.00"),
    ("payment_rail", 14, "How it travels; swift if left empty."),
    ("purpose_code", 14, "Why it is paid: see the sheet Purpose codes."),
    ("invoice_number", 18, "Optional."),
    ("documents", 24, "Optional: files (invoices/17.pdf) or ids, separated by semicolons."),
    ("notes.department", 18, "Optional; a column for each notes.<key> of your own."),
)
_AMOUNT = "source_amount"
_EXAMPLE = (
    (
        "INV-2026-0917",
        "bene_5JU9yv0lGSUP",
        "USD",
        "INR",
        "1250.00",
        "neft",
        "S0803",
        "0917",
        "",
        "",
    ),
    ("INV-2026-0918", "bene_8KcQm2TnWvRa", "EUR", "EUR", "640.50", "sepa", "S1005", "0918", "", ""),
)
_HEADER = PatternFill("solid", fgColor="1F3A5F")


def write_template(path: Path, rows: int) -> Path:
    """Write the workbook.

    Args:
        path: where to.
        rows: how many rows are prepared.
    """
    book = Workbook()
    payouts = book.active
    assert payouts is not None
    payouts.title = "Payouts"
    _write_payouts(payouts, rows)
    _write_guide(book.create_sheet("How to fill it in"))
    codes = _write_codes(book.create_sheet("Purpose codes"))
    last = rows + 1
    lists = {
        "source_currency": _choices(sorted(SOURCE_CURRENCIES)),
        "destination_currency": _choices(sorted(DESTINATION_CURRENCIES)),
        "payment_rail": _choices(RAILS),
        "purpose_code": f"='Purpose codes'!$A$2:$A${codes + 1}",
    }
    for name, formula in lists.items():
        _validate(payouts, name, last, DataValidation("list", formula1=formula, allow_blank=True))
    letter = _letter("reference")
    unique = f"COUNTIF(${letter}$2:${letter}${last},{letter}2)=1"
    _validate(payouts, "reference", last, DataValidation("custom", formula1=unique))
    positive = DataValidation("decimal", operator="greaterThan", formula1="0", allow_blank=True)
    _validate(payouts, _AMOUNT, last, positive)
    with replacing(path) as draft:
        book.save(draft)
    return path


def _write_payouts(sheet: Any, rows: int) -> None:
    for position, (name, width, _) in enumerate(COLUMNS, start=1):
        _head(sheet.cell(1, position, name))
        sheet.column_dimensions[get_column_letter(position)].width = width
        # Text, so that no reference becomes a date and no zero is lost; amounts show their cents.
        number_format = "0.00" if name == _AMOUNT else "@"
        for row in range(2, rows + 2):
            sheet.cell(row, position).number_format = number_format
    sheet.freeze_panes = "B2"


def _write_guide(sheet: Any) -> None:
    for position, heading in enumerate(("column", "what to write"), start=1):
        _head(sheet.cell(1, position, heading))
    for row, (name, _, meaning) in enumerate(COLUMNS, start=2):
        sheet.cell(row, 1, name).font = Font(bold=True)
        sheet.cell(row, 2, meaning)
    steps = (
        "Fill in the sheet Payouts, one row a payout. Empty rows do not count.",
        "glomo payouts plan FILE.xlsx checks it and shows what it comes to. Nothing is sent.",
        "glomo payouts run FILE.xlsx --sandbox rehearses it here, without a key.",
        "glomo payouts run FILE.xlsx pays it: each row once, however often it is run.",
    )
    row = len(COLUMNS) + 3
    for step, text in enumerate(steps):
        sheet.cell(row + step, 1, f"{step + 1}.")
        sheet.cell(row + step, 2, text)
    row += len(steps) + 1
    sheet.cell(row, 1, "For example").font = Font(bold=True)
    for line, values in enumerate([[name for name, _, _ in COLUMNS], *_EXAMPLE], start=row + 1):
        for position, value in enumerate(values, start=1):
            sheet.cell(line, position, value).number_format = "@"
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 76


def _write_codes(sheet: Any) -> int:
    """The payout codes; returns how many there are."""
    for position, (heading, width) in enumerate(
        (("code", 10), ("label", 70), ("group", 32), ("documents needed", 28)), start=1
    ):
        _head(sheet.cell(1, position, heading))
        sheet.column_dimensions[get_column_letter(position)].width = width
    codes = [code for code in purpose_codes.all_codes() if code.direction == "payout"]
    for row, code in enumerate(codes, start=2):
        documents = ", ".join(code.documents)
        for position, value in enumerate((code.code, code.label, code.group, documents), start=1):
            sheet.cell(row, position, value)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:D{len(codes) + 1}"
    return len(codes)


def _head(cell: Any) -> None:
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = _HEADER
    cell.alignment = Alignment(vertical="center")


def _choices(values: Sequence[str]) -> str:
    return f'"{",".join(values)}"'


def _letter(name: str) -> str:
    return get_column_letter([column for column, _, _ in COLUMNS].index(name) + 1)


def _validate(sheet: Any, name: str, last: int, rule: Any) -> None:
    rule.showErrorMessage = True
    rule.errorTitle = name
    rule.error = next(meaning for column, _, meaning in COLUMNS if column == name)
    letter = _letter(name)
    rule.add(f"{letter}2:{letter}{last}")
    sheet.add_data_validation(rule)
