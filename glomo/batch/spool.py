"""A sequence that stays small in memory, however long it is.

Objects are kept in chunks. The first chunks stay in memory; further ones go to a temporary file
without a name, which nobody else can open and which is gone with the process.
"""

from __future__ import annotations

import marshal
import tempfile
import threading
from collections.abc import Callable, Container, Iterator, Sequence
from typing import IO, Any, TypeVar, overload

T = TypeVar("T")

CHUNK = 1000
_IN_MEMORY = 20


class Spool(Sequence[T]):
    """A sequence that objects are appended to.

    Args:
        pack: an object as a tuple of plain values, for the file.
        unpack: the object again.
        chunk: how many objects make a chunk.
        in_memory: how many chunks stay in memory.
    """

    def __init__(
        self,
        pack: Callable[[T], tuple[Any, ...]],
        unpack: Callable[[tuple[Any, ...]], T],
        *,
        chunk: int = CHUNK,
        in_memory: int = _IN_MEMORY,
    ) -> None:
        self._pack = pack
        self._unpack = unpack
        self._size = chunk
        self._in_memory = in_memory
        self._chunks: list[list[T] | tuple[int, int]] = []
        self._last: list[T] = []
        self._file: IO[bytes] | None = None
        self._guard = threading.Lock()

    def append(self, item: T) -> None:
        """Add an object at the end."""
        self._last.append(item)
        if len(self._last) == self._size:
            full, self._last = self._last, []
            in_memory = len(self._chunks) < self._in_memory
            self._chunks.append(full if in_memory else self._write(full))

    def chunks(
        self, chunk_numbers: Container[int] | None = None
    ) -> Iterator[tuple[int, Sequence[T]]]:
        """All objects, many at a time, with the chunks' numbers.

        Args:
            chunk_numbers: which chunks to read; the others are not even read. `None`: all.
        """
        for number in range(len(self._chunks)):
            if chunk_numbers is None or number in chunk_numbers:
                yield number, self._chunk(number)
        if self._last and (chunk_numbers is None or len(self._chunks) in chunk_numbers):
            yield len(self._chunks), self._last

    def __len__(self) -> int:
        return len(self._chunks) * self._size + len(self._last)

    def __iter__(self) -> Iterator[T]:
        for _, chunk in self.chunks():
            yield from chunk

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return [self[position] for position in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        number, place = divmod(index, self._size)
        return self._last[place] if number == len(self._chunks) else self._chunk(number)[place]

    def _chunk(self, number: int) -> Sequence[T]:
        chunk = self._chunks[number]
        if not isinstance(chunk, tuple):
            return chunk
        assert self._file is not None
        place, size = chunk
        with self._guard:
            self._file.seek(place)
            # At once: a file would be read value by value, which takes twenty times as long.
            text = self._file.read(size)
        # Written by this very object, to a file that nobody else can reach.
        packed: list[tuple[Any, ...]] = marshal.loads(text)  # noqa: S302
        return [self._unpack(values) for values in packed]

    def _write(self, chunk: list[T]) -> tuple[int, int]:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="glomo-")  # noqa: SIM115 - as long as this
        with self._guard:
            place = self._file.seek(0, 2)
            size = self._file.write(marshal.dumps([self._pack(item) for item in chunk]))
        return place, size

    def __del__(self) -> None:
        file: Any = getattr(self, "_file", None)
        if file is not None:
            file.close()


def chunks_of(
    items: Sequence[T], chunk_numbers: Container[int] | None = None
) -> Iterator[tuple[int, Sequence[T]]]:
    """A sequence in numbered chunks, the same ones each time. See `Spool.chunks`."""
    if isinstance(items, Spool):
        yield from items.chunks(chunk_numbers)
        return
    for number, start in enumerate(range(0, len(items), CHUNK)):
        if chunk_numbers is None or number in chunk_numbers:
            yield number, items[start : start + CHUNK]
