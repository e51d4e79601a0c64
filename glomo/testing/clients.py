"""Clients of a sandbox for tests: without a rate limit, and without pauses between attempts."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx

from glomo.client import AsyncGlomo
from glomo.sandbox import sandbox_key

if TYPE_CHECKING:
    from glomo.sandbox import Sandbox
    from glomo_sync import Glomo

ADDRESS = "http://sandbox.localhost/api"


def client_of(sandbox: Sandbox) -> AsyncGlomo:
    """An asynchronous client in process. It has nothing to close, and works on any event loop."""
    http = httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.app))
    client = AsyncGlomo(sandbox_key(), base_url=ADDRESS, rate_limit=None, http_client=http)
    client._driver.rng = _no_jitter  # pyright: ignore[reportPrivateUsage] - nobody else sets it
    return client


@contextmanager
def sync_client_of(sandbox: Sandbox) -> Generator[Glomo]:
    """A synchronous client over a loopback port."""
    from glomo_sync import Glomo  # noqa: PLC0415 - half of the users have no need of it

    with (
        sandbox.serve() as server,
        Glomo(sandbox_key(), base_url=server.base_url, rate_limit=None) as client,
    ):
        yield client


def _no_jitter() -> float:
    """Back-off is a random part of the full pause: of which this is nothing."""
    return 0.0
