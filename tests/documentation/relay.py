"""What stands between a client and the sandbox: a proxy, or a gateway that speaks TLS."""

from __future__ import annotations

import asyncio
import re
import ssl
from contextlib import suppress
from types import TracebackType
from typing import Any, Self


class Relay:
    """Passes bytes on to a port of this machine, and notes what began each connection.

    Attributes:
        firsts: the first line that each connection sent.
        certificates: what each client showed of itself, where it was asked to.
    """

    def __init__(self, port: int, *, tls: ssl.SSLContext | None = None) -> None:
        self.firsts: list[bytes] = []
        self.certificates: list[Any] = []
        self._target = port
        self._tasks: set[asyncio.Task[None]] = set()
        self._tls = tls

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        for task in [*self._tasks]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def port(self) -> int:
        return int(self._server.sockets[0].getsockname()[1])

    def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._pass_on(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.certificates.append(writer.get_extra_info("peercert"))
        first = await reader.readline()
        self.firsts.append(first)
        inner, outer = await asyncio.open_connection("127.0.0.1", self._target)
        if first.startswith(b"CONNECT "):
            while await reader.readline() != b"\r\n":
                pass
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            outer.write(re.sub(rb" http://[^/]+", b" ", first))
        try:
            await asyncio.gather(_copy(reader, outer), _copy(inner, writer))
        finally:
            outer.close()
            writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, ssl.SSLError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
