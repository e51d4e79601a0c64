"""A workbook's rows as openpyxl reads them, or in plain words why they cannot be read.

openpyxl raises whatever it stumbles over in a damaged workbook, unfolds a few kilobytes to
gigabytes if the file says so, and shows a formula that was never calculated as an empty cell. Here
each of these ends the reading, or shows in the row: nothing that is in the file is left out.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .hidden import Hidden, contains, hidden_parts
from .text import FileError

if TYPE_CHECKING:
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.workbook.workbook import Workbook

FORMULA = "f"
"""The `data_type` of a cell whose formula was never calculated."""

_MOST_ROWS = 1_048_576
_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_SMALL = 10 << 20
_MOST_UNFOLDED = 200
"""How many times as large a part may be as in the file. Worksheets are about 10 to 40 times as
large, what is made to exhaust a machine a thousand times."""

_FORMULA_TAG = re.compile(rb"<(?:\w+:)?f[\s/>]")

Cells = Sequence["ReadOnlyCell"]


class WorkbookFile:
    """A workbook that is open for reading."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        """Use `opened`."""
        self._path = path
        self._stack = stack
        self._values = self._open(data_only=True)

    @property
    def sheets(self) -> Sequence[Any]:
        """The worksheets, in their order."""
        return self._values.worksheets

    def rows(self, sheet: Any) -> Iterator[tuple[int, Cells]]:
        """Every row that has something in it, with its number in the worksheet.

        A formula without a value is a cell with the `data_type` `FORMULA`.

        Raises:
            FileError: the workbook cannot be read (any further).
        """
        rows = self._rows_of(sheet)
        if not self._has_formulas():
            yield from ((number, cells) for number, cells in rows if any(map(_is_filled, cells)))
            return
        formulas = self._rows_of(self._open(data_only=False)[sheet.title])
        for (number, cells), (_, as_written) in zip(rows, formulas, strict=True):
            values = [
                written_cell if _is_uncalculated(cell, written_cell) else cell
                for cell, written_cell in zip(cells, as_written, strict=True)
            ]
            if any(map(_is_filled, values)):
                yield number, values

    def hidden(self, sheet: Any) -> Hidden:
        """The rows and columns of a worksheet that a person does not see.

        Raises:
            FileError: the workbook cannot be read.
        """
        # The name of the worksheet's file is what openpyxl reads the cells from.
        part = sheet._worksheet_path
        with _explained():
            return hidden_parts(self._path, part)

    def _open(self, *, data_only: bool) -> Workbook:
        try:
            from openpyxl import load_workbook  # noqa: PLC0415 - an extra
        except ImportError:
            raise FileError(
                "reading Excel workbooks needs openpyxl", "pip install 'glomo[cli]'"
            ) from None
        with _explained():
            book = load_workbook(self._path, read_only=True, data_only=data_only, keep_links=False)
        return self._stack.enter_context(closing(book))

    def _rows_of(self, sheet: Any) -> Iterator[tuple[int, Cells]]:
        # The size that the file claims may be wrong; without it openpyxl reads what is there.
        sheet.reset_dimensions()
        rows = enumerate(sheet.iter_rows(), start=1)
        while True:
            with _explained():
                row = next(rows, None)
            if row is None:
                return
            if row[0] > _MOST_ROWS:
                raise FileError(f"the worksheet has more than {_MOST_ROWS:,} rows", _SAVE)
            yield row

    def _has_formulas(self) -> bool:
        with zipfile.ZipFile(self._path) as archive:
            parts = [name for name in archive.namelist() if "worksheets/" in name]
            with _explained():
                return any(contains(archive, name, _FORMULA_TAG) for name in parts)


_SAVE = "open it in Excel and save it"


@contextmanager
def opened(path: Path) -> Generator[WorkbookFile]:
    """A workbook, for as long as the block lasts.

    Raises:
        FileError: it cannot be read.
    """
    with path.open("rb") as raw:
        _refuse_other_files(raw.read(4))
    with _explained():
        _refuse_bombs(path)
    with ExitStack() as stack:
        yield WorkbookFile(path, stack)


@contextmanager
def _explained() -> Generator[None]:
    """A block in which openpyxl reads: what it raises depends on where the damage is."""
    try:
        yield
    except (FileError, OSError):
        raise
    except MemoryError:
        raise FileError("the workbook needs more memory than there is", "split it") from None
    except Exception as error:
        raise FileError(f"the workbook is damaged ({type(error).__name__})", _SAVE) from error


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


def _refuse_bombs(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        for part in archive.infolist():
            if part.file_size > max(_SMALL, _MOST_UNFOLDED * part.compress_size):
                raise FileError(
                    f"the workbook unfolds to {part.file_size >> 20:,} MB in {part.filename}, "
                    "which no spreadsheet does",
                    "copy the payouts into a new workbook",
                )


def _is_filled(cell: ReadOnlyCell) -> bool:
    return cell.value is not None and bool(str(cell.value).strip())


def _is_uncalculated(cell: ReadOnlyCell, written_cell: ReadOnlyCell) -> bool:
    # A formula whose value is an empty text has the type of a text.
    return cell.value is None and written_cell.data_type == FORMULA and cell.data_type != "str"
