from __future__ import annotations

import csv
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import anyio.lowlevel
import httpx
import pytest

from glomo import AsyncGlomo
from glomo.batch import Batch, RowResult
from glomo.sandbox import Sandbox, sandbox_key

HEADER = (
    "reference",
    "beneficiary_id",
    "source_currency",
    "destination_currency",
    "source_amount",
    "payment_rail",
    "purpose_code",
)


def row(reference: str, **changes: Any) -> dict[str, Any]:
    """A row that is right in every respect, but for the changes."""
    right = {
        "reference": reference,
        "beneficiary_id": "bene_supplier",
        "source_currency": "USD",
        "destination_currency": "INR",
        "source_amount": "1250.00",
        "payment_rail": "neft",
        "purpose_code": "S0017",
        **changes,
    }
    return {key: value for key, value in right.items() if value is not ...}


def rows(count: int, **changes: Any) -> list[dict[str, Any]]:
    return [row(f"row-{n:04}", **changes) for n in range(1, count + 1)]


def write_csv(path: Path, records: list[dict[str, Any]]) -> Path:
    columns = list(dict.fromkeys([*HEADER, *(key for record in records for key in record)]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(records)
    return path


def names(folder: Path) -> list[str]:
    """What is in a folder."""
    return sorted(one.name for one in folder.iterdir())


async def at_once(_: float) -> None:
    """In the place of a sleep."""
    await anyio.lowlevel.checkpoint()


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time between attempts is no part of what is tested here."""
    monkeypatch.setattr("glomo.batch.runner._PAUSES", (0.0, 0.0))


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seed=3, rate_limit=None) as instance:
        instance.clock.freeze()  # no payout settles unless a test says so
        instance.add_beneficiary("bene_supplier")
        instance.add_beneficiary("bene_unknown_ifsc", bank_error="INVALID_BENE_IFSC")
        yield instance


@pytest.fixture
async def make_client(sandbox: Sandbox) -> AsyncIterator[Callable[..., AsyncGlomo]]:
    """Makes clients of the sandbox, in process: `make_client(api_key=..., max_retries=...)`."""
    http_clients: list[httpx.AsyncClient] = []

    def make(api_key: str | None = None, *, of: Sandbox = sandbox, **options: Any) -> AsyncGlomo:
        http = httpx.AsyncClient(transport=httpx.ASGITransport(of.app))
        http_clients.append(http)
        glomo = AsyncGlomo(
            api_key or sandbox_key(),
            base_url=options.pop("base_url", "http://sandbox.localhost/api"),
            rate_limit=options.pop("rate_limit", None),
            http_client=http,
            **options,
        )
        glomo._driver.sleep = at_once
        return glomo

    yield make
    for http in http_clients:
        await http.aclose()


@pytest.fixture
def glomo(make_client: Callable[..., AsyncGlomo]) -> AsyncGlomo:
    return make_client()


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "november.journal"


async def run(batch: Batch, glomo: AsyncGlomo, journal: Any, **options: Any) -> list[RowResult]:
    """Run a batch to its end."""
    return [event async for event in batch.run(glomo, journal, **options)]


def posts(sandbox: Sandbox) -> int:
    """How often a payout was asked for."""
    return sum(one.method == "POST" for one in sandbox.requests)
