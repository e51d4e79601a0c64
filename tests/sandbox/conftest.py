from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from glomo.sandbox import Clock, Options, Sandbox, sandbox_key

START = datetime(2026, 9, 9, 7, 0, 9, 250_000, tzinfo=UTC)


class Api:
    """The API over HTTP, in process, with the few shapes of request that tests repeat."""

    def __init__(self, sandbox: Sandbox, key: str | None = "secret", source: str = "127.0.0.1"):
        self.sandbox = sandbox
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(sandbox.app, client=(source, 5)),
            base_url="http://localhost",
            headers={} if key is None else {"Authorization": f"Bearer {key}"},
        )

    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self.http.get(f"/api/{path}", params=query)

    async def post(self, path: str, body: Any = None) -> httpx.Response:
        return await self.http.post(f"/api/{path}", json=body)

    async def patch(self, path: str, body: Any = None) -> httpx.Response:
        return await self.http.patch(f"/api/{path}", json=body)

    async def pay(self, **changes: Any) -> httpx.Response:
        """Ask for a payout that is right in every respect, but for the changes."""
        return await self.post("v1/payouts", payout_body(self.sandbox, **changes))

    async def paid(self, **changes: Any) -> dict[str, Any]:
        response = await self.pay(**changes)
        assert response.status_code == 201, response.text
        return response.json()

    async def mock(self, payout: dict[str, Any], status: str, **more: Any) -> httpx.Response:
        return await self.patch("v1/payouts/mock", {"id": payout["id"], "status": status, **more})


def payout_body(sandbox: Sandbox, **changes: Any) -> dict[str, Any]:
    body = {
        "beneficiary_id": "bene_supplier",
        "purpose_code": "S1005",
        "source_currency": "USD",
        "destination_currency": "INR",
        "source_amount": 125_000,
        "payment_rail": "neft",
        **changes,
    }
    return {key: value for key, value in body.items() if value is not ...}


def new_sandbox(**parameters: Any) -> Sandbox:
    """A sandbox of which nothing settles by itself, with these parameters and options."""
    names = {one.name for one in fields(Options)}
    options = {name: value for name, value in parameters.items() if name in names}
    others = {name: value for name, value in parameters.items() if name not in names}
    sandbox = Sandbox(
        options=Options(**{"settle_after": None, **options}), **{"clock": Clock(START), **others}
    )
    sandbox.add_beneficiary("bene_supplier")
    return sandbox


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


@pytest.fixture
def sandbox(clock: Clock) -> Sandbox:
    return new_sandbox(clock=clock)


@pytest.fixture
async def api(sandbox: Sandbox) -> AsyncIterator[Api]:
    api = Api(sandbox)
    async with api.http:
        yield api


@pytest.fixture
def make_api() -> Any:
    """Makes a sandbox with options and its API: `make_api(queueing=True)`."""
    return lambda **options: Api(new_sandbox(**options))


@pytest.fixture
def api_of() -> type[Api]:
    """Another caller of a sandbox: `api_of(sandbox, key=..., source=...)`."""
    return Api


@pytest.fixture
def body_of() -> Any:
    return payout_body


@pytest.fixture(scope="session")
def key() -> str:
    return sandbox_key()


@pytest.fixture
def server(sandbox: Sandbox) -> Iterator[httpx.Client]:
    """The sandbox on a real port."""
    with (
        sandbox.serve() as running,
        httpx.Client(
            base_url=running.base_url, headers={"Authorization": "Bearer secret"}, timeout=10
        ) as client,
    ):
        yield client
