"""The dashboard over ASGI: what its pages show, what its buttons do."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from glomo.sandbox import Sandbox
from glomo.sandbox.server.dashboard.steps import steps_of
from tests.sandbox.shop import CUSTOMER

from .conftest import ORIGIN, payout_body


async def pay(http: httpx.AsyncClient, **changes: Any) -> str:
    response = await http.post("/api/v1/payouts", json=payout_body(**changes))
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


async def press(http: httpx.AsyncClient, path: str, back: str = "/", **form: str) -> str:
    """Press a button; the page that follows."""
    response = await http.post(path, data=form, headers={"referer": ORIGIN + back})
    assert response.status_code == 303
    assert response.headers["location"].startswith(f"{back}?notice=")
    return (await http.get(response.headers["location"])).text


async def test_a_payout_with_its_history_postings_and_webhooks(
    sandbox: Sandbox, http: httpx.AsyncClient
) -> None:
    received: list[object] = []
    sandbox.webhooks.add_receiver(received.append)
    payout = await pay(http)
    page = await press(
        http, f"/records/payout/{payout}", f"/records/payout/{payout}", step="success"
    )
    assert "Succeed: done" in page
    assert sandbox.ledger.paid_once("INV-17")
    assert len(received) == 2
    for text in ("USD 1,250.00", "payout.success", "beneficiaries", "delivered", "INV-17"):
        assert text in page
    assert 'name="step"' not in page
    assert "no bank" in page


async def test_a_step_that_is_over_changes_nothing(
    sandbox: Sandbox, http: httpx.AsyncClient
) -> None:
    payout = await pay(http)
    path = f"/records/payout/{payout}"
    await press(http, path, path, step="failed")
    assert "cannot take this step" in await press(http, path, path, step="success")
    (row,) = sandbox.ledger.payouts
    assert row["status"] == "failed"


@pytest.mark.parametrize(
    "options", [{}, {"maker_checker": True}, {"screening": True}, {"queueing": True}]
)
@pytest.mark.parametrize("amount", [125_000, 6623])
async def test_every_step_that_is_offered_can_be_taken(
    sandbox: Sandbox, http: httpx.AsyncClient, options: dict[str, bool], amount: int
) -> None:
    sandbox.set_options(**options)
    payout = await pay(http, source_amount=amount)
    start = sandbox.snapshot()
    table = sandbox.engine.store.table("payout")
    paths: list[list[str]] = [[]]
    taken = 0
    while paths:
        path = paths.pop()
        sandbox.restore(start)
        for name in path:
            steps = {
                one.name: one
                for one in steps_of(sandbox, sandbox.account(), "payout", table.records[payout])
            }
            with sandbox.engine.store.lock:
                steps[name].take()
            taken += 1
        sandbox.books.check()
        if len(path) < 3:
            paths += [
                [*path, one.name]
                for one in steps_of(sandbox, sandbox.account(), "payout", table.records[payout])
            ]
    assert taken >= 2


async def test_a_payment_shows_its_postings(sandbox: Sandbox, http: httpx.AsyncClient) -> None:
    payment = sandbox.add_funds("USD", 50_000)
    page = (await http.get(f"/records/payment/{payment['id']}")).text
    assert "USD 500.00" in page
    assert "customers" in page


async def test_what_others_wrote_is_text(sandbox: Sandbox, http: httpx.AsyncClient) -> None:
    page = (await http.get("/records/beneficiary")).text
    assert "Acme &lt;Supplies&gt;" in page
    assert "<Supplies>" not in page


async def test_time(sandbox: Sandbox, http: httpx.AsyncClient) -> None:
    before = sandbox.clock()
    await press(http, "/clock", action="advance", seconds="3600")
    assert sandbox.clock() - before == timedelta(hours=1)
    await press(http, "/clock", action="set", moment="2026-12-24T09:00")
    assert sandbox.clock().isoformat() == "2026-12-24T09:00:00+00:00"
    await press(http, "/clock", action="unfreeze")
    assert not sandbox.clock.frozen
    await press(http, "/clock", action="freeze")
    assert sandbox.clock.frozen
    for wrong in ({"action": "advance", "seconds": "-5"}, {"action": "set", "moment": "soon"}, {}):
        assert "notice bad" in await press(http, "/clock", **wrong)


async def test_faults(sandbox: Sandbox, http: httpx.AsyncClient) -> None:
    form = {"kind": "fail_before", "operation": "balances.retrieve", "times": "2", "rate": ""}
    page = await press(http, "/faults", "/faults", action="add", **form)
    assert "balances.retrieve" in page
    statuses = [(await http.get("/api/v1/balances")).status_code for _ in range(3)]
    assert [one >= 500 for one in statuses] == [True, True, False]
    page = await press(http, "/faults", "/faults", action="add", kind="earthquake")
    assert "notice bad" in page
    statuses = {"kind": "fail_after", "operation": "balances.retrieve", "status": "504"}
    assert "504, until cleared" in await press(http, "/faults", "/faults", action="add", **statuses)
    assert (await http.get("/api/v1/balances")).status_code == 504
    page = await press(http, "/faults", "/faults", action="add", kind="lag", seconds="2.5")
    assert "2.5 s, until cleared" in page
    assert [one.seconds for one in sandbox.faults.active][-1] == 2.5
    await press(http, "/faults", "/faults", action="add", kind="random", rate="0.5", times="7")
    assert "50.0%, 7 left" in (await http.get("/faults")).text
    for wrong in (
        {"kind": "random"},
        {"kind": "delay", "seconds": "long"},
        {"kind": "fail_before", "status": "200"},
        {"kind": "limit", "times": "0"},
        {"kind": "limit", "rate": "2"},
    ):
        assert "notice bad" in await press(http, "/faults", "/faults", action="add", **wrong)
    await press(http, "/faults", "/faults", action="add", kind="limit", rate="1")
    await press(http, "/faults", "/faults", action="clear")
    assert sandbox.faults.active == []


async def test_webhooks_are_sent_again(sandbox: Sandbox, http: httpx.AsyncClient) -> None:
    received: list[object] = []
    sandbox.webhooks.add_receiver(received.append)
    await press(http, "/webhooks", "/webhooks", action="trigger", event="payout.failed")
    (event,) = sandbox.webhooks.events()
    await press(http, "/webhooks", "/webhooks", action="resend", id=event["id"])
    assert len(received) == 2


async def test_the_control_plane_sends_events(sandbox: Sandbox, http: httpx.AsyncClient) -> None:
    data = {"event": "payout.failed", "data": {"error_code": "INVALID_VPA"}}
    event = (await http.post("/_sandbox/webhooks/trigger", json=data)).json()
    assert event["data"]["error_code"] == "INVALID_VPA"
    again = (await http.post("/_sandbox/webhooks/resend", json={})).json()
    assert again["id"] == event["id"]
    for path, body in (("trigger", {"event": "payout.flew"}), ("resend", {"id": "77"})):
        response = await http.post(f"/_sandbox/webhooks/{path}", json=body)
        assert response.status_code == 400


async def test_no_page_needs_anything_from_outside(http: httpx.AsyncClient) -> None:
    for path in ("/", "/records/payout", "/webhooks", "/requests", "/faults"):
        page = (await http.get(path)).text
        assert set(re.findall(r'(?:src|rel="stylesheet" href)="([^"]+)"', page)) == {
            "/static/dashboard.css",
            "/static/dashboard.js",
        }
    for path in ("/records/payout/payout_none", "/records/timer", "/records/api_key"):
        assert (await http.get(path)).status_code == 404
    assert (await http.get("/static/routes.py")).status_code == 404


@pytest.mark.parametrize(
    ("step", "status"), [("pay", "paid"), ("failed", "failed"), ("cancelled", "cancelled")]
)
async def test_a_link_takes_the_steps_of_its_life(
    sandbox: Sandbox, http: httpx.AsyncClient, step: str, status: str
) -> None:
    customer = await http.post("/api/v1/customer", json=CUSTOMER)
    body = {
        "customer_id": customer.json()["id"],
        "currency": "USD",
        "amount": 50_000,
        "purpose_code": "P0103",
        "expires_at": "2026-10-09T00:00:00Z",
    }
    response = await http.post("/api/v1/payin", json=body)
    assert response.status_code == 201, response.text
    link = response.json()["id"]
    path = f"/records/payment_link/{link}"
    page = await press(http, path, path, step=step)
    assert ": done" in page
    assert sandbox.engine.store.table("payment_link").records[link]["status"] == status
    assert 'name="step"' not in page
    sandbox.books.check()


async def test_no_documents_are_asked_for_what_has_ended(
    sandbox: Sandbox, http: httpx.AsyncClient
) -> None:
    customer = await http.post("/api/v1/customer", json={**CUSTOMER, "name": "jexru7"})
    body = {"customer_id": customer.json()["id"], "currency": "USD", "amount": 50_000}
    order = (await http.post("/api/v1/orders", json=body)).json()["id"]
    assert "Send the documents" in (await http.get(f"/records/order/{order}")).text
    sandbox.fail_payin(order)
    rfi = sandbox.rfi_of(order)
    assert rfi is not None
    for path in (f"/records/order/{order}", f"/records/rfi/{rfi['id']}"):
        assert 'name="step"' not in (await http.get(path)).text
