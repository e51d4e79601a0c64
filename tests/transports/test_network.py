"""The bytes of a request on their way to the loop."""

import asyncio
from typing import Any

import httpcore
import pytest

from glomo.http.transports.network import LARGEST_HELD, AsyncioNetwork, AsyncioStream


class Pipe(asyncio.Transport):
    """Keeps what is written, each time on its own; every request gets a byte for a response."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.closing = False

    def write(self, data: Any) -> None:
        self.written.append(bytes(data))

    def is_closing(self) -> bool:
        return self.closing


async def opened() -> tuple[AsyncioStream, Pipe]:
    stream, pipe = AsyncioStream(AsyncioNetwork()), Pipe()
    stream.connection_made(pipe)
    return stream, pipe


def arrive(stream: AsyncioStream, data: bytes) -> None:
    """Read, as the loop does it."""
    stream.get_buffer(-1)[: len(data)] = data
    stream.buffer_updated(len(data))


async def test_headers_and_body_leave_together() -> None:
    stream, pipe = await opened()
    for n in range(1, 3):  # on a kept connection as on a new one
        await stream.write(b"headers ")
        await stream.write(b"body")
        assert pipe.written == [b"headers body"] * n
        arrive(stream, b"response")
        assert await stream.read(100) == b"response"


async def test_a_body_in_pieces_is_not_held() -> None:
    stream, pipe = await opened()
    for piece in (b"headers ", b"one ", b"two"):
        await stream.write(piece)
    assert pipe.written == [b"headers one ", b"two"]


async def test_headers_alone_leave_before_the_response_is_awaited() -> None:
    stream, pipe = await opened()
    await stream.write(b"headers")
    assert pipe.written == []
    reading = asyncio.ensure_future(stream.read(100))
    await asyncio.sleep(0)
    assert pipe.written == [b"headers"]
    arrive(stream, b"response")
    assert await reading == b"response"


async def test_what_is_large_is_not_held() -> None:
    stream, pipe = await opened()
    await stream.write(b"x" * (LARGEST_HELD + 1))
    assert len(pipe.written) == 1


async def test_nothing_is_written_to_a_connection_that_ends_while_headers_are_held() -> None:
    stream, pipe = await opened()
    await stream.write(b"headers")
    pipe.closing = True
    with pytest.raises(httpcore.WriteError):
        await stream.write(b"body")
    stream.connection_lost(ConnectionResetError("reset"))
    with pytest.raises(httpcore.ReadError, match="reset"):
        await stream.read(100)
    assert pipe.written == []
