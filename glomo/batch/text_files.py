"""Opening a payout file as text, or saying in plain words why it is not one."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from .problems import Problem

LONGEST_LINE = 1 << 20
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_OTHER_FILES = {
    b"PK\x03\x04": "an Excel workbook (or a zip file)",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a gzip file",
}
SAVE_AS = "in Excel choose File > Save As > 'CSV UTF-8 (Comma delimited)'"


class FileError(Exception):
    """The file cannot be read any further. `problem` says why."""

    def __init__(
        self,
        text: str,
        instead: str | None = None,
        *,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        super().__init__(text)
        self.problem = Problem(row, column, None, text, instead)


def lines(path: Path) -> Iterator[str]:
    """The lines of a UTF-8 file, with their ends as they are; a byte order mark is dropped.

    Raises:
        FileError: there is no such file, or it is not UTF-8 text.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        # A pipe would wait for ever, and a run that goes on reads the file again.
        raise FileError("this is a pipe or a device", "write the payouts into a file first")
    try:
        with path.open("rb") as raw:
            _refuse_other_files(raw.read(4096))
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _lines(file)
    except FileNotFoundError:
        raise FileError("there is no such file", "check the name and the folder") from None
    except IsADirectoryError:
        raise FileError("this is a folder", "name the file in it") from None
    except UnicodeDecodeError:
        raise _not_utf8(path) from None
    except OSError as error:
        raise FileError(f"it cannot be read ({error.strerror or error})") from None


def _lines(file: IO[str]) -> Iterator[str]:
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) >= LONGEST_LINE:
            raise FileError(
                f"line {number} is longer than {LONGEST_LINE:,} characters",
                "this is no payout file",
            )
        if "\0" in line:
            raise FileError(
                f"line {number} has a NUL byte in it: the file is damaged, or not text",
                f"export it again; {SAVE_AS}",
            )
        yield line


def _refuse_other_files(start: bytes) -> None:
    if not start:
        raise FileError("the file is empty", "it needs one row a payout")
    for magic, kind in _OTHER_FILES.items():
        if start.startswith(magic):
            raise FileError(f"this is {kind}, not a text file", SAVE_AS)
    # Text in UTF-16 without a mark has a NUL beside every ASCII character.
    if start.startswith(_UTF16) or start.count(0) > len(start) // 4:
        raise FileError("the file is saved as UTF-16 (Excel's 'Unicode Text')", SAVE_AS)


def _not_utf8(path: Path) -> FileError:
    """Say where: spreadsheets that save in another encoding break at the first accent."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                byte = line[error.start]
                guess = bytes([byte]).decode("cp1252", errors="replace")
                shown = f", {guess!r} in Western Windows files" if guess.isprintable() else ""
                return FileError(
                    f"line {number} is not UTF-8: "
                    f"byte {error.start + 1} of it is 0x{byte:02X}{shown}",
                    SAVE_AS,
                )
    return FileError("the file is not UTF-8", SAVE_AS)
