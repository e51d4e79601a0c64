"""The fast transport: aiohttp, whose HTTP parser is compiled.

aiohttp's session is left out of the way. It repeats an idempotent request on its own when a
connection breaks, and it takes whatever has arrived on an idle connection for the response to the
next request; neither suits payments. So its parts are put together here: take a connection of the
connector's, look at it, write the request, read the response. Up to the writing nothing was sent;
from then on something may have been.

A body that is at hand is written at once, with its headers. aiohttp's own request would start a
task for it, and work out again for every request what one address needs only once.
"""

from __future__ import annotations

import asyncio
import select
import ssl
from collections.abc import Iterable
from contextvars import Context
from functools import lru_cache
from typing import Any

import aiohttp
from aiohttp.http import HttpProcessingError, StreamWriter
from multidict import CIMultiDict, istr
from yarl import URL

from glomo.errors import ConfigurationError
from glomo.http.transport import LostError, NotSentError, WireRequest, WireResponse

from .body import BodyReader
from .environment import proxy_for, tls_context
from .read_buffer import BufferedReading

CONNECT_SECONDS = 5.0
KEEPALIVE_SECONDS = 20.0
_BUFFER = 64 * 1024
_INFORMATIONAL = frozenset(range(100, 200)) - {101}
_NO_AUTO_HEADERS = frozenset(
    istr(name) for name in ("accept", "accept-encoding", "user-agent", "content-type")
)


class AiohttpTransport:
    """Connections of one aiohttp connector, made with the first request. asyncio only."""

    def __init__(
        self,
        base_url: str,
        *,
        tls: ssl.SSLContext | None = None,
        connect_timeout: float = CONNECT_SECONDS,
    ) -> None:
        """Set up, without a connection.

        Args:
            base_url: the API's address.
            tls: trust and client certificate of your own, in place of what the environment names.
            connect_timeout: seconds for a connection.

        Raises:
            ConfigurationError: the environment names a SOCKS proxy, or none that is an address.
        """
        proxy = proxy_for(base_url)
        if proxy is not None and proxy.startswith("socks"):
            raise ConfigurationError(
                'the environment names a SOCKS proxy, which transport="aiohttp" cannot use: '
                "leave transport= out and pip install httpx[socks]"
            )
        self._proxy = URL(proxy) if proxy is not None else None
        if base_url.startswith("https:") and tls is None:
            tls = tls_context()
        self._tls = tls
        self._connect_seconds = connect_timeout
        self._url = URL(base_url)
        # A proxy that is asked for plain HTTP has to be told the whole URL.
        self._relayed = proxy is not None and self._url.scheme == "http"
        self._target: aiohttp.ClientRequest | None = None
        self._closed = False
        self._generation = 0
        # A cancelled timer stays with the loop for its time: not with the context of its call.
        self._no_context = Context()

    async def send(self, request: WireRequest, timeout: float) -> WireResponse:
        """Send over a pooled connection, or a new one."""
        loop = _running_loop()
        deadline = loop.time() + timeout
        target = self._target or self._open(loop)
        try:
            connection = await self._connect(target, timeout)
        except TimeoutError:
            raise NotSentError(f"no connection within {timeout:.3g} s") from None
        # RuntimeError: when the interpreter exits, no thread looks names up any more.
        except (aiohttp.ClientError, OSError, RuntimeError) as error:
            raise NotSentError(_describe(error)) from error
        expiry = _Expiry(connection)
        timer = loop.call_at(deadline, expiry, context=self._no_context)
        try:
            response = await self._exchange(target, connection, request)
        except (aiohttp.ClientError, HttpProcessingError, OSError) as error:
            problem = f"no response within {timeout:.3g} s" if expiry.over else _describe(error)
            raise LostError(problem) from error
        finally:
            timer.cancel()
        if expiry.over:  # a body that ends with its connection would pass for whole
            raise LostError(f"no response within {timeout:.3g} s")
        return response

    async def _connect(
        self, target: aiohttp.ClientRequest, timeout: float
    ) -> aiohttp.connector.Connection:
        """Return a connection on which nothing waits to be read."""
        connector = target.session.connector
        assert connector is not None
        limits = _connect_timeout(min(timeout, self._connect_seconds))
        while True:
            connection = await connector.connect(target, traces=[], timeout=limits)
            protocol: Any = connection.protocol
            generation = protocol.__dict__.get("glomo_generation")
            if generation is None:
                protocol.glomo_generation = self._generation
                # Not looked at below the parser: session tickets of TLS may be under way.
                transport = connection.transport
                if not protocol.should_close and transport is not None:
                    transport.set_protocol(BufferedReading(protocol))
                    return connection
                connection.close()
                raise NotSentError("the server spoke before it was asked")
            if generation == self._generation and not (
                protocol.should_close or _is_readable(connection.transport)
            ):
                return connection
            connection.close()
            # The loop takes note of other connections that the server has closed.
            await asyncio.sleep(0)

    async def _exchange(
        self,
        target: aiohttp.ClientRequest,
        connection: aiohttp.connector.Connection,
        request: WireRequest,
    ) -> WireResponse:
        protocol: Any = connection.protocol
        protocol.set_response_params(
            skip_payload=request.method == "HEAD",
            read_until_eof=True,
            auto_decompress=False,
            read_bufsize=_BUFFER,
        )
        try:
            if not isinstance(request.content, bytes):
                return await self._send_streamed(target, connection, request)
            await self._write(target, protocol, request)
            # Responses with a status of 1xx come before the one that counts.
            while (head := await protocol.read())[0].code in _INFORMATIONAL:
                pass
            message, body = head
            result = await _read(
                message.code, message.raw_headers, body, request.max_response_bytes
            )
        except BaseException:
            connection.close()
            raise
        transport = connection.transport
        if transport is not None and transport.get_write_buffer_size():
            connection.close()  # the response came before the server had read the request
        else:
            connection.release()
        return result

    async def _write(
        self, target: aiohttp.ClientRequest, protocol: Any, request: WireRequest
    ) -> None:
        """Write a request whose body is at hand."""
        content = request.content
        assert isinstance(content, bytes)
        headers = CIMultiDict(target.headers)
        headers.extend(_headers(request.headers))
        if content or request.method not in aiohttp.ClientRequest.GET_METHODS:
            headers["content-length"] = str(len(content))
        url = request.url
        if not self._relayed:
            url = url[url.index("/", url.index("//") + 2) :]
        writer = StreamWriter(protocol, target.loop)
        await writer.write_headers(f"{request.method} {url} HTTP/1.1", headers)
        if content:
            # Not waited for: the server may respond before it has read everything.
            await writer.write(content, drain=False)
        writer.set_eof()

    async def _send_streamed(
        self,
        target: aiohttp.ClientRequest,
        connection: aiohttp.connector.Connection,
        request: WireRequest,
    ) -> WireResponse:
        """Send a body that comes piece by piece: the response may come before its end."""
        wire = aiohttp.ClientRequest(
            request.method,
            URL(request.url, encoded=True),
            headers=_headers(request.headers),
            skip_auto_headers=_NO_AUTO_HEADERS,
            data=request.content,
            proxy=self._proxy,
            session=target.session,
            loop=target.loop,
        )
        response = await wire.send(connection)
        try:
            await response.start(connection)
            result = await _read(
                response.status,
                response.raw_headers,
                response.content,
                request.max_response_bytes,
            )
        except BaseException:
            response.close()
            raise
        response.release()
        return result

    def _open(self, loop: asyncio.AbstractEventLoop) -> aiohttp.ClientRequest:
        """Make the connector, and the request by which it knows where to connect to."""
        if self._closed:
            raise NotSentError("the client was closed meanwhile")
        connector = _Connector(
            limit=0,  # the in-flight bound stands before
            ssl=self._tls or True,
            resolver=aiohttp.ThreadedResolver(),  # the system's, as everybody's
            keepalive_timeout=KEEPALIVE_SECONDS,
        )
        self._target = aiohttp.ClientRequest(
            "GET",
            self._url,
            skip_auto_headers=_NO_AUTO_HEADERS,
            proxy=self._proxy,
            session=aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()),
            loop=loop,
        )
        return self._target

    def discard_connections(self) -> None:
        """Use no open connection again."""
        self._generation += 1

    def reset(self) -> None:
        """Forget every connection."""
        target, self._target = self._target, None
        if target is not None and isinstance(target.session.connector, _Connector):
            target.session.connector.forgotten = True
            target.session.detach()

    async def aclose(self) -> None:
        """Close every connection, and open no more."""
        self._closed = True
        target, self._target = self._target, None
        if target is not None:
            await target.session.close()


