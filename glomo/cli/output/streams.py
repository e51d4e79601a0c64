"""Standard streams that a command can rely on: a display that cannot be written stops no payment.

A script may close stdout (`>&-`), a reader may leave (`| head -1`), a log's disk may be full, a
terminal may vanish. None of it may end a run halfway, so what cannot be written is dropped from
then on, and the command ends by its own result. A reader that leaves has seen what it wanted; any
other loss of a command's output counts as a failure once the command is done.

A closed stream is opened on nothing: otherwise the next file that is opened, a journal perhaps,
would get its number, and whatever a library prints would be written into it.
"""

from __future__ import annotations

import errno
import io
import os
import select
import sys
from pathlib import Path
from typing import TextIO

_READER_LEFT = (errno.EPIPE, errno.ESHUTDOWN, errno.ECONNRESET)
_STANDARD = 2
"""The highest number of a standard stream."""


class TolerantFile(io.FileIO):
    """An open file that takes everything, also after a write has failed."""

    def __init__(self, descriptor: int) -> None:
        """Write to a descriptor, which stays open."""
        super().__init__(descriptor, "w", closefd=False)
        self.error: OSError | None = None
        """What the first failed write ended with."""

    def write(self, data: object, /) -> int:
        """Write, or drop what cannot be written."""
        whole = memoryview(data).nbytes  # type: ignore[arg-type] # whatever the buffer passes
        if self.error is not None:
            return whole
        try:
            while (written := super().write(data)) is None:  # type: ignore[arg-type]
                select.select([], [self], [])  # a pipe that its other owner made non-blocking
        except OSError as error:
            self.error = error
            return whole
        return written


class Streams:
    """The standard streams of this process, for as long as a command runs."""

    def __init__(self) -> None:
        """Put streams that take everything in the place of stdout and stderr."""
        _occupy_closed_descriptors()
        if sys.stdin is None:
            sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - until the end
        sys.stdout, self._out = _tolerant(sys.stdout)
        sys.stderr, _ = _tolerant(sys.stderr)

    def finish(self, status: int | str | None) -> int | str | None:
        """Write what is left, and say so if output was lost.

        Args:
            status: how the command ended.

        Returns:
            The exit status: 1 in place of 0 if output was lost to anything but a reader who left.
        """
        sys.stdout.flush()
        error = None if self._out is None else self._out.error
        if error is None or error.errno in _READER_LEFT:
            return status
        print(f"glomo: the output could not be written: {error.strerror}", file=sys.stderr)
        return status or 1


def _occupy_closed_descriptors() -> None:
    """Open nothing in the place of each standard stream that is closed."""
    descriptor = os.open(os.devnull, os.O_RDWR)
    while descriptor <= _STANDARD:
        os.set_inheritable(descriptor, True)
        descriptor = os.open(os.devnull, os.O_RDWR)
    os.close(descriptor)


def _tolerant(stream: TextIO | None) -> tuple[TextIO, TolerantFile | None]:
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8"), None
    if not _is_plain(stream):
        return stream, None
    stream.flush()
    file = TolerantFile(stream.fileno())
    unbuffered = isinstance(stream.buffer, io.RawIOBase)
    text = io.TextIOWrapper(
        # Unbuffered standard streams are made like this by Python, too.
        file if unbuffered else io.BufferedWriter(file),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=bool(stream.line_buffering),
        write_through=getattr(stream, "write_through", False),
    )
    return text, file


def _is_plain(stream: TextIO) -> bool:
    """Whether it is a file like any other: to a console of Windows Python writes in its own way."""
    return isinstance(stream, io.TextIOWrapper) and not (
        sys.platform == "win32" and stream.isatty()
    )
