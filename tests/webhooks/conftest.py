"""One test for both routers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anyio
import pytest

import glomo.webhooks
import glomo_sync.webhooks
from glomo.webhooks import Event
from glomo.webhooks.testing import Delivery

SECRET = "whsec_unit"


class AsyncKind:
    """The asynchronous router, driven from a test that is not."""

    name = "glomo"
    other = "glomo_sync"
    Router: Any = glomo.webhooks.Router

    def function(self, function: Callable[[Any], Any]) -> Any:
        async def handler(event: Event) -> Any:
            await anyio.lowlevel.checkpoint()
            return function(event)

        return handler

    def handle(self, router: Any, delivery: Delivery) -> Event:
        event: Event = anyio.run(router.handle, delivery.body, delivery.signature)
        return event


class SyncKind:
    """The router of the twin."""

    name = "glomo_sync"
    other = "glomo"
    Router: Any = glomo_sync.webhooks.Router

    def function(self, function: Callable[[Any], Any]) -> Any:
        return function

    def handle(self, router: Any, delivery: Delivery) -> Event:
        event: Event = router.handle(delivery.body, delivery.signature)
        return event


Kind = AsyncKind | SyncKind


@pytest.fixture(params=[AsyncKind(), SyncKind()], ids=["async", "sync"])
def kind(request: pytest.FixtureRequest) -> Kind:
    chosen: Kind = request.param
    return chosen