class _Connector(aiohttp.TCPConnector):
    """A connector that can be forgotten: collected, it leaves its connections alone."""

    forgotten = False

    def __del__(self, *args: Any) -> None:
        # In a forked child, closing them would take the parent's out of the selector they share.
        if not self.forgotten:
            super().__del__(*args)


class _Expiry:
    """Breaks a connection off when its request's time is over."""

    __slots__ = ("_connection", "over")

    def __init__(self, connection: aiohttp.connector.Connection) -> None:
        self._connection = connection
        self.over = False

    def __call__(self) -> None:
        transport = self._connection.transport
        if transport is not None:  # the response was not whole yet
            self.over = True
            transport.abort()


async def _read(
    status: int,
    raw_headers: Iterable[tuple[bytes, bytes]],
    content: aiohttp.StreamReader,
    max_bytes: int,
) -> WireResponse:
    headers: dict[str, str] = {}
    encodings: list[str] = []
    for raw_name, raw_value in raw_headers:
        name, value = raw_name.lower().decode("latin-1"), raw_value.decode("latin-1").strip(" \t")
        headers[name] = value
        if name == "content-encoding":
            encodings.append(value)
    reader = BodyReader(status, ", ".join(encodings), max_bytes)
    while chunk := await content.readany():
        reader.feed(chunk)
    return WireResponse(status, headers, reader.finish())


@lru_cache(maxsize=64)
def _headers(pairs: tuple[tuple[bytes, bytes], ...]) -> CIMultiDict[str]:
    return CIMultiDict((name.decode(), value.decode()) for name, value in pairs)


@lru_cache(maxsize=64)
def _connect_timeout(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(connect=seconds)


def _running_loop() -> asyncio.AbstractEventLoop:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise ConfigurationError(
            'transport="aiohttp" needs asyncio: leave transport= out on trio'
        ) from None


def _is_readable(transport: asyncio.Transport | None) -> bool:
    """Whether something has arrived that the event loop has not come to."""
    sock = transport.get_extra_info("socket") if transport is not None else None
    if sock is None or sock.fileno() < 0:
        return True
    if not hasattr(select, "poll"):  # Windows
        return bool(select.select([sock], [], [], 0)[0])
    poll = select.poll()
    poll.register(sock.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
