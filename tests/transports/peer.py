"""A server on a real socket that treats each connection as a script says, and remembers all."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

OK = b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\n\r\n{"id": "a"}'
OTHER = OK.replace(b'"a"', b'"x"')


@dataclass
class Received:
    """A request as it came."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclass(eq=False)
class Line:
    """One connection, as the server's end has it."""

    peer: Peer
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    requests: list[Received] = field(default_factory=list)

    async def head(self) -> Received:
        """Read a request up to its body."""
        raw = await self.reader.readuntil(b"\r\n\r\n")
        first, *lines = raw.decode("latin-1").split("\r\n")[:-2]
        method, target, _ = first.split(" ")
        headers = [(name, value.strip()) for name, _, value in (x.partition(":") for x in lines)]
        return Received(method, target, headers, b"")

    async def request(self) -> Received:
        """Read a request whole."""
        received = await self.head()
        length = int(received.header("content-length") or 0)
        received.body = await self.reader.readexactly(length) if length else b""
        self.requests.append(received)
        self.peer.note(received)
        return received

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    def reset(self) -> None:
        """End with a TCP reset."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def until_closed(self) -> None:
        """Read until the client has closed its end."""
        with suppress(ConnectionError, ssl.SSLError):
            while await self.reader.read(65536):
                pass


Step = Callable[[Line], Awaitable[None]]


async def serve(line: Line) -> None:
    """Answer every request properly."""
    while True:
        await line.request()
        await line.send(OK)


async def silent(line: Line) -> None:
    """Take the request, and say nothing."""
    await line.request()
    await line.until_closed()


async def deaf(line: Line) -> None:
    """Take no byte and send none, until the client goes."""
    line.writer.transport.pause_reading()  # type: ignore[attr-defined]
    await line.peer.over.wait()


def responding(*pieces: bytes) -> Step:
    """Answer the first request with these, one segment each, and all others properly."""

    async def step(line: Line) -> None:
        await line.request()
        for piece in pieces:
            await line.send(piece)
            await asyncio.sleep(0)
        await serve(line)

    return step


class Peer:
    """The server. The n-th connection gets the n-th step of the script, the last one for the rest.

    Lives in the event loop of its test.
    """

    def __init__(self, *script: Step, tls: ssl.SSLContext | None = None, port: int = 0) -> None:
        self.script = script or (serve,)
        self.tls = tls
        self.port = port
        self.requests: list[Received] = []
        self.accepted = 0
        self.open: set[Line] = set()
        self.over = asyncio.Event()
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def origin(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def netloc(self) -> str:
        return f"127.0.0.1:{self.port}"

    def note(self, received: Received) -> None:
        self.requests.append(received)
        self._changed.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so; looks whenever a connection or a request came or went."""
        async with asyncio.timeout(60):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        line = Line(self, reader, writer)
        step = self.script[min(self.accepted, len(self.script) - 1)]
        self.accepted += 1
        self.open.add(line)
        self._changed.set()
        try:
            with suppress(ConnectionError, ssl.SSLError, asyncio.IncompleteReadError):
                await step(line)
        except asyncio.CancelledError:
            pass  # the server ends; asyncio would report it
        finally:
            writer.transport.abort()
            self.open.discard(line)
            self._tasks.discard(task)
            self._changed.set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._accept, "127.0.0.1", self.port, ssl=self.tls
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.over.set()
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
