from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import respx
from attrs import frozen

from glomo import AsyncGlomo
from glomo.settings import DEFAULT_BASE_URL

from ..core.virtual_time import VirtualLoop


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    """In virtual time: pauses between attempts take no time."""
    return "asyncio", {"loop_factory": VirtualLoop}


@frozen
class Created:
    """An object that shows what the request asked for, and the rest as in the sample."""

    sample: dict[str, Any]


class Wire:
    """The API as respx plays it: what it answers, and what it was asked."""

    def __init__(self, router: respx.MockRouter) -> None:
        self._router = router

    def on(self, method: str, path: str, *responses: Any) -> None:
        """Give these answers in turn, the last one for ever.

        An answer is JSON (status 200), `(status, JSON)`, an exception of httpx, or `b""`; in place
        of JSON, `Created(sample)`.
        """
        replies = [self._reply(response) for response in responses]

        def reply(request: httpx.Request) -> httpx.Response:
            current = replies.pop(0) if len(replies) > 1 else replies[0]
            if isinstance(current, Exception):
                raise current
            status, content = current
            if isinstance(content, bytes):
                return httpx.Response(status, content=content)
            if isinstance(content, Created):
                content = {**content.sample, **json.loads(request.content)}
            return httpx.Response(status, json=_of_path(content, request.url.path))

        self._router.route(method=method, path=f"/api{path}").mock(side_effect=reply)

    @staticmethod
    def _reply(response: Any) -> Any:
        return response if isinstance(response, (tuple, Exception)) else (200, response)

    @property
    def targets(self) -> list[str]:
        """Every request as `METHOD /path?query`, without `/api`."""
        return [
            f"{call.request.method} " + str(call.request.url).removeprefix(DEFAULT_BASE_URL)
            for call in self._router.calls
        ]

    @property
    def body(self) -> Any:
        """The JSON body of the last request, or `None` if it had none."""
        content = self._router.calls.last.request.content
        return json.loads(content) if content else None


def _of_path(content: Any, path: str) -> Any:
    """The object under the id that the path asks for: a response with another one is refused."""
    if not isinstance(content, dict) or not isinstance(content.get("id"), str):
        return content
    prefix = content["id"].partition("_")[0]
    ids = [part for part in path.split("/") if part.startswith(f"{prefix}_")]
    return {**content, "id": ids[0]} if ids else content


@pytest.fixture
def wire() -> Iterator[Wire]:
    with respx.mock(assert_all_called=False) as router:
        yield Wire(router)


@pytest.fixture
async def glomo(wire: Wire) -> AsyncIterator[AsyncGlomo]:
    async with AsyncGlomo("sk-unit", rate_limit=None) as client:
        yield client
