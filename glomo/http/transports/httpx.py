"""The default transport: httpx, one connection a pool, many pools side by side.

An httpx pool looks through all its connections for every request, so one pool of 200 spends most
of its time looking. Pools of one connection have nothing to look through; which pool is free is
known here, and the client's in-flight bound sees to it that one always is.
"""

from __future__ import annotations

import ssl
import zlib
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from functools import cache, lru_cache
from importlib.util import find_spec
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import anyio
import httpx

from glomo.errors import ConfigurationError
from glomo.http.transport import LostError, NotSentError, TooLargeError, WireRequest, WireResponse
from glomo.settings import is_loopback

CONNECT_SECONDS = 5.0
KEEPALIVE_SECONDS = 20.0
CLOSE_SECONDS = 1.0
PIECE = 64 * 1024

_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
# Reading has no limit of its own: the attempt's deadline covers it.
_TIMEOUTS = {"timeout": {"connect": CONNECT_SECONDS, "read": None, "write": None, "pool": None}}


@cache
def _tls() -> ssl.SSLContext:
    # Reading the CA bundle takes tens of milliseconds: once a process, not once a client.
    return httpx.create_ssl_context()


@lru_cache(maxsize=512)
def _url(url: str) -> httpx.URL:
    # Parsing costs more than everything else about a request, and creates repeat one URL.
    return httpx.URL(url)


class PooledTransport:
    """httpx transports, one connection each, the most recently used first."""

    def __init__(self, make: Callable[[], httpx.AsyncBaseTransport]) -> None:
        self._make = make
        self._idle: list[httpx.AsyncBaseTransport] = []
        self._all: set[httpx.AsyncBaseTransport] = set()
        self._closed = False

    async def send(self, request: WireRequest) -> WireResponse:
        """Send over an idle connection, or a new one."""
        idle = self._idle
        if idle:
            pool = idle.pop()
        else:
            if self._closed:  # a call that was under way then: its next connection would leak
                raise NotSentError("the client was closed meanwhile")
            pool = self._make()
            self._all.add(pool)
        try:
            answer = await _exchange(pool.handle_async_request, request)
        except BaseException:
            # A pool that was interrupted may count its one connection as busy for ever, and every
            # later call on it would wait in vain.
            self._all.discard(pool)
            await _close(pool)
            raise
        idle.append(pool)
        return answer

    def reset(self) -> None:
        """Forget every connection."""
        self._idle, self._all = [], set()

    async def aclose(self) -> None:
        """Close every connection, and open no more."""
        self._closed = True
        pools = self._all
        self.reset()
        for pool in pools:
            await _close(pool)


async def _close(pool: httpx.AsyncBaseTransport | httpx.Response) -> None:
    """Close, though the call was cancelled; a connection that will not close is not waited for."""
    with anyio.move_on_after(CLOSE_SECONDS, shield=True):
        await pool.aclose()


def default_transport(base_url: str) -> PooledTransport:
    """httpx over TCP and verified TLS, through the proxy of the environment if one is set.

    Raises:
        ConfigurationError: the address, or the proxy's, is none that httpx can use.
    """
    try:
        _url(base_url)
    except httpx.InvalidURL as error:
        raise ConfigurationError(f"base_url is not an address: {error}") from None
    proxy = _proxy(base_url)
    verify: ssl.SSLContext | bool = _tls() if base_url.startswith("https:") or proxy else False
    one = httpx.Limits(
        max_connections=1, max_keepalive_connections=1, keepalive_expiry=KEEPALIVE_SECONDS
    )
    return PooledTransport(
        lambda: httpx.AsyncHTTPTransport(verify=verify, limits=one, proxy=proxy, trust_env=False)
    )


def _proxy(base_url: str) -> httpx.Proxy | None:
    """The proxy that the environment names for an address."""
    origin = urlsplit(base_url)
    # What is meant for this machine never leaves it: on plain http the key would be readable.
    if is_loopback(origin.hostname or "") or proxy_bypass(origin.netloc):
        return None
    proxies = getproxies()
    url = proxies.get(origin.scheme) or proxies.get("all")
    if not url:
        return None
    try:
        proxy = httpx.Proxy(url if "://" in url else f"http://{url}")
    except (httpx.InvalidURL, ValueError):
        # Not shown: proxies often have a password in them.
        raise ConfigurationError("the environment names a proxy that is not an address") from None
    if proxy.url.scheme.startswith("socks") and find_spec("socksio") is None:
        raise ConfigurationError("the environment names a SOCKS proxy: pip install httpx[socks]")
    return proxy


class ClientTransport:
    """A caller's own `httpx.AsyncClient`, which stays theirs: it is never closed here."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def send(self, request: WireRequest) -> WireResponse:
        """Send through the client: its proxies, event hooks and transport apply."""
        if self._client.is_closed:
            raise ConfigurationError("the http_client= of this client was closed by its owner")

        async def handle(wire: httpx.Request) -> httpx.Response:
            # auth=None: the client's own would take the place of the key.
            return await self._client.send(wire, stream=True, auth=None, follow_redirects=False)

        return await _exchange(handle, request)

    def reset(self) -> None:
        """Refuse: another's client cannot be rebuilt."""
        raise ConfigurationError(
            "http_client= belongs to the event loop and the process it was made in: "
            "make the client where it is used, or leave http_client= out"
        )

    async def aclose(self) -> None:
        """Leave the client open: its owner closes it."""


async def _exchange(
    handle: Callable[[httpx.Request], Awaitable[httpx.Response]], request: WireRequest
) -> WireResponse:
    wire = httpx.Request(
        request.method,
        _url(request.url),
        headers=list(request.headers),
        content=request.content,
        extensions=_TIMEOUTS,
    )
    try:
        response = await handle(wire)
        try:
            body = await _read(response, request.max_response_bytes)
        except BaseException:
            await _close(response)
            raise
        await response.aclose()
    except _NOT_SENT as error:
        raise NotSentError(_said(error)) from error
    except (httpx.RequestError, httpx.StreamError, ssl.SSLError) as error:
        raise LostError(_said(error)) from error
    headers = {k.lower().decode("latin-1"): v.decode("latin-1") for k, v in response.headers.raw}
    return WireResponse(response.status_code, headers, body)


async def _read(response: httpx.Response, cap: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in _chunks(response):
        size += len(chunk)
        if size > cap:
            raise TooLargeError(response.status_code)
        chunks.append(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _chunks(response: httpx.Response) -> AsyncIterable[bytes]:
    encoding = response.headers.get("content-encoding", "identity")
    if response.is_stream_consumed or not isinstance(response.stream, httpx.AsyncByteStream):
        return response.aiter_bytes()  # an event hook of the caller's client has read it
    if encoding == "identity":
        return response.stream
    # httpx would inflate a whole chunk, to a thousand times its size, before it could be measured.
    return _inflated(response.stream) if encoding == "gzip" else response.aiter_bytes()


async def _inflated(compressed: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    empty = True
    async for chunk in compressed:
        rest = chunk
        while rest and not inflater.eof:
            empty = False
            try:
                yield inflater.decompress(rest, PIECE)
            except zlib.error as error:
                raise LostError(f"the answer is not gzip: {error}") from None
            rest = inflater.unconsumed_tail
    if not inflater.eof and not empty:
        raise LostError("the compressed answer breaks off")


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
