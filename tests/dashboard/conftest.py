from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from glomo.sandbox import Clock, Options, Sandbox

ORIGIN = "http://localhost:8787"


def new_sandbox() -> Sandbox:
    clock = Clock(datetime(2026, 9, 9, 7, tzinfo=UTC))
    sandbox = Sandbox(clock=clock, options=Options(settle_after=None))
    sandbox.add_beneficiary("bene_supplier", name="Acme <Supplies>")
    return sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with new_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
async def http(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(sandbox.app, client=("127.0.0.1", 5))
    async with httpx.AsyncClient(
        transport=transport, base_url=ORIGIN, headers={"Authorization": "Bearer secret"}
    ) as client:
        yield client


@pytest.fixture(scope="module")  # its loop runs in this thread: no async test may meet it
def browser() -> Iterator[Any]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


def payout_body(**changes: Any) -> dict[str, Any]:
    return {
        "beneficiary_id": "bene_supplier",
        "purpose_code": "S1005",
        "source_currency": "USD",
        "destination_currency": "INR",
        "source_amount": 125_000,
        "payment_rail": "neft",
        "request_id": "INV-17",
        **changes,
    }
