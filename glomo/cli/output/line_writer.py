"""Lines that a server prints while it serves, from a thread of their own.

Printing can wait for its reader: a pipe that nobody reads takes 64 KB and then not a byte more, and
a terminal on which Ctrl-S was pressed takes none. A server that prints on its event loop stands
still with it. Here the server only puts a line into a bounded queue; a thread writes it once the
reader takes something, and counts what had to be left out. The thread never waits inside a write,
so it can always be stopped.
"""

from __future__ import annotations

import io
import os
import select
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Self, TextIO

_MOST_LINES = 10_000
_CHUNK = 512
"""Bytes in one write: POSIX lets a pipe that is ready take at least so many without waiting."""
_WAIT = 0.1
"""Seconds between two looks at whether to stop."""
_FLUSH_SECONDS = 1.0


class LineWriter:
    """Writes lines to a stream without ever making the caller wait.

    Args:
        dropped: the line that says how many lines were left out.
        stream: where to; standard output by default.
        most_lines: how many lines wait at most; further ones are counted, not kept.
        flush_seconds: how long `close` waits for a reader.
    """

    def __init__(
        self,
        dropped: Callable[[int], str],
        stream: TextIO | None = None,
        *,
        most_lines: int = _MOST_LINES,
        flush_seconds: float = _FLUSH_SECONDS,
    ) -> None:
        self._stream = sys.stdout if stream is None else stream
        self._dropped_line = dropped
        self._most_lines = most_lines
        self._flush_seconds = flush_seconds
        self._lines: deque[str] = deque()
        self._dropped = 0
        self._ready = threading.Condition()
        self._deadline: float | None = None
        self._thread = threading.Thread(target=self._run, name="glomo-lines", daemon=True)

    def put(self, line: str) -> None:
        """Have a line written; it is only counted if too many wait already."""
        with self._ready:
            if self._deadline is not None:
                return
            if len(self._lines) >= self._most_lines:
                self._dropped += 1
                return
            self._lines.append(line)
            self._ready.notify()

    def close(self) -> None:
        """Write what waits, as far as the reader takes it within a second, and stop."""
        with self._ready:
            self._deadline = time.monotonic() + self._flush_seconds
            self._ready.notify()
        self._thread.join()

    def __enter__(self) -> Self:
        self._stream.flush()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self) -> None:
        try:
            while (line := self._next()) is not None:
                self._write(f"{line}\n")
        except (OSError, ValueError, _LateError):
            pass  # nobody reads any more, or the stream is closed: the server serves on
        finally:
            with self._ready:
                self._most_lines = 0
                self._lines.clear()

    def _next(self) -> str | None:
        """The next line, waited for; None: there is none left and none will come."""
        with self._ready:
            while not self._lines and not self._dropped and self._deadline is None:
                self._ready.wait()
            if self._lines:
                return self._lines.popleft()
            if self._dropped:
                dropped, self._dropped = self._dropped, 0
                return self._dropped_line(dropped)
            return None

    def _write(self, text: str) -> None:
        try:
            descriptor = self._stream.fileno()
        except io.UnsupportedOperation:  # a stream in memory, which is always ready
            self._stream.write(text)
            return
        data = text.encode(self._stream.encoding, errors="replace")
        while data:
            while not _takes_more(descriptor):
                if self._deadline is not None and time.monotonic() >= self._deadline:
                    raise _LateError
            data = data[os.write(descriptor, data[:_CHUNK]) :]


class _LateError(Exception):
    """The reader took nothing until the deadline."""


def _takes_more(descriptor: int) -> bool:
    """Whether a write would not wait, waited for a moment."""
    if sys.platform == "win32":
        return True  # only sockets can be asked there
    poller = select.poll()
    poller.register(descriptor, select.POLLOUT)
    return bool(poller.poll(_WAIT * 1000))
