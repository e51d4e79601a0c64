"""Lists that are longer than a page."""

from __future__ import annotations

import re

import httpx
import pytest

from glomo.sandbox import Sandbox
from glomo.sandbox.server.dashboard.pages import PER_PAGE, Paging

from .conftest import ORIGIN, payout_body


def ids(html: str) -> list[str]:
    return re.findall(r'href="/records/payout/(payout_\w+)"', html)


@pytest.fixture
async def payouts(http: httpx.AsyncClient) -> list[str]:
    """More than two pages of payouts, newest first."""
    created = []
    for number in range(2 * PER_PAGE + 3):
        body = payout_body(request_id=f"INV-{number}")
        created.append((await http.post("/api/v1/payouts", json=body)).json()["id"])
    return created[::-1]


async def test_every_payout_is_on_one_page(http: httpx.AsyncClient, payouts: list[str]) -> None:
    page, shown = "/records/payout", []
    for _ in range(3):
        html = (await http.get(page)).text
        shown += ids(html)
        older = re.search(r'href="([^"]+)" rel="next"', html)
        page = older[1] if older else ""
    assert shown == payouts
    assert not page
    assert "101 to 103 of 103" in html
    assert 'href="/records/payout?page=2" rel="prev"' in html


@pytest.mark.parametrize(
    ("number", "shown"), [("0", 1), ("-3", 1), ("x", 1), ("", 1), ("99", 3), ("9" * 400, 1)]
)
def test_a_page_that_there_is_not_is_the_nearest_one(number: str, shown: int) -> None:
    assert Paging.of(number, 2 * PER_PAGE + 3).number == shown


@pytest.mark.parametrize("path", ["/requests", "/webhooks", "/records/payout"])
async def test_the_other_lists_have_pages(
    http: httpx.AsyncClient, payouts: list[str], path: str
) -> None:
    first, second = [(await http.get(f"{path}?page={n}")).text for n in (1, 2)]
    assert "1 to 50 of" in first
    assert "51 to 100 of" in second


async def test_after_a_button_the_page_is_the_same(
    http: httpx.AsyncClient, payouts: list[str]
) -> None:
    response = await http.post(
        "/clock",
        data={"action": "freeze"},
        headers={"referer": f"{ORIGIN}/records/payout?page=2&notice=old"},
    )
    assert re.fullmatch(r"/records/payout\?page=2&notice=[\w-]+", response.headers["location"])


async def test_a_record_names_what_it_belongs_to(sandbox: Sandbox, http: httpx.AsyncClient) -> None:
    body = payout_body(source_amount=6623)
    payout = (await http.post("/api/v1/payouts", json=body)).json()
    rfi = sandbox.rfi_of(payout["id"])
    assert rfi is not None
    page = (await http.get(f"/records/payout/{payout['id']}")).text
    assert 'href="/records/beneficiary/bene_supplier"' in page
    assert f'href="/records/rfi/{rfi["id"]}"' in page
