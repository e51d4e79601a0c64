"""The dashboard in a real browser: live, by keyboard, at three widths, light and dark."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from glomo.sandbox import Fault, FaultKind, Sandbox

from .conftest import payout_body

AMOUNTS_END = """[...document.querySelectorAll('.records .money')].map((one) => {
    const text = document.createRange();
    text.selectNodeContents(one);
    return text.getBoundingClientRect().right;
})"""
"""Where the text of each amount in a list ends, in pixels."""


def pay(base_url: str, **changes: Any) -> str:
    headers = {"Authorization": "Bearer secret"}
    response = httpx.post(f"{base_url}/v1/payouts", json=payout_body(**changes), headers=headers)
    return str(response.json()["id"])


def test_a_payout_appears_by_itself_and_succeeds_by_keyboard(
    sandbox: Sandbox, browser: Any
) -> None:
    with sandbox.serve() as server:
        page = browser.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.goto(f"{server.origin}/records/payout")
        page.wait_for_selector(".dot.on")
        payout = pay(server.base_url)
        row = page.locator(f"a[href='/records/payout/{payout}']")
        row.wait_for()
        row.press("Enter")
        page.wait_for_selector("text=Postings")
        page.locator("button[value=success]").press("Enter")
        page.wait_for_selector("text=Succeed: done")
        assert sandbox.ledger.paid_once("INV-17")
        assert errors == []
        page.close()


def test_no_page_is_wider_than_the_screen(sandbox: Sandbox, browser: Any) -> None:
    with sandbox.serve() as server:
        payout = pay(server.base_url, source_amount=6623, request_id="INV-" + "9" * 30)
        pay(server.base_url, source_amount=1_234_567_80, request_id="INV-18")
        sandbox.webhooks.add_endpoint("http://127.0.0.1:9/" + "a" * 200)
        httpx.get(f"{server.base_url}/v1/" + "a" * 200)
        sandbox.webhooks.trigger("payout.success")
        sandbox.faults.add(Fault(FaultKind.LAG, "payment_links.mock_mark_reviewed", rate=0.1))
        page = browser.new_page()
        lists = [f"/records/{kind}" for kind in ("payout", "beneficiary", "rfi", "settlement")]
        paths = ["/", "/webhooks", "/requests", "/faults", *lists]
        for path in (*paths, f"/records/payout/{payout}", "/records/payout/payout_none"):
            page.goto(server.origin + path)
            for width in (390, 820, 1440):
                page.set_viewport_size({"width": width, "height": 900})
                shown = page.evaluate("document.documentElement.scrollWidth")
                assert shown <= width, (path, width)
                figures = "[...document.querySelectorAll('.tile .figure')]"
                assert page.evaluate(f"{figures}.every(one => one.scrollWidth <= one.clientWidth)")
            if path in ("/", "/records/payout"):
                ends = page.evaluate(AMOUNTS_END)
                assert len(ends) == 2
                assert ends[0] == pytest.approx(ends[1], abs=0.5), path
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_follows_the_colours_of_the_machine(sandbox: Sandbox, browser: Any, scheme: Any) -> None:
    with sandbox.serve() as server:
        page = browser.new_page(color_scheme=scheme)
        page.goto(server.origin)
        channels = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)")
        assert (int(channels[0]) < 128) == (scheme == "dark")
        page.close()
