"""The default transport: httpx over many single connections.

An httpx pool looks through all its connections for every request, so one pool of 200 spends most
of its time looking. Here each httpx transport has one connection, and which of them is free is
known. The client's in-flight bound sees to it that one always is.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from functools import lru_cache, partial
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx
import sniffio

from glomo.errors import ConfigurationError
from glomo.http.transport import NotSentError, WireRequest, WireResponse

from .environment import proxy_for, tls_context
from .exchange import Progress, close, exchange
from .network import AsyncioNetwork

CONNECT_SECONDS = 5.0
KEEPALIVE_SECONDS = 20.0


@lru_cache(maxsize=512)
def _url(url: str) -> httpx.URL:
    # Parsing costs more than everything else about a request, and creates repeat one URL.
    return httpx.URL(url)


def _whole_request(
    request: WireRequest, content: bytes, extensions: dict[str, Any]
) -> httpx.Request:
    """A request whose body is at hand, with the headers that httpx would find out at more cost."""
    url = _url(request.url)
    headers = [(b"host", url.netloc), *request.headers]
    if content or request.method in ("POST", "PUT", "PATCH"):
        headers.append((b"content-length", b"%d" % len(content)))
    stream = httpx.ByteStream(content)
    wire = httpx.Request(request.method, url, headers=headers, stream=stream, extensions=extensions)
    wire.read()  # a mock may look at the body
    return wire


class _Unlocked:
    """In place of httpcore's locks, each of which goes once round the event loop.

    A connection has one request at a time here: there is nothing to guard.
    """

    async def __aenter__(self) -> None: ...

    async def __aexit__(self, *_: object) -> None: ...


_UNLOCKED = _Unlocked()


class Connection(httpx.AsyncHTTPTransport):
    """httpx's transport over one connection of httpcore, in place of a pool of them."""

    def __init__(self, base_url: str, proxy: str | None, tls: ssl.SSLContext | None) -> None:
        url = httpcore.URL(base_url)
        asyncio_runs = sniffio.current_async_library() == "asyncio"
        self.network = AsyncioNetwork() if asyncio_runs else None
        common: dict[str, Any] = {
            "ssl_context": tls,
            "keepalive_expiry": KEEPALIVE_SECONDS,
            "network_backend": self.network,
        }
        if proxy is None:
            pool: Any = httpcore.AsyncHTTPConnection(origin=url.origin, **common)
        else:
            pool = _proxied(httpx.Proxy(proxy), common)
        self._pool = pool
        self.direct = proxy is None
        if self.direct:
            pool._request_lock = _UNLOCKED

    def expired(self) -> bool:
        """Whether an idle connection is of no more use: closed by the server, or too old."""
        # httpcore's pools look at their connections themselves.
        pool: Any = self._pool
        if not self.direct:
            return False
        pool._connection._state_lock = _UNLOCKED
        return bool(pool.has_expired() or not pool.is_idle())

    async def aclose(self) -> None:
        """Close, also what is still being connected."""
        if self.network is not None:
            self.network.close()
        await super().aclose()


def _proxied(proxy: httpx.Proxy, common: dict[str, Any]) -> Any:
    common |= {
        "max_connections": 1,
        "proxy_auth": proxy.raw_auth,
        "proxy_url": httpcore.URL(
            scheme=proxy.url.raw_scheme,
            host=proxy.url.raw_host,
            port=proxy.url.port,
            target=proxy.url.raw_path,
        ),
    }
    if proxy.url.scheme.startswith("socks"):
        return httpcore.AsyncSOCKSProxy(**common)
    if proxy.url.scheme == "https":
        common["proxy_ssl_context"] = common["ssl_context"] or tls_context()
    return httpcore.AsyncHTTPProxy(proxy_headers=proxy.headers.raw, **common)


