from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from uuid import uuid4

import anyio.lowlevel
import httpx
import psycopg
import pytest

from glomo import AsyncGlomo
from glomo.distributed import Database, PostgresLimiter
from glomo.sandbox import Sandbox, sandbox_key

DSN = os.environ.get("GLOMO_TEST_POSTGRES", "")
needs_postgres = pytest.mark.skipif(
    not DSN, reason='no PostgreSQL: `eval "$(.ci/services start DIR)"` starts one'
)


@pytest.fixture
def dsn() -> Iterator[str]:
    """A database of its own for each test."""
    if not DSN:
        pytest.skip("no PostgreSQL: `.ci/services start DIR` starts one, see tests/distributed")
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(DSN, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    try:
        yield DSN.rpartition("/")[0] + f"/{name}"
    finally:
        with psycopg.connect(DSN, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    async with Database(dsn) as database:
        yield database


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seed=3, rate_limit=None) as sandbox:
        sandbox.clock.freeze()  # type: ignore[attr-defined] # no payout settles unless a test says so
        sandbox.add_beneficiary("bene_supplier")
        sandbox.add_beneficiary("bene_unknown_ifsc", bank_error="INVALID_BENE_IFSC")
        yield sandbox


async def _at_once(_: float) -> None:
    await anyio.lowlevel.checkpoint()


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glomo.batch.runner._PAUSES", (0.0, 0.0))


@pytest.fixture
async def make_client(
    sandbox: Sandbox, database: Database
) -> AsyncIterator[Callable[..., AsyncGlomo]]:
    """Makes clients of the sandbox, in process, that share a limit in the database."""
    opened: list[httpx.AsyncClient] = []

    def make(**options: Any) -> AsyncGlomo:
        http = httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.app))
        opened.append(http)
        glomo = AsyncGlomo(
            sandbox_key(),
            base_url="http://sandbox.localhost/api",
            rate_limit=options.pop("rate_limit", PostgresLimiter(database, 600_000)),
            http_client=http,
            **options,
        )
        glomo._driver.sleep = _at_once
        return glomo

    yield make
    for http in opened:
        await http.aclose()


@pytest.fixture
def glomo(make_client: Callable[..., AsyncGlomo]) -> AsyncGlomo:
    return make_client()
