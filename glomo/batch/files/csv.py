"""Payout files as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from glomo.batch.problems import Problems
from glomo.batch.rows import Row
from glomo.diagnosis import Diagnosis

from .amounts import with_point
from .columns import AMOUNTS, is_known, read_header
from .row_reader import Cell, RowReader
from .text import FileError, lines

_DELIMITERS = ",;\t"
_MAJOR = {column for column in AMOUNTS if not column.endswith("_minor")}


def read_csv(path: Path, problems: Problems) -> Iterator[Row]:
    """The rows of a CSV file that are in order; what is wrong with the others is noted.

    Commas, semicolons and tabs separate; the header tells which. Where semicolons do, the comma is
    free to mark decimals, as spreadsheets of most of Europe write them.

    Raises:
        FileError: the file cannot be read (any further).
    """
    text = lines(path)
    first = next(text, "")
    delimiter = _declared(first)
    if delimiter is None:
        delimiter = _delimiter(first)
        text = chain([first], text)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    records = _records(reader)
    header_row, names = next(records, (0, list[str]()))
    if not header_row:
        raise FileError("the file is empty", "it needs one row a payout")
    columns = read_header(header_row, names, problems)
    rows = RowReader(problems, {name for name in columns if name})
    empty = True
    for number, values in records:
        empty = False
        row = _row(number, values, columns, rows, problems, comma=delimiter == ";")
        if row is not None:
            yield row
    if empty:
        raise FileError("the file has a header and no rows", "it needs one row a payout")


def _declared(line: str) -> str | None:
    """Excel's own `sep=;` in front of the header, which it does not show as a row."""
    declaration = line.strip().strip('"')
    if (
        len(declaration) == 5
        and declaration.casefold().startswith("sep=")
        and declaration[4] in _DELIMITERS
    ):
        return declaration[4]
    return "\t" if line.rstrip("\r\n").casefold() == "sep=\t" else None


def _delimiter(header: str) -> str:
    """What splits the header into the most known columns; a comma if nothing does."""

    def count_columns(delimiter: str) -> int:
        names = (name.strip(' \r\n"').casefold() for name in header.split(delimiter))
        return sum(is_known(name) for name in names)

    return max(_DELIMITERS, key=count_columns)


def _records(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Every record that has something in it, numbered as a spreadsheet does."""
    number = 0
    while True:
        number += 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _broken(number, str(error)) from None
        values = [value.strip() for value in values]
        if any(values):
            yield number, values


def _broken(number: int, message: str) -> FileError:
    consequence = "the rest of the file was not read"
    if "unexpected end of data" in message:
        return FileError(
            f"a quotation mark that opens in this row is never closed; {consequence}",
            'close it, or write "" for a quotation mark inside a quoted cell',
            row=number,
        )
    if "field larger" in message:
        return FileError(
            f"a cell is longer than {csv.field_size_limit():,} characters; {consequence}",
            "perhaps a quotation mark is not closed",
            row=number,
        )
    if "expected after" in message:
        return FileError(
            f"something follows a closing quotation mark; {consequence}",
            'write "" for a quotation mark inside a quoted cell',
            row=number,
        )
    return FileError(f"the row is not CSV ({message}); {consequence}", row=number)


def _row(
    number: int,
    values: list[str],
    columns: list[str],
    rows: RowReader,
    problems: Problems,
    *,
    comma: bool,
) -> Row | None:
    expected, actual = len(columns), len(values)
    while actual > expected and not values[actual - 1]:
        actual -= 1
    if actual != expected:
        problems.add(number, None, None, Diagnosis(*_wrong_width(actual, expected)))
        return None
    cells: dict[str, Cell] = {
        column: value for column, value in zip(columns, values, strict=False) if column and value
    }
    if comma:
        for column in cells.keys() & _MAJOR:
            cells[column] = with_point(str(cells[column]))
    return rows.read(number, cells)


def _wrong_width(actual: int, expected: int) -> tuple[str, str]:
    problem = f"has {actual} cells, the header has {expected}"
    if actual > expected:
        return problem, 'put a cell that has a comma in it into quotation marks, as "Smith, Ltd"'
    return problem, "every column needs its separator, also where the cell is empty"