class HttpxTransport:
    """Single connections, the most recently used first."""

    def __init__(
        self,
        connect: Callable[[], httpx.AsyncBaseTransport],
        *,
        connect_timeout: float = CONNECT_SECONDS,
    ) -> None:
        self._connect = connect
        # Reading has no limit of its own: the attempt's time covers it.
        self._timeouts = {"connect": connect_timeout, "read": None, "write": None, "pool": None}
        self._idle: list[httpx.AsyncBaseTransport] = []
        self._all: set[httpx.AsyncBaseTransport] = set()
        self._discarded: list[httpx.AsyncBaseTransport] = []
        self._closed = False

    async def send(self, request: WireRequest, timeout: float) -> WireResponse:
        """Send over an idle connection, or a new one."""
        if self._discarded:
            await self._close_discarded()
        connection = await self._take()
        network: AsyncioNetwork | None = None
        if isinstance(connection, Connection) and connection.direct:
            network = connection.network
        content = request.content
        extensions: dict[str, Any] = {"timeout": self._timeouts}
        is_connecting: Callable[[], bool]
        if network is not None:
            network.connecting = False
            is_connecting = partial(getattr, network, "connecting")
        else:
            trace = extensions["trace"] = Progress()
            is_connecting = partial(getattr, trace, "connecting")
        if isinstance(content, bytes):
            wire = _whole_request(request, content, extensions)
        else:
            wire = httpx.Request(
                request.method,
                _url(request.url),
                headers=list(request.headers),
                content=content,
                extensions=extensions,
            )
        reusable = False
        try:
            response, reusable = await exchange(
                partial(connection.handle_async_request, wire),
                library="httpx",
                max_bytes=request.max_response_bytes,
                timeout=timeout,
                is_connecting=is_connecting,
                on_asyncio=network is not None,
            )
        finally:
            # A connection that was interrupted may count as busy for ever. One that was closed or
            # discarded meanwhile, with the client or for a wrong response, stays out as well.
            if reusable and connection in self._all:
                self._idle.append(connection)
            else:
                self._all.discard(connection)
                await close(connection)
        return response

    async def _take(self) -> httpx.AsyncBaseTransport:
        while self._idle:
            connection = self._idle.pop()
            if not (isinstance(connection, Connection) and connection.expired()):
                return connection
            self._all.discard(connection)
            await close(connection)
        if self._closed:  # a call that was under way then: its next connection would leak
            raise NotSentError("the client was closed meanwhile")
        connection = self._connect()
        self._all.add(connection)
        return connection

    async def _close_discarded(self) -> None:
        discarded, self._discarded = self._discarded, []
        for connection in discarded:
            await close(connection)

    def discard_connections(self) -> None:
        """Use no open connection again: the idle ones are closed soon, the others after use."""
        self._discarded += self._idle
        self._idle, self._all = [], set()

    def reset(self) -> None:
        """Forget every connection."""
        self._idle, self._all, self._discarded = [], set(), []

    async def aclose(self) -> None:
        """Close every connection, and open no more."""
        self._closed = True
        connections = [*self._discarded, *self._all]
        self.reset()
        for connection in connections:
            await close(connection)


def default_transport(
    base_url: str,
    *,
    tls: ssl.SSLContext | None = None,
    connect_timeout: float = CONNECT_SECONDS,
) -> HttpxTransport:
    """Return a transport over TCP and verified TLS, through the environment's proxy if it has one.

    Args:
        base_url: the API's address.
        tls: trust and client certificate of your own, in place of what the environment names.
        connect_timeout: seconds for a connection.

    Raises:
        ConfigurationError: the address, or the proxy's, is none that httpx can use.
    """
    try:
        _url(base_url)
    except httpx.InvalidURL as error:
        raise ConfigurationError(f"base_url is not an address: {error}") from None
    proxy = proxy_for(base_url)
    if proxy is not None:
        _check_proxy(proxy)
    if base_url.startswith("https:") and tls is None:
        tls = tls_context()
    connect = partial(Connection, base_url, proxy, tls)
    return HttpxTransport(connect, connect_timeout=connect_timeout)


def _check_proxy(url: str) -> None:
    try:
        httpx.Proxy(url)
    except (httpx.InvalidURL, ValueError):
        # Not shown: proxies often have a password in them.
        raise ConfigurationError("the environment names a proxy that is not an address") from None
    if urlsplit(url).scheme.startswith("socks") and find_spec("socksio") is None:
        raise ConfigurationError("the environment names a SOCKS proxy: pip install httpx[socks]")
