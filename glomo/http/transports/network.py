"""TCP and TLS for httpcore, straight on the asyncio event loop.

httpcore reaches the loop through anyio, whose cancel scopes and checkpoints around every read and
write take a third of the time of a whole call. A connection here is a protocol of asyncio that
collects what arrives; time-outs are the caller's, one for the whole exchange, so none is set here.
"""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
from collections.abc import Iterable
from itertools import zip_longest
from typing import Any, cast

import httpcore

from .read_buffer import read_buffer

HIGH_WATER = 256 * 1024
"""Bytes that may wait to be read before the peer is made to wait."""

LARGEST_HELD = 16 * 1024
"""Bytes of a request's headers that may wait for its body."""

HEAD_START_SECONDS = 0.25
"""How long an address is tried before the next one is tried as well."""


class AsyncioStream(httpcore.AsyncNetworkStream, asyncio.BufferedProtocol):
    """One connection. One reader and one writer at a time, as httpcore has it."""

    def __init__(self, network: AsyncioNetwork) -> None:
        self._network = network
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._chunks: list[bytes] = []
        self._size = 0
        self._reading_paused = False
        self._ended = False
        self._error: Exception | None = None
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._writing_paused = False
        self._written = False
        self._first = True  # the next write is the first one of a request
        self._held = b""  # ... and waits for what follows

    # ------------------------------------------------------------------ called by the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def get_buffer(self, sizehint: int) -> memoryview:
        return read_buffer()

    def buffer_updated(self, nbytes: int) -> None:
        self._chunks.append(bytes(read_buffer()[:nbytes]))
        self._size += nbytes
        if self._size > HIGH_WATER and not self._reading_paused and self._transport is not None:
            self._reading_paused = True
            self._transport.pause_reading()
        _wake(self._reader)

    def eof_received(self) -> None:
        # The loop closes the transport: over a half-closed connection no call is worth a try.
        self._ended = True
        _wake(self._reader)

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        self._error = exc
        _wake(self._reader)
        _wake(self._writer)

    def pause_writing(self) -> None:
        self._writing_paused = True

    def resume_writing(self) -> None:
        self._writing_paused = False
        _wake(self._writer)

    # ------------------------------------------------------------------ called by httpcore

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has arrived, at least a byte; none at the end of the stream."""
        self._first = True
        if self._held:
            held, self._held = self._held, b""
            if self._transport is not None and not self._transport.is_closing():
                self._transport.write(held)
        if not self._chunks:
            if not self._ended:
                self._reader = self._loop.create_future()
                try:
                    await self._reader
                finally:
                    self._reader = None
            if not self._chunks:
                if self._error is not None:
                    raise httpcore.ReadError(str(self._error)) from self._error
                return b""
        data = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        self._chunks.clear()
        if len(data) > max_bytes:
            self._chunks.append(data[max_bytes:])
            data = data[:max_bytes]
        self._size -= len(data)
        if self._reading_paused and self._size <= HIGH_WATER and self._transport is not None:
            self._reading_paused = False
            self._transport.resume_reading()
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Hand bytes to the loop; wait while too much is under way already.

        What comes first, a request's headers, waits for what comes next, so that both leave
        together: the body, or the reading of the response.
        """
        if not buffer:
            return
        transport = self._transport
        if transport is None or transport.is_closing():
            raise httpcore.WriteError("the connection is closed") from self._error
        if self._chunks and not self._written:
            # Not a WriteError: after one, httpcore would read this as the response.
            raise httpcore.RemoteProtocolError("the server spoke before it was asked")
        self._written = True
        self._network.connecting = False
        if self._first and len(buffer) <= LARGEST_HELD:
            self._held, self._first = buffer, False
            return
        held, self._held = self._held, b""
        transport.write(held + buffer)
        if self._writing_paused:
            self._writer = self._loop.create_future()
            try:
                await self._writer
            finally:
                self._writer = None
            if self._error is not None:
                raise httpcore.WriteError(str(self._error)) from self._error

    async def aclose(self) -> None:
        """Drop the connection at once. Nothing unsent is worth waiting for."""
        if self._transport is not None:
            self._transport.abort()
            self._transport = None

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> AsyncioStream:
        """Return the same connection, encrypted."""
        assert self._transport is not None
        secure = AsyncioStream(self._network)
        try:
            async with asyncio.timeout(timeout):
                transport = await self._loop.start_tls(
                    self._transport, secure, ssl_context, server_hostname=server_hostname
                )
        except TimeoutError:
            await self.aclose()
            raise httpcore.ConnectTimeout("the TLS handshake took too long") from None
        except (OSError, ssl.SSLError) as error:
            await self.aclose()
            raise httpcore.ConnectError(str(error)) from error
        except BaseException:
            await self.aclose()
            raise
        self._transport = None
        if transport is None:
            raise httpcore.ConnectError("the connection was closed during the TLS handshake")
        secure.connection_made(transport)
        await self._network.check_open(secure)
        return secure

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks about a connection."""
        if self._transport is None:
            return info == "is_readable" or None
        if info == "is_readable":
            return bool(self._chunks) or self._ended or _is_readable(self._transport)
        names = {
            "ssl_object": "ssl_object",
            "client_addr": "sockname",
            "server_addr": "peername",
            "socket": "socket",
        }
        return self._transport.get_extra_info(names.get(info, info))


class AsyncioNetwork(httpcore.AsyncNetworkBackend):
    """Makes the connections of one transport on the running event loop.

    Attributes:
        connecting: nothing has been written yet.
    """

    def __init__(self) -> None:
        self.connecting = False
        self._closed = False

    def close(self) -> None:
        """Make no more connections, and drop one that is being made as soon as it is there."""
        self._closed = True

    async def check_open(self, stream: AsyncioStream) -> None:
        """Drop a connection that was made for a closed transport."""
        if self._closed:
            await stream.aclose()
            raise httpcore.ConnectError("the client was closed meanwhile")

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> AsyncioStream:
        """Connect to the first address that answers."""
        self.connecting = True
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                addresses = await _look_up(loop, host, port)
                sock = await _connect(loop, _by_turns(addresses))
                _, stream = await loop.create_connection(lambda: AsyncioStream(self), sock=sock)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error) or f"none within {timeout:g} s") from error
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        await self.check_open(stream)
        return stream


async def _look_up(loop: asyncio.AbstractEventLoop, host: str, port: int) -> list[Any]:
    try:
        return await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except RuntimeError:
        # The interpreter exits, and no other thread looks names up any more. Calls of threads that
        # it waits for, and of atexit handlers, go on: this one may block.
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


def _by_turns(addresses: list[Any]) -> list[Any]:
    """The families in turn, so that one that leads nowhere holds up the other only once."""
    first = addresses[0][0]
    preferred = [address for address in addresses if address[0] == first]
    others = [address for address in addresses if address[0] != first]
    pairs = zip_longest(preferred, others)
    return [address for pair in pairs for address in pair if address is not None]


async def _connect(loop: asyncio.AbstractEventLoop, addresses: list[Any]) -> socket.socket:
    """Return a socket connected to the first address that answers, each with a head start.

    `loop.create_connection` would do the same, but up to Python 3.12 it leaves sockets open when it
    is cancelled.
    """

    async def attempt(family: int, kind: int, protocol: int, _: str, address: Any) -> socket.socket:
        sock = socket.socket(family, kind, protocol)
        try:
            sock.setblocking(False)
            await loop.sock_connect(sock, address)
        except BaseException:
            sock.close()
            raise
        return sock

    attempts: set[asyncio.Task[socket.socket]] = set()
    winner: asyncio.Task[socket.socket] | None = None
    problem: BaseException = OSError("the name has no address")
    try:
        for number, address in enumerate(addresses, 1):
            attempts.add(loop.create_task(attempt(*address)))
            head_start = HEAD_START_SECONDS if number < len(addresses) else None
            pending = {task for task in attempts if not task.done()}
            while pending:
                done, pending = await asyncio.wait(
                    pending, timeout=head_start, return_when=asyncio.FIRST_COMPLETED
                )
                for task in done:
                    error = task.exception()
                    if error is None:
                        winner = task
                        return task.result()
                    problem = error
                if head_start is not None:
                    break
        raise problem
    finally:
        for task in attempts:
            if task is not winner:
                task.cancel()
                task.add_done_callback(_close_socket)


def _close_socket(attempt: asyncio.Task[socket.socket]) -> None:
    if not attempt.cancelled() and attempt.exception() is None:
        attempt.result().close()


def _wake(waiter: asyncio.Future[None] | None) -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)


def _is_readable(transport: asyncio.Transport) -> bool:
    """Whether something has arrived that the loop has not come to."""
    sock: socket.socket | None = transport.get_extra_info("socket")
    if sock is None or sock.fileno() < 0:
        return True
    if not hasattr(select, "poll"):  # Windows
        return bool(select.select([sock], [], [], 0)[0])
    poll = select.poll()
    poll.register(sock.fileno(), select.POLLIN)
    return bool(poll.poll(0))
