"""Payout files as Excel workbooks.

A workbook's cells have types, so less can go wrong than in CSV: an amount is a number with a number
format, and both are looked at. `1250.5` can only be major units and is taken; `1250` could be
minor units just as well unless its format shows the currency's decimals, so it is refused as in a
CSV file. What Excel turns texts into (a reference into a date, a long number into 1.2E+18) is
refused where it would change what is paid, and undone where nothing is lost (leading zeros).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glomo.batch.problems import CellError, Problems
from glomo.batch.rows import Row
from glomo.currencies import EXPONENTS

from .columns import AMOUNTS, NOTES, is_known, read_header
from .row_reader import Cell, RowReader
from .text import FileError, readable

if TYPE_CHECKING:
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.workbook.workbook import Workbook

_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_DIGITS = 15
"""Decimal digits that Excel keeps of a number."""

_ZEROS = re.compile(r"0+\Z")
_DECIMALS = re.compile(r"\.(0+)")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


def read_xlsx(path: Path, problems: Problems, sheet: str | None = None) -> Iterator[Row]:
    """The rows of a worksheet that are in order; what is wrong with the others is noted.

    Args:
        path: the workbook.
        problems: where mistakes are noted.
        sheet: the worksheet's name; left out, the only visible one, or the only one whose first
            row names columns of a payout file.

    Raises:
        FileError: the workbook cannot be read (any further).
    """
    with readable(path):
        with path.open("rb") as raw:
            _refuse_other_files(raw.read(4))
        try:
            with closing(_open(path)) as book:
                yield from _rows(_chosen(book, sheet), problems)
        except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
            # What openpyxl raises for a damaged workbook depends on where the damage is.
            raise FileError(
                f"the workbook is damaged ({type(error).__name__})", "open it in Excel and save it"
            ) from error


def _refuse_other_files(start: bytes) -> None:
    if start == _OLE:
        raise FileError(
            "this workbook is protected by a password, or in the format of Excel 97",
            "in Excel choose File > Save As > 'Excel Workbook (*.xlsx)', without a password",
        )
    if start != _ZIP:
        raise FileError(
            "this is not an Excel workbook, whatever its ending says",
            "name it .csv if it is text, or save it anew from Excel",
        )


def _open(path: Path) -> Workbook:
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 - an extra
    except ImportError:
        raise FileError(
            "reading Excel workbooks needs openpyxl", "pip install 'glomo[cli]'"
        ) from None
    return load_workbook(path, read_only=True, data_only=True, keep_links=False)


def _chosen(book: Workbook, sheet: str | None) -> Any:
    names = [one.title for one in book.worksheets]
    listed = ", ".join(repr(name) for name in names)
    if sheet is not None:
        if sheet not in names:
            raise FileError(f"there is no worksheet {sheet!r}", f"the worksheets are {listed}")
        return book[sheet]
    visible = [one for one in book.worksheets if one.sheet_state == "visible"]
    if len(visible) == 1:
        return visible[0]
    fitting = [one for one in visible if any(map(is_known, _first_names(one)))]
    if len(fitting) != 1:
        why = "several worksheets could be meant" if fitting else "no worksheet names the columns"
        raise FileError(f"{why}", f"name one as the sheet: {listed}")
    return fitting[0]


def _first_names(sheet: Any) -> list[str]:
    for _, cells in _records(sheet):
        return _names(cells)
    return []


def _records(sheet: Any) -> Iterator[tuple[int, Sequence[ReadOnlyCell]]]:
    """Every row that has something in it, with its number in the worksheet."""
    # The size that the file claims may be wrong; without it openpyxl reads what is there.
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if any(cell.value is not None and str(cell.value).strip() for cell in cells):
            yield number, cells


def _names(cells: Sequence[ReadOnlyCell]) -> list[str]:
    return ["" if cell.value is None else str(cell.value).strip() for cell in cells]


def _rows(sheet: Any, problems: Problems) -> Iterator[Row]:
    records = _records(sheet)
    header_row, header = next(records, (0, ()))
    if not header_row:
        raise FileError(f"the worksheet {sheet.title!r} is empty", "it needs one row a payout")
    columns = read_header(header_row, _names(header), problems)
    rows = RowReader(problems, {name for name in columns if name})
    empty = True
    for number, cells in records:
        empty = False
        row = _row(number, dict(zip(columns, cells, strict=False)), rows, problems)
        if row is not None:
            yield row
    if empty:
        raise FileError("the worksheet has a header and no rows", "it needs one row a payout")


def _row(
    number: int, cells: Mapping[str, ReadOnlyCell], rows: RowReader, problems: Problems
) -> Row | None:
    values: dict[str, Cell] = {}
    sound = True
    for column, cell in cells.items():
        if not column or cell.value is None:
            continue
        try:
            value = _value(column, cell, cells)
        except CellError as error:
            sound = False
            problems.add_cell(number, column, cell.value, error)
            continue
        if value != "":
            values[column] = value
    row = rows.read(number, values, sound=sound)
    return row if sound else None


def _value(column: str, cell: ReadOnlyCell, cells: Mapping[str, ReadOnlyCell]) -> Cell:
    value: Any = cell.value
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        raise CellError("is TRUE or FALSE, not a text", "format the column as text, and type it")
    if isinstance(value, (int, float)):
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
    shown = _DECIMALS.search(first)
    return len(shown[1]) if shown else 0
