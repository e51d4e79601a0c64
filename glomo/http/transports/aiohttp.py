"""The fast transport: aiohttp, whose HTTP parser is compiled.

aiohttp's session is left out of the way. It repeats an idempotent request on its own when a
connection breaks, and it takes whatever has arrived on an idle connection for the response to the
next request; neither suits payments. So its parts are put together here: take a connection of the
connector's, look at it, write the request, read the response. Up to the writing nothing was sent;
from then on something may have been.
"""

from __future__ import annotations

import asyncio
import select
import ssl
from functools import lru_cache
from typing import Any

import aiohttp
from multidict import CIMultiDict, istr
from yarl import URL

from glomo.errors import ConfigurationError
from glomo.http.transport import LostError, NotSentError, WireRequest, WireResponse

from .body import BodyReader
from .environment import proxy_for, tls_context

CONNECT_SECONDS = 5.0
KEEPALIVE_SECONDS = 20.0
_BUFFER = 64 * 1024
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
        self._session: aiohttp.ClientSession | None = None
        self._closed = False
        self._generation = 0

    async def send(self, request: WireRequest, timeout: float) -> WireResponse:
        """Send over a pooled connection, or a new one."""
        loop = _running_loop()
        deadline = loop.time() + timeout
        session = self._open_session()
        wire = aiohttp.ClientRequest(
            request.method,
            URL(request.url, encoded=True),
            headers=_headers(request.headers),
            skip_auto_headers=_NO_AUTO_HEADERS,
            data=request.content or None,
            proxy=self._proxy,
            session=session,
            loop=loop,
        )
        try:
            connection = await self._connect(session, wire, timeout)
        except TimeoutError:
            raise NotSentError(f"no connection within {timeout:.3g} s") from None
        # RuntimeError: when the interpreter exits, no thread looks names up any more.
        except (aiohttp.ClientError, OSError, RuntimeError) as error:
            raise NotSentError(_describe(error)) from error
        expiry = _Expiry(connection)
        timer = loop.call_at(deadline, expiry)
        try:
            return await _exchange(wire, connection, request)
        except (aiohttp.ClientError, OSError) as error:
            problem = f"no response within {timeout:.3g} s" if expiry.over else _describe(error)
            raise LostError(problem) from error
        finally:
            timer.cancel()

    async def _connect(
        self, session: aiohttp.ClientSession, wire: aiohttp.ClientRequest, timeout: float
    ) -> aiohttp.connector.Connection:
        """Return a connection on which nothing waits to be read."""
        connector = session.connector
        assert connector is not None
        limits = _connect_timeout(min(timeout, self._connect_seconds))
        while True:
            connection = await connector.connect(wire, traces=[], timeout=limits)
            protocol: Any = connection.protocol
            generation = protocol.__dict__.get("glomo_generation")
            if generation is None:
                protocol.glomo_generation = self._generation
                # Not looked at below the parser: session tickets of TLS may be under way.
                if not protocol.should_close:
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

    def _open_session(self) -> aiohttp.ClientSession:
        if self._closed:
            raise NotSentError("the client was closed meanwhile")
        if self._session is None:
            connector = _Connector(
                limit=0,  # the in-flight bound stands before
                ssl=self._tls or True,
                resolver=aiohttp.ThreadedResolver(),  # the system's, as everybody's
                keepalive_timeout=KEEPALIVE_SECONDS,
            )
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._session

    def discard_connections(self) -> None:
        """Use no open connection again."""
        self._generation += 1

    def reset(self) -> None:
        """Forget every connection."""
        session, self._session = self._session, None
        if session is not None and isinstance(session.connector, _Connector):
            session.connector.forgotten = True
            session.detach()

    async def aclose(self) -> None:
        """Close every connection, and open no more."""
        self._closed = True
        session, self._session = self._session, None
        if session is not None:
            await session.close()


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


async def _exchange(
    wire: aiohttp.ClientRequest, connection: aiohttp.connector.Connection, request: WireRequest
) -> WireResponse:
    protocol: Any = connection.protocol
    protocol.set_response_params(
        skip_payload=wire.method == "HEAD",
        read_until_eof=True,
        auto_decompress=False,
        read_bufsize=_BUFFER,
    )
    try:
        response = await wire.send(connection)
        try:
            await response.start(connection)
            result = await _read(response, request.max_response_bytes)
        except BaseException:
            response.close()
            raise
    except BaseException:
        connection.close()
        raise
    response.release()
    return result


async def _read(response: aiohttp.ClientResponse, max_bytes: int) -> WireResponse:
    headers = {
        name.lower().decode("latin-1"): value.decode("latin-1")
        for name, value in response.raw_headers
    }
    encoding = ", ".join(response.headers.getall("content-encoding", ()))
    reader = BodyReader(response.status, encoding, max_bytes)
    content = response.content
    while chunk := await content.readany():
        reader.feed(chunk)
    return WireResponse(response.status, headers, reader.finish())


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
