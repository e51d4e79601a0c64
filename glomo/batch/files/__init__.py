"""Reading payout files: one module a format, one `RowReader` for the rules that all share.

To add a column, give it a place in `columns` and a rule in `row_reader`; to add a format, write a
module with a function `read_...(path, problems)` and name its endings in `reader_for`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from glomo.batch.problems import Problems
from glomo.batch.rows import Row

from .csv import read_csv
from .jsonl import read_jsonl
from .text import FileError
from .xlsx import read_xlsx

Read = Callable[[Problems], Iterator[Row]]

_TEXT = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".txt": read_csv,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
}
_WORKBOOKS = (".xlsx", ".xlsm")
_OTHER_SPREADSHEETS = (".xls", ".xlsb", ".ods", ".numbers")


def reader_for(path: Path, *, sheet: str | None = None, include_hidden: bool = False) -> Read:
    """What reads a file, by its ending.

    Args:
        path: the file; it need not exist yet.
        sheet: the worksheet, for workbooks.
        include_hidden: for workbooks: take hidden rows and columns as if they were shown.

    Raises:
        FileError: no payout file has this ending, or a text file has no worksheets.
    """
    ending = path.suffix.lower()
    if ending in _WORKBOOKS:
        return lambda problems: read_xlsx(path, problems, sheet, include_hidden=include_hidden)
    endings = ", ".join((*_TEXT, *_WORKBOOKS))
    if ending in _OTHER_SPREADSHEETS:
        raise FileError(
            f"spreadsheets of the kind {ending} are not read",
            "save it as an Excel workbook (.xlsx) or as CSV UTF-8 (.csv)",
        )
    read = _TEXT.get(ending)
    if read is None:
        raise FileError(
            f"the file's ending {ending or '(none)'} is not known", f"it should be one of {endings}"
        )
    if sheet is not None:
        raise FileError(f"a {ending} file has no worksheets", "leave the sheet out")
    return lambda problems: read(path, problems)
