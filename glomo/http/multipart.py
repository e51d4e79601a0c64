"""Files as request bodies: multipart/form-data, read in chunks while it is sent."""

from __future__ import annotations

import io
import mimetypes
import os
import re
import secrets
import stat
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import IO, Any, Literal, NoReturn, cast

from anyio import to_thread

from glomo._errors_base import preview
from glomo.errors import ParameterError

CHUNK = 256 * 1024

FileSource = str | os.PathLike[str] | bytes | IO[bytes]
"""A path, the bytes themselves, or a file opened for reading in binary mode."""

OnProgress = Callable[[int, int], object]
"""Is told how many of the file's bytes are sent, and how many there are."""

_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+( *;[ -~]*)?\Z", re.ASCII)
_ANYTHING = "application/octet-stream"
_MAGIC = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
# As browsers do: percent signs for what would end the quoted name. A backslash would too, for
# servers that take it for an escape.
_QUOTED = {
    ord('"'): "%22",
    ord("\\"): "%5C",
    **{code: f"%{code:02X}" for code in (*range(32), 127)},
}


class FilePart:
    """A file to send: found, opened and measured before anything is sent.

    `prepare` it first and `close` it at the end. A file that the caller opened is sent from where
    it stands, and stays open.
    """

    name: str
    content_type: str
    length: int

    def __init__(
        self, source: FileSource, *, name: str | None, content_type: str | None, operation: str
    ) -> None:
        self._source = source
        self._given_name = name
        self._given_type = content_type
        self._operation = operation
        self._file: Any = None
        self.length = 0
        self._start = 0
        self._closed = False

    async def prepare(self, otherwise: str) -> None:
        """Open and measure the file, off the event loop.

        Args:
            otherwise: the file's name if neither the caller nor the file has one.

        Raises:
            ParameterError: there is nothing to send, or it cannot be sent.
        """
        await to_thread.run_sync(self._open)
        self.name = self._given_name or self._own_name() or otherwise
        # The first guess reads the system's tables of endings.
        guess = await to_thread.run_sync(_guess, self.name)
        self.content_type = self._given_type or guess or await self._sniffed()
        if not _MEDIA_TYPE.match(self.content_type):
            self._refuse("content_type", f"is not a media type: {preview(self.content_type)}")
        if self.length == 0:
            self._refuse("file", "is empty" if self._start == 0 else "stands at its end: seek(0)")

    async def _sniffed(self) -> str:
        """The media type by the first bytes, for a file whose name does not tell."""
        head: bytes = await self._off_loop(self._file.read, 8)
        await self.rewind()
        return next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), _ANYTHING)

    def close(self) -> None:
        """Close the file if it was opened here."""
        self._closed = True
        if self._file is not None and self._file is not self._source:
            self._file.close()

    async def rewind(self) -> None:
        """Go to where the file started."""
        await self._off_loop(self._file.seek, self._start)

    async def read(self, size: int) -> bytes:
        """The next bytes.

        Raises:
            ParameterError: the file cannot be read, or has become shorter. What was sent so far is
                no whole request: nothing is created from it.
        """
        chunk: bytes = await self._off_loop(self._file.read, size)
        if not chunk:
            self._refuse("file", "became shorter while it was being sent; nothing was created")
        return chunk

    async def _off_loop(self, work: Callable[[int], Any], argument: int) -> Any:
        try:
            if isinstance(self._file, io.BytesIO):
                return work(argument)
            return await to_thread.run_sync(work, argument)
        except (OSError, ValueError) as error:
            self._refuse("file", f"cannot be read: {error}; nothing was created")

    def _open(self) -> None:
        source: Any = self._source
        if isinstance(source, (str, os.PathLike)):
            self._open_path(Path(cast("str", source)))
        elif isinstance(source, (bytes, bytearray, memoryview)):
            self._file = io.BytesIO(cast("bytes", source))
            self.length = self._file.getbuffer().nbytes
        else:
            self._measure(source)

    def _open_path(self, path: Path) -> None:
        try:
            # Opening a pipe or a device could wait for ever.
            if not stat.S_ISREG(path.stat().st_mode):
                self._refuse("file", f"is not a regular file: {path}")
            self._file = path.open("rb")
            self.length = os.fstat(self._file.fileno()).st_size
        except (OSError, ValueError) as error:
            # Only the start of the path: it may be the file's contents, given by mistake.
            reason = getattr(error, "strerror", None) or str(error)
            self._refuse("file", f"cannot be opened: {reason}: {str(path)[:100]!r}")
        if self._closed:  # the call was cancelled meanwhile
            self._file.close()

    def _measure(self, file: Any) -> None:
        if not all(hasattr(file, method) for method in ("read", "seek", "tell")):
            self._refuse(
                "file", f"must be a path, bytes or an open binary file, not {type(file).__name__}"
            )
        try:
            text = isinstance(file.read(0), str)
            self._start = file.tell()
            file.seek(0, os.SEEK_END)
            self.length = file.tell() - self._start
            file.seek(self._start)
        except (OSError, ValueError) as error:  # a pipe, a socket, a file closed or not for reading
            self._refuse("file", f"cannot be read and rewound ({error}): give a path or bytes")
        if text:
            self._refuse("file", 'is open in text mode: open it with "rb"')
        self._file = file

    def _own_name(self) -> str | None:
        own: Any = self._source
        if not isinstance(own, (str, os.PathLike)):
            own = getattr(own, "name", None)  # an open file may be named by its descriptor
        return Path(cast("str", own)).name if isinstance(own, (str, os.PathLike)) else None

    def _refuse(self, parameter: str, problem: str) -> NoReturn:
        raise ParameterError(
            f"{self._operation}: {parameter} {problem}",
            parameter=parameter,
            operation=self._operation,
        )


