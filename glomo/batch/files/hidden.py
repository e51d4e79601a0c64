"""Which rows and columns of a worksheet a person does not see.

Whoever leaves rows out with a filter may believe that they are not paid; openpyxl reads them like
any other, and does not tell when it reads row by row. Excel and LibreOffice mark each such row as
hidden, whether a filter, a collapsed group or a person hides it, so the mark is enough.
"""

from __future__ import annotations

import re
import zipfile
from array import array
from bisect import bisect_left
from pathlib import Path
from typing import Any
from xml.parsers import expat

_MARK = re.compile(rb"h\0?i\0?d\0?d\0?e\0?n|\b(?:ht|width)=[\"']0")
"""What a worksheet has in it that may hide something, in UTF-8 or UTF-16."""

_CHUNK = 1 << 20
_TRUE = ("1", "true")
_LAST_COLUMN = 16_384


class Hidden:
    """What a worksheet hides. `column` and `row` take numbers from 1 on."""

    def __init__(self) -> None:
        self._rows = array("L")
        self._columns: list[range] = []
        self._row = 0

    def row(self, number: int) -> bool:
        """Whether a row is hidden."""
        position = bisect_left(self._rows, number)
        return position < len(self._rows) and self._rows[position] == number

    def column(self, number: int) -> bool:
        """Whether a column is hidden."""
        return any(number in columns for columns in self._columns)

    def note(self, name: str, attributes: dict[str, str]) -> None:
        """Take in the start of an element."""
        match name.rpartition(" ")[2]:
            case "row":
                self._row = int(attributes.get("r", self._row + 1))
                if _is_hidden(attributes, "ht"):
                    self._rows.append(self._row)
            case "col" if _is_hidden(attributes, "width"):
                first = int(attributes.get("min", 1))
                last = int(attributes.get("max", _LAST_COLUMN))
                self._columns.append(range(first, last + 1))
            case _:
                pass


def hidden_parts(path: Path, part: str) -> Hidden:
    """What a worksheet hides.

    Args:
        path: the workbook.
        part: the worksheet's file in it.
    """
    hidden = Hidden()
    with zipfile.ZipFile(path) as archive:
        if not contains(archive, part, _MARK):
            return hidden
        parser: Any = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = hidden.note
        with archive.open(part) as file:
            parser.ParseFile(file)
    return hidden


def contains(archive: zipfile.ZipFile, name: str, pattern: re.Pattern[bytes]) -> bool:
    """Whether a file of a workbook has something in it, whatever its size."""
    with archive.open(name) as part:
        tail = b""
        while chunk := part.read(_CHUNK):
            if pattern.search(tail + chunk):
                return True
            tail = chunk[-64:]
    return False


def _is_hidden(attributes: dict[str, str], size: str) -> bool:
    if attributes.get("hidden") in _TRUE:
        return True
    try:
        return float(attributes.get(size, "1")) == 0
    except ValueError:
        return False
