"""Payout files as Excel workbooks.

A workbook's cells have types, so less can go wrong than in CSV: an amount is a number with a number
format, and both are looked at. `1250.5` can only be major units and is taken; `1250` could be
minor units just as well unless its format shows the currency's decimals, so it is refused as in a
CSV file. What Excel turns texts into (a reference into a date, a long number into 1.2E+18) is
refused where it would change what is paid, and undone where nothing is lost (leading zeros).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glomo.batch.problems import CellError, Problems
from glomo.batch.rows import Row
from glomo.currencies import EXPONENTS
from glomo.diagnosis import Diagnosis, Remedy

from .columns import AMOUNTS, NOTES, is_known, read_header
from .hidden import Hidden
from .row_reader import Cell, RowReader
from .text import FileError, readable
from .workbook import FORMULA, WorkbookFile, opened

if TYPE_CHECKING:
    from openpyxl.cell.read_only import ReadOnlyCell

_DIGITS = 15
"""Decimal digits that Excel keeps of a number."""

_HIDDEN_ROW = Diagnosis(
    "is hidden in the worksheet, by a filter or by hand", remedies=(Remedy.SHOW_HIDDEN,)
)
_HIDDEN_COLUMN = Diagnosis(
    "this column is hidden, and is read all the same", "show it, and look at what is in it"
)

_ZEROS = re.compile(r"0+\Z")
_DECIMALS = re.compile(r"\.(0+)")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


def read_xlsx(
    path: Path, problems: Problems, sheet: str | None = None, *, include_hidden: bool = False
) -> Iterator[Row]:
    """The rows of a worksheet that are in order; what is wrong with the others is noted.

    A hidden row that has something in it is a mistake: who hid it may believe that it is not paid.

    Args:
        path: the workbook.
        problems: where mistakes are noted.
        sheet: the worksheet's name; left out, the only visible one, or the only one whose first
            row names columns of a payout file.
        include_hidden: take hidden rows and columns as if they were shown.

    Raises:
        FileError: the workbook cannot be read (any further).
    """
    with readable(path), opened(path) as book:
        chosen = _chosen(book, sheet)
        hidden = Hidden() if include_hidden else book.hidden(chosen)
        yield from _rows(book, chosen, problems, hidden)


def _chosen(book: WorkbookFile, sheet: str | None) -> Any:
    names = [sheet.title for sheet in book.sheets]
    titles = ", ".join(repr(name) for name in names)
    if sheet is not None:
        if sheet not in names:
            raise FileError(f"there is no worksheet {sheet!r}", f"the worksheets are {titles}")
        return book.sheets[names.index(sheet)]
    visible = [sheet for sheet in book.sheets if sheet.sheet_state == "visible"]
    if len(visible) == 1:
        return visible[0]
    fitting = [sheet for sheet in visible if any(map(is_known, _first_names(book, sheet)))]
    if len(fitting) != 1:
        why = "several worksheets could be meant" if fitting else "no worksheet names the columns"
        raise FileError(f"{why}", f"name one as the sheet: {titles}")
    return fitting[0]


def _first_names(book: WorkbookFile, sheet: Any) -> list[str]:
    for _, cells in book.rows(sheet):
        return _names(cells)
    return []


def _names(cells: Sequence[ReadOnlyCell]) -> list[str]:
    return ["" if cell.value is None else str(cell.value).strip() for cell in cells]


def _rows(book: WorkbookFile, sheet: Any, problems: Problems, hidden: Hidden) -> Iterator[Row]:
    records = book.rows(sheet)
    header_row, header = next(records, (0, ()))
    if not header_row:
        raise FileError(f"the worksheet {sheet.title!r} is empty", "it needs one row a payout")
    columns = read_header(header_row, _names(header), problems)
    rows = RowReader(problems, {name for name in columns if name})
    for position, name in enumerate(columns, start=1):
        if name and hidden.column(position):
            problems.warn(header_row, name, None, _HIDDEN_COLUMN)
    empty = True
    for number, cells in records:
        empty = False
        if hidden.row(number):
            problems.add(number, None, None, _HIDDEN_ROW)
        row = _row(number, dict(zip(columns, cells, strict=False)), rows, problems)
        if row is not None:
            yield row
    if empty:
        raise FileError("the worksheet has a header and no rows", "it needs one row a payout")


def _row(
    number: int, cells: Mapping[str, ReadOnlyCell], rows: RowReader, problems: Problems
) -> Row | None:
    values: dict[str, Cell] = {}
    valid = True
    for column, cell in cells.items():
        if not column or cell.value is None:
            continue
        try:
            value = _value(column, cell, cells)
        except CellError as error:
            valid = False
            # A formula that fills several cells is an object of openpyxl's.
            displayed = getattr(cell.value, "text", cell.value)
            problems.add_cell(number, column, displayed, error)
            continue
        if value != "":
            values[column] = value
    row = rows.read(number, values, valid=valid)
    return row if valid else None


def _value(column: str, cell: ReadOnlyCell, cells: Mapping[str, ReadOnlyCell]) -> Cell:
    value: Any = cell.value
    if cell.data_type == FORMULA:
        raise CellError(
            "is a formula that was never calculated",
            "open the workbook in Excel and save it, or write the value itself",
        )
    if cell.data_type == "e":
        raise CellError("is an error of the spreadsheet", "correct the cell it comes from")
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        raise CellError("is TRUE or FALSE, not a text", "format the column as text, and type it")
    if isinstance(value, (int, float)):
        if not isfinite(value):
            raise CellError("is not a number", "write the digits alone")
        return _amount(column, cell, cells) if column in AMOUNTS else _text(value, cell)
    if isinstance(value, (datetime, date, time, timedelta)):
        if column.startswith(NOTES):
            midnight = isinstance(value, datetime) and value.time() == time()
            return str(value.date() if midnight and isinstance(value, datetime) else value)
        raise CellError(
            "is a date: Excel makes dates of what looks like one",
            "format the column as text, and type it again",
        )
    raise CellError("is not a text", "format the column as text, and type it again")


def _text(value: int | float, cell: ReadOnlyCell) -> str:
    """A number where a text belongs, as Excel shows it."""
    if abs(value) >= 10**_DIGITS:
        raise CellError(
            f"is a number of more than {_DIGITS} digits, of which Excel keeps {_DIGITS}",
            "format the column as text, and type all digits again",
        )
    if value != int(value):
        return f"{value:.{_DIGITS}g}"
    zeros = _ZEROS.match(cell.number_format or "")
    return str(int(value)).zfill(len(zeros[0]) if zeros else 0)


def _amount(column: str, cell: ReadOnlyCell, cells: Mapping[str, ReadOnlyCell]) -> Cell:
    value: Any = cell.value
    if column.endswith("_minor"):
        return int(value) if value == int(value) else _plain(value)
    currency = cells.get(column.replace("_amount", "_currency"))
    places = EXPONENTS.get(str(currency.value).strip() if currency is not None else "", 2)
    text = _plain(value)
    _, _, decimals = text.partition(".")
    if len(decimals) > places:
        return text  # and refused by the rule for texts
    if decimals or _shown_decimals(cell.number_format or "") == places:
        return f"{Decimal(text):.{places}f}"
    return text


def _plain(value: int | float) -> str:
    """The digits that Excel shows: a sum of cents is not 0.30000000000000004 there."""
    return f"{Decimal(f'{value:.{_DIGITS}g}'):f}"


def _shown_decimals(number_format: str) -> int:
    """How many decimals a number format shows always."""
    first, *_ = _QUOTED.sub("", number_format).split(";")
    match = _DECIMALS.search(first)
    return len(match[1]) if match else 0
