"""The fast transport: aiohttp, whose HTTP parser and connection pool are compiled.

Two of aiohttp's habits do not suit payments, and both are undone here. It repeats an idempotent
request on its own when a connection breaks; and it takes whatever has arrived on an idle
connection for the response to the next request. `Sending` looks at the connection before each
request, and notes the moment from which on something may have been sent.
"""

from __future__ import annotations

import asyncio
import select
import ssl
from collections.abc import AsyncIterable
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from glomo.errors import ConfigurationError
from glomo.http.transport import LostError, NotSentError, WireRequest, WireResponse

from .body import BodyReader
from .environment import proxy_for, tls_context

CONNECT_SECONDS = 5.0
KEEPALIVE_SECONDS = 20.0
_NO_AUTO_HEADERS = ("accept", "accept-encoding", "user-agent", "content-type")


class Progress:
    """How far one request came."""

    __slots__ = ("generation", "sent")

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self.sent = False


_progress: ContextVar[Progress] = ContextVar("glomo_aiohttp_progress")


class StaleConnectionError(Exception):
    """The pool's connection is not to be used, and nothing was sent over it."""


class Sending(aiohttp.ClientRequest):
    """A request that looks at its connection before it is written."""

    async def send(self, conn: aiohttp.connector.Connection) -> aiohttp.ClientResponse:
        """Write to a connection on which nothing waits to be read."""
        progress = _progress.get()
        if progress.sent:
            raise LostError("the connection broke")  # aiohttp would send it a second time
        protocol: Any = conn.protocol
        generation = protocol.__dict__.get("glomo_generation")
        if generation is None:
            # Not looked at below the parser: session tickets of TLS may be under way.
            if protocol.should_close:
                raise NotSentError("the server spoke before it was asked")
            protocol.glomo_generation = progress.generation
        elif (
            generation != progress.generation
            or protocol.should_close  # something waits to be read
            or _is_readable(conn.transport)
        ):
            raise StaleConnectionError
        progress.sent = True
        return await super().send(conn)


class AiohttpTransport:
    """One aiohttp session, made with the first request. asyncio only."""

    def __init__(self, base_url: str, *, tls: ssl.SSLContext | None = None) -> None:
        """Set up, without a connection.

        Args:
            base_url: the API's address.
            tls: trust and client certificate of your own, in place of what the environment names.

        Raises:
            ConfigurationError: the environment names a SOCKS proxy, or none that is an address.
        """
        self._proxy = proxy_for(base_url)
        if self._proxy is not None and self._proxy.startswith("socks"):
            raise ConfigurationError(
                'the environment names a SOCKS proxy, which transport="aiohttp" cannot use: '
                "leave transport= out and pip install httpx[socks]"
            )
        if base_url.startswith("https:") and tls is None:
            tls = tls_context()
        self._tls = tls
        self._session: aiohttp.ClientSession | None = None
        self._closed = False
        self._generation = 0

    async def send(self, request: WireRequest, timeout: float) -> WireResponse:
        """Send over a pooled connection, or a new one."""
        progress = Progress(self._generation)
        _progress.set(progress)
        try:
            async with asyncio.timeout(timeout):
                return await self._exchange(request)
        except TimeoutError:
            if progress.sent:
                raise LostError(f"no response within {timeout:.3g} s") from None
            raise NotSentError(f"no connection within {timeout:.3g} s") from None
        # RuntimeError: when the interpreter exits, no thread looks names up any more.
        except (aiohttp.ClientError, OSError, RuntimeError) as error:
            problem = LostError if progress.sent else NotSentError
            raise problem(_describe(error)) from error

    async def _exchange(self, request: WireRequest) -> WireResponse:
        while True:
            try:
                response = await self._open_session().request(
                    request.method,
                    URL(request.url, encoded=True),
                    headers=_headers(request.headers),
                    data=_content(request.content),
                    allow_redirects=False,
                    proxy=self._proxy,
                )
            except StaleConnectionError:
                # That one is closed now. The loop takes note of others that the server has closed.
                await asyncio.sleep(0)
                continue
            try:
                return await _read(response, request.max_response_bytes)
            except BaseException:
                response.close()
                raise

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
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                request_class=Sending,
                auto_decompress=False,
                skip_auto_headers=_NO_AUTO_HEADERS,
                timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS),
            )
            # Not a public switch; `Sending` holds without it, but reconnects in vain.
            self._session._retry_connection = False  # pyright: ignore[reportPrivateUsage]
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
    response.release()
    return WireResponse(response.status, headers, reader.finish())


@lru_cache(maxsize=64)
def _headers(pairs: tuple[tuple[bytes, bytes], ...]) -> CIMultiDict[str]:
    return CIMultiDict((name.decode(), value.decode()) for name, value in pairs)


def _content(content: bytes | AsyncIterable[bytes]) -> Any:
    return content or None


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
