"""The recipes of docs/flows, run against the sandbox through both packages."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import httpx
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

import glomo.webhooks
import glomo_sync.webhooks
from glomo import AsyncGlomo
from glomo.errors import SignatureError
from glomo.sandbox import Clock, Options, Sandbox, sandbox_key
from glomo_sync import Glomo

from ..docs import blocks, run
from ..serving import serve_wsgi

SECRET = "whsec_flow"

# What the documentation says about the synchronous twin, done.
_SYNCHRONOUS = (
    (r"\basync (def|with|for)\b", r"\1"),
    (r"\bawait ", ""),
    (r"\bAsyncGlomo\b", "Glomo"),
    (r"\bfrom glomo import", "from glomo_sync import"),
)


def _endpoint(router: Any) -> Any:
    """A WSGI application around a router of either package."""

    def app(environ: Any, start_response: Any) -> list[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        signature = environ.get("HTTP_X_GLOMOPAY_SIGNATURE")
        try:
            if inspect.iscoroutinefunction(router.handle):
                anyio.run(router.handle, body, signature)
            else:
                router.handle(body, signature)
        except SignatureError:
            status = "400 Bad Request"
        except Exception:
            status = "500 Internal Server Error"
        else:
            status = "200 OK"
        start_response(status, [("Content-Length", "0")])
        return [b""]

    return app


class Shop:
    """A sandbox, a client of one of the packages, and the recipes that use it."""

    def __init__(self, sandbox: Sandbox, client: Any, portal: BlockingPortal | None) -> None:
        self.sandbox = sandbox
        self.glomo = client
        self.portal = portal
        self.webhooks = glomo_sync.webhooks if portal is None else glomo.webhooks
        self.names: dict[str, Any] = {}
        self.events: list[glomo.webhooks.Event] = []
        self.endpoints = ExitStack()

    def learn(self, page: str, *headings: str, **names: Any) -> None:
        """Take over the functions of a page's recipes. `names` are what the reader brings."""
        code = [block for heading in headings or ("",) for block in blocks(page, heading)]
        if self.portal is None:
            for pattern, replacement in _SYNCHRONOUS:
                code = [re.sub(pattern, replacement, block) for block in code]
        self.names = run(*code, **names)

    def call(self, function: str | Any, *args: Any, **named: Any) -> Any:
        """Call a recipe's function, or a method of the client."""
        target = self.names[function] if isinstance(function, str) else function
        if self.portal is None:
            return target(*args, **named)

        async def called() -> Any:
            result = target(*args, **named)
            return await result if inspect.isawaitable(result) else result

        return self.portal.call(called)

    def receive(self, router: Any = None) -> None:
        """Let a router take the sandbox's webhooks over HTTP; without one, `events` has them."""
        if router is None:
            router = self.webhooks.Router(SECRET)
            if self.portal is None:
                router.otherwise(self.events.append)
            else:

                async def note(event: glomo.webhooks.Event) -> None:
                    self.events.append(event)

                router.otherwise(note)
        url = self.endpoints.enter_context(serve_wsgi(_endpoint(router)))
        self.sandbox.webhooks.add_endpoint(url, secret=SECRET)

    def flush(self) -> None:
        """Wait until what has happened was told."""
        assert self.sandbox.webhooks.flush()

    @property
    def requests(self) -> list[str]:
        """What was asked of the API so far: `GET /v1/payouts`."""
        return [f"{one.method} {one.path}" for one in self.sandbox.requests]


@pytest.fixture
def options() -> dict[str, Any]:
    """What is switched on; a test module may say more."""
    return {}


@pytest.fixture
def clock() -> Clock:
    """The sandbox's time. It begins today: what expires is also checked by the client."""
    return Clock(datetime.now(UTC))


@pytest.fixture
def sandbox(options: dict[str, Any], clock: Clock) -> Iterator[Sandbox]:
    chosen = Options(**{"settle_after": timedelta(), **options})
    with Sandbox(clock=clock, options=chosen, rate_limit=None) as sandbox:
        yield sandbox


@pytest.fixture(params=["async", "sync"])
def shop(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[Shop]:
    settings: dict[str, Any] = {
        # In process: a port for each test would take longer to close than most of them take.
        "http_client": httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app)),
        "base_url": "http://localhost/api",
        "rate_limit": None,
    }
    if request.param == "sync":
        with Glomo(sandbox_key(), **settings) as client:
            shop = Shop(sandbox, client, None)
            with shop.endpoints:
                yield shop
        return
    with start_blocking_portal() as portal:
        client = AsyncGlomo(sandbox_key(), **settings)
        shop = Shop(sandbox, client, portal)
        with shop.endpoints:
            yield shop
        portal.call(client.aclose)
