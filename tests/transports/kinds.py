"""The transports of the suite, made alike."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import httpx2
import pytest

from glomo.http.transport import Transport, WireRequest
from glomo.http.transports.aiohttp import AiohttpTransport
from glomo.http.transports.caller import ClientTransport
from glomo.http.transports.httpx import default_transport

KINDS = ("httpx", "httpx client", "httpx2 client", "aiohttp")
OWN_KINDS = ("httpx", "aiohttp")
every = pytest.mark.parametrize("kind", KINDS)
every_own = pytest.mark.parametrize("kind", OWN_KINDS)
HOST = "api.test"
"""A host that is not this machine: only a proxy reaches it."""


@asynccontextmanager
async def open_transport(
    kind: str,
    origin: str,
    *,
    tls: ssl.SSLContext | None = None,
    proxy: str | None = None,
    connect: float = 5,
) -> AsyncIterator[Transport]:
    """A transport of this kind. What is given, a caller's client gets by hand; ours are expected to
    find a proxy in the environment."""
    match kind:
        case "httpx":
            transport: Transport = default_transport(origin, tls=tls)
        case "aiohttp":
            transport = AiohttpTransport(origin, tls=tls)
        case _:
            library: Any = httpx if kind == "httpx client" else httpx2
            verify = tls if tls is not None else True
            # Its own time-outs are out of the way, but for connecting: httpx leaves a socket open
            # when a TLS handshake is cancelled from outside.
            timeout = library.Timeout(None, connect=connect)
            async with library.AsyncClient(
                verify=verify, proxy=proxy, trust_env=False, timeout=timeout
            ) as client:
                yield ClientTransport(client)
                return
    try:
        yield transport
    finally:
        await transport.aclose()


def request(
    origin: str,
    *,
    method: str = "POST",
    path: str = "/api/v1/payouts",
    content: bytes | AsyncIterable[bytes] = b'{"amount":1}',
    headers: tuple[tuple[bytes, bytes], ...] = (),
    cap: int = 100_000,
) -> WireRequest:
    """One attempt as the pipeline makes it."""
    base = ((b"authorization", b"Bearer key"), (b"accept-encoding", b"gzip"), *headers)
    return WireRequest(method, f"{origin}{path}", base, content, cap)
