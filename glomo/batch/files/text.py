"""Opening a payout file as text, or saying in plain words why it is not one."""

from __future__ import annotations

import codecs
import stat
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from glomo.batch.problems import Problem
from glomo.diagnosis import Diagnosis

LONGEST_LINE = 1 << 20
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_ZIP = b"PK\x03\x04"
_OTHER_FILES = {
    _ZIP: "an Excel workbook (or a zip file)",
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
        advice: str | None = None,
        *,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        super().__init__(text)
        self.problem = Problem(row, column, None, Diagnosis(text, advice))


def lines(path: Path) -> Iterator[str]:
    """The lines of a UTF-8 file, with their ends as they are; a byte order mark is dropped.

    Raises:
        FileError: there is no such file, or it is not UTF-8 text.
    """
    with readable(path):
        with path.open("rb") as raw:
            _refuse_other_files(raw.read(4096))
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                yield from _lines(file)
        except UnicodeDecodeError:
            raise _not_utf8(path) from None


@contextmanager
def readable(path: Path) -> Generator[None]:
    """A block that reads a file; what the operating system says against it becomes a `FileError`.

    Anything but a regular file is refused before it is opened: opening a pipe waits for a writer
    for ever, and what a pipe or a device gives cannot be read a second time.
    """
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            raise FileError(
                "this is a pipe or a device, not a file", "save its contents as a file, and name it"
            )
        if stat.S_ISDIR(mode):
            raise FileError("this is a folder", "name the file in it")
        yield
    except FileNotFoundError:
        raise FileError("there is no such file", "check the name and the folder") from None
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
            name_it = "name it .xlsx, and it is read as one" if magic == _ZIP else SAVE_AS
            raise FileError(f"this is {kind}, not a text file", name_it)
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
                example = f", {guess!r} in Western Windows files" if guess.isprintable() else ""
                return FileError(
                    f"line {number} is not UTF-8: "
                    f"byte {error.start + 1} of it is 0x{byte:02X}{example}",
                    SAVE_AS,
                )
    return FileError("the file is not UTF-8", SAVE_AS)
