"""What a connection reads into: one buffer a thread.

asyncio's own way of reading asks for 256 KiB and cuts them down to what has arrived. The C library
maps that much memory for it and unmaps it again, for every read: some 35 us of a call in a young
process. A buffered protocol brings its own buffer. One does for all connections of a thread, as an
event loop fills it and has it emptied in one go.
"""

from __future__ import annotations

import asyncio
import threading

READ_BYTES = 64 * 1024


class _ReadBuffer(threading.local):
    def __init__(self) -> None:
        # A view: asyncio's TLS takes slices of it to read on, and those of a bytearray are copies.
        self.view = memoryview(bytearray(READ_BYTES))


_buffer = _ReadBuffer()


def read_buffer() -> memoryview:
    """The buffer of this thread. What it holds must be taken before the event loop goes on."""
    return _buffer.view


class BufferedReading(asyncio.BufferedProtocol):
    """A protocol that reads through the buffer and hands everything on to another one.

    Args:
        protocol: the one that belongs to the connection.
    """

    def __init__(self, protocol: asyncio.Protocol) -> None:
        self._protocol = protocol

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where to read to."""
        return read_buffer()

    def buffer_updated(self, nbytes: int) -> None:
        """So many bytes have arrived."""
        self._protocol.data_received(bytes(read_buffer()[:nbytes]))

    def eof_received(self) -> bool | None:
        """The peer writes no more."""
        return self._protocol.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed."""
        self._protocol.connection_lost(exc)

    def pause_writing(self) -> None:
        """Too much waits to be written."""
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """There is room again."""
        self._protocol.resume_writing()
