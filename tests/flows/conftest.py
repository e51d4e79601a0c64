"""The recipes of docs/flows, run against the sandbox through both packages."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

import glomo.webhooks
import glomo_sync.webhooks
from glomo import AsyncGlomo
from glomo.sandbox import Clock, Options, Sandbox, sandbox_key
from glomo_sync import Glomo

from ..docs import blocks, run

SECRET = "whsec_flow"
START = datetime(2026, 11, 24, 9, tzinfo=UTC)

# What the documentation says about the synchronous twin, done.
_SYNCHRONOUS = (
    (r"\basync (def|with|for)\b", r"\1"),
    (r"\bawait ", ""),
    (r"\bAsyncGlomo\b", "Glomo"),
    (r"\bfrom glomo import", "from glomo_sync import"),
)


class Shop:
    """A sandbox, a client of one of the packages, and the recipes that use it."""

    def __init__(self, sandbox: Sandbox, client: Any, portal: BlockingPortal | None) -> None:
        self.sandbox = sandbox
        self.glomo = client
        self.portal = portal
        self.webhooks = glomo_sync.webhooks if portal is None else glomo.webhooks
        self.names: dict[str, Any] = {}
        self.events: list[glomo.webhooks.Event] = []

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
        """Let a router take the sandbox's webhooks; without one, `events` has them."""
        if router is None:
            router = self.webhooks.Router(SECRET)
            if self.portal is None:
                router.otherwise(self.events.append)
            else:

                async def note(event: glomo.webhooks.Event) -> None:
                    self.events.append(event)

                router.otherwise(note)
        self.sandbox.webhooks.add_receiver(
            lambda request: router.handle(request.body, request.signature), secret=SECRET
        )

    @property
    def requests(self) -> list[str]:
        """What was asked of the API so far: `GET /v1/payouts`."""
        return [f"{one.method} {one.path}" for one in self.sandbox.requests]


@pytest.fixture
def options() -> dict[str, Any]:
    """What is switched on; a test module may say more."""
    return {}


@pytest.fixture
def sandbox(options: dict[str, Any]) -> Iterator[Sandbox]:
    chosen = Options(**{"settle_after": timedelta(), **options})
    with Sandbox(clock=Clock(START), options=chosen, rate_limit=None) as sandbox:
        yield sandbox


@pytest.fixture(params=["async", "sync"])
def shop(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[Shop]:
    with sandbox.serve() as server:
        settings = {"base_url": server.base_url, "rate_limit": None}
        if request.param == "sync":
            with Glomo(sandbox_key(), **settings) as client:
                yield Shop(sandbox, client, None)
            return
        with start_blocking_portal() as portal:
            client = AsyncGlomo(sandbox_key(), **settings)
            yield Shop(sandbox, client, portal)
            portal.call(client.aclose)
