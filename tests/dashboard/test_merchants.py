"""The merchants of a platform in the dashboard: their records, steps, postings and balances."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from glomo.sandbox import Sandbox
from tests.sandbox.conftest import Api
from tests.sandbox.test_merchant_options import child_of, paid

from .conftest import ORIGIN


@pytest.fixture
async def child(sandbox: Sandbox) -> tuple[str, dict[str, Any]]:
    """A merchant and a payout of theirs."""
    merchant_id, api = await child_of(Api(sandbox), Api)
    return merchant_id, await paid(api)


async def test_its_records_are_among_those_of_the_platform(
    sandbox: Sandbox, http: httpx.AsyncClient, child: tuple[str, dict[str, Any]]
) -> None:
    merchant_id, payout = child
    platform_payout = await Api(sandbox).paid()
    page = (await http.get("/records/payout")).text
    assert 0 < page.index(platform_payout["id"]) < page.index(payout["id"])
    assert f"bene_supplier, {merchant_id}" not in page
    assert f", {merchant_id}</small>" in page
    assert payout["id"] in (await http.get("/")).text


async def test_its_payout_has_steps_and_postings(
    sandbox: Sandbox, http: httpx.AsyncClient, child: tuple[str, dict[str, Any]]
) -> None:
    merchant_id, payout = child
    path = f"/records/payout/{payout['id']}"
    page = (await http.get(path)).text
    assert "AED 1,250.00" in page
    assert "available" in page
    assert f'href="/records/merchant/{merchant_id}"' in page
    response = await http.post(path, data={"step": "success"}, headers={"referer": ORIGIN + path})
    assert "Succeed: done" in (await http.get(response.headers["location"])).text
    record = sandbox.account(merchant_id).store.get("payout", payout["id"])
    assert record is not None
    assert record["status"] == "success"
    sandbox.engine.check()


async def test_its_page_has_its_balances(
    http: httpx.AsyncClient, child: tuple[str, dict[str, Any]]
) -> None:
    page = (await http.get(f"/records/merchant/{child[0]}")).text
    assert "AED available" in page
    assert "3,736.50" in page  # 5,000.00 less the payout and its fees
    assert "held 1,263.50" in page