def _guess(name: str) -> str | None:
    # By the ending alone: a whole name would be read as an address.
    guess, encoding = mimetypes.guess_type("file" + os.path.splitext(name)[1])  # noqa: PTH122
    return None if encoding else guess


class Multipart:
    """A form with one file as `multipart/form-data` (RFC 7578), its length known beforehand."""

    def __init__(
        self,
        fields: Mapping[str, str],
        file: FilePart,
        *,
        name: str,
        on_progress: OnProgress | None = None,
    ) -> None:
        """Make the form.

        Args:
            fields: the text fields.
            file: the file, prepared.
            name: the field that the file is.
            on_progress: is called before the first byte of each attempt and after each chunk.
        """
        boundary = secrets.token_hex(16)
        start = f"--{boundary}\r\nContent-Disposition: form-data; name="
        texts = "".join(
            f"{start}{_quoted(field)}\r\n\r\n{text}\r\n" for field, text in fields.items()
        )
        self.head = (
            f"{texts}{start}{_quoted(name)}; filename={_quoted(file.name)}\r\n"
            f"Content-Type: {file.content_type}\r\n\r\n"
        ).encode(errors="replace")
        self.tail = f"\r\n--{boundary}--\r\n".encode()
        self.fields = fields
        self.file = file
        self.on_progress = on_progress
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self.length = len(self.head) + file.length + len(self.tail)

    def open(self) -> AsyncIterator[bytes]:
        """The body from its start."""
        return _Reading(self)


class _Reading:
    """One walk through a form's bytes. No generator: an attempt that ends early leaves nothing."""

    def __init__(self, form: Multipart) -> None:
        self._form = form
        self._sent = 0
        self._under_way = 0
        self._next: Literal["head", "file", "end"] = "head"

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        form, file = self._form, self._form.file
        if self._next == "head":
            await file.rewind()
            self._report()
            self._next = "file"
            return form.head
        if self._next == "end":
            raise StopAsyncIteration
        if self._under_way:  # being asked for more says that the last chunk went out
            self._sent += self._under_way
            self._report()
        left = file.length - self._sent
        if not left:
            self._next = "end"
            return form.tail
        chunk = await file.read(min(CHUNK, left))
        self._under_way = len(chunk)
        return chunk

    def _report(self) -> None:
        if self._form.on_progress is not None:
            self._form.on_progress(self._sent, self._form.file.length)


def _quoted(text: str) -> str:
    return f'"{text.translate(_QUOTED)}"'
