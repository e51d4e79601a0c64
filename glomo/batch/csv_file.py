"""Payout files as CSV."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from .columns import AMOUNTS, KNOWN, advice, is_known, meant, missing
from .problems import Problems
from .rows import Row
from .rules import Cell, RowReader
from .text_files import FileError, lines

_DELIMITERS = ",;\t"


def read_csv(path: Path, problems: Problems) -> Iterator[Row]:
    """The rows of a CSV file that are in order; what is wrong with the others is noted.

    Commas, semicolons and tabs separate; the header tells which.

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
    columns = _header(header_row, names, problems)
    rows = RowReader(problems, {name for name in columns if name})
    empty = True
    for number, values in records:
        empty = False
        row = _row(number, values, columns, rows, problems)
        if row is not None:
            yield row
    if empty:
        raise FileError("the file has a header and no rows", "it needs one row a payout")


def _declared(line: str) -> str | None:
    """Excel's own `sep=;` in front of the header, which it does not show as a row."""
    tidy = line.strip().strip('"')
    if len(tidy) == 5 and tidy.casefold().startswith("sep=") and tidy[4] in _DELIMITERS:
        return tidy[4]
    return "\t" if line.rstrip("\r\n").casefold() == "sep=\t" else None


def _delimiter(header: str) -> str:
    """What splits the header into the most known columns; a comma if nothing does."""

    def known(delimiter: str) -> int:
        names = (name.strip(' \r\n"').casefold() for name in header.split(delimiter))
        return sum(is_known(name) for name in names)

    return max(_DELIMITERS, key=known)


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


def _broken(number: int, said: str) -> FileError:
    rest = "the rest of the file was not read"
    if "unexpected end of data" in said:
        return FileError(
            f"a quotation mark that opens in this row is never closed; {rest}",
            'close it, or write "" for a quotation mark inside a quoted cell',
            row=number,
        )
    if "field larger" in said:
        return FileError(
            f"a cell is longer than {csv.field_size_limit():,} characters; {rest}",
            "perhaps a quotation mark is not closed",
            row=number,
        )
    if "expected after" in said:
        return FileError(
            f"something follows a closing quotation mark; {rest}",
            'write "" for a quotation mark inside a quoted cell',
            row=number,
        )
    return FileError(f"the row is not CSV ({said}); {rest}", row=number)


def _header(row: int, names: list[str], problems: Problems) -> list[str]:
    """The column of each cell: its name, or an empty text if it is not to be read."""
    if not any(is_known(name) or is_known(name.casefold()) for name in names):
        found = ", ".join([name for name in names if name][:6])
        raise FileError(
            f"the first row must name the columns, and names none of them (found: {found})",
            f"begin the file with {','.join((*KNOWN[:5], AMOUNTS[0]))},...",
            row=row,
        )
    while names and not names[-1]:  # a spreadsheet's empty columns at the right
        names.pop()
    columns: list[str] = []
    counts = Counter(names)
    for position, name in enumerate(names, start=1):
        wrong = _wrong_name(name, position, counts[name], first=name not in columns)
        if wrong is not None:
            problem, instead = wrong
            if problem:
                problems.add(row, name or None, None, problem, instead)
            columns.append("")
        else:
            columns.append(name)
    # A column that is only misspelt is not reported as missing on top of it.
    misspelt = {meant(name) for name in names if not is_known(name)}
    for name, instead in missing({*columns, *filter(None, misspelt)}):
        problems.add(row, name, None, "this column is missing", instead)
    return columns


def _wrong_name(name: str, position: int, count: int, *, first: bool) -> tuple[str, str] | None:
    if not name:
        return f"column {position} has no name", "name it, or delete it"
    if not is_known(name):
        return "is not a column of a payout file", advice(name)
    if not first:
        return "this column is there twice" if count == 2 else f"is there {count} times", (
            "keep one of them"
        )
    return None


def _row(
    number: int, values: list[str], columns: list[str], rows: RowReader, problems: Problems
) -> Row | None:
    expected, found = len(columns), len(values)
    while found > expected and not values[found - 1]:
        found -= 1
    if found != expected:
        problems.add(number, None, None, *_wrong_width(found, expected))
        return None
    cells: dict[str, Cell] = {
        column: value for column, value in zip(columns, values, strict=False) if column and value
    }
    return rows.read(number, cells)


def _wrong_width(found: int, expected: int) -> tuple[str, str]:
    problem = f"has {found} cells, the header has {expected}"
    if found > expected:
        return problem, 'put a cell that has a comma in it into quotation marks, as "Smith, Ltd"'
    return problem, "every column needs its separator, also where the cell is empty"
