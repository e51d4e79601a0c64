"""Faults on demand: what the caller sees, and what really happened."""

from __future__ import annotations

import json
import socket
from collections import Counter
from typing import Any

import httpx
import pytest

from glomo.sandbox import FaultKind, Sandbox
from glomo.sandbox.server.faults import RANDOM_KINDS


async def test_the_response_is_lost_after_the_commit(api: Any) -> None:
    api.sandbox.lose_response()
    with pytest.raises(httpx.RemoteProtocolError):
        await api.pay(request_id="INV-1")
    assert api.sandbox.ledger.paid_once("INV-1")
    assert api.sandbox.requests[-1].status == 0
    again = await api.pay(request_id="INV-1")
    assert (again.status_code, again.json()["message"]) == (409, "Record already exists")
    assert api.sandbox.ledger.count("INV-1") == 1


async def test_the_connection_is_lost_before_the_commit(api: Any) -> None:
    api.sandbox.lose_response(after_commit=False)
    with pytest.raises(httpx.RemoteProtocolError):
        await api.pay(request_id="INV-1")
    assert api.sandbox.ledger.count("INV-1") == 0
    assert (await api.pay(request_id="INV-1")).status_code == 201


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("before", [True, False])
async def test_a_5xx_says_nothing_about_the_commit(api: Any, status: int, before: bool) -> None:
    api.sandbox.fail(status, before_commit=before)
    assert (await api.pay(request_id="INV-1")).status_code == status
    assert api.sandbox.ledger.count("INV-1") == (0 if before else 1)


@pytest.mark.parametrize("truncated", [True, False])
async def test_garbage_comes_with_a_good_status_after_the_commit(api: Any, truncated: bool) -> None:
    api.sandbox.garbage(truncated)
    response = await api.pay(request_id="INV-1")
    assert response.status_code == 201
    with pytest.raises(json.JSONDecodeError):
        response.json()
    assert api.sandbox.ledger.paid_once("INV-1")


async def test_a_429_does_nothing(api: Any) -> None:
    api.sandbox.limit()
    response = await api.pay(request_id="INV-1")
    assert (response.status_code, response.json()) == (429, {"message": "Too Many Requests"})
    assert api.sandbox.ledger.count("INV-1") == 0


async def test_a_delay_holds_the_call_back_and_nothing_else(
    api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("anyio.sleep", sleep)
    api.sandbox.delay(2.5)
    assert (await api.pay(request_id="INV-1")).status_code == 201
    assert slept == [2.5]


async def test_a_delay_joins_the_next_fault(api: Any) -> None:
    api.sandbox.delay(0.0)
    api.sandbox.fail(503)
    assert (await api.pay()).status_code == 503
    assert (await api.pay()).status_code == 201


async def test_a_fault_hits_its_operation_as_often_as_asked(api: Any) -> None:
    api.sandbox.fail(500, operation="payouts.list", times=2)
    assert (await api.pay()).status_code == 201
    assert [(await api.get("v1/payouts")).status_code for _ in range(3)] == [500, 500, 200]


async def test_a_fault_without_end_lasts_until_cleared(api: Any) -> None:
    api.sandbox.fail(500, times=None)
    assert [(await api.get("v1/balances")).status_code for _ in range(3)] == [500] * 3
    api.sandbox.clear_faults()
    assert (await api.get("v1/balances")).status_code == 200


async def test_two_equal_faults_are_two(api: Any) -> None:
    api.sandbox.fail()
    api.sandbox.fail()
    assert [(await api.get("v1/balances")).status_code for _ in range(3)] == [503, 503, 200]


@pytest.mark.parametrize(
    "wrong", [{"status": 404}, {"times": 0}, {"status": 200, "before_commit": False}]
)
def test_nonsense_is_refused(sandbox: Sandbox, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"must be at least|500 to 599"):
        sandbox.fail(**wrong)


def test_a_fault_of_no_operation_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match=r"'payout\.create': did you mean payouts\.create\?"):
        sandbox.lose_response(operation="payout.create")


async def test_a_wrong_object_comes_with_a_good_status_after_the_commit(api: Any) -> None:
    other = await api.paid(request_id="INV-1")
    api.sandbox.wrong_object()
    response = await api.pay(request_id="INV-2", source_amount=777)
    assert (response.status_code, response.json()) == (201, other)
    assert api.sandbox.ledger.paid_once("INV-2")


async def test_without_another_object_the_wrong_one_is_invented(api: Any) -> None:
    api.sandbox.wrong_object()
    response = await api.pay(request_id="INV-1")
    (payout,) = api.sandbox.ledger.payouts
    assert response.json()["id"] != payout["id"]
    assert response.json()["request_id"] != "INV-1"


async def test_a_lagging_list_misses_what_is_new(api: Any) -> None:
    old = await api.paid(request_id="INV-1")
    api.sandbox.clock.advance(seconds=60)
    new = await api.paid(request_id="INV-2")
    api.sandbox.lag(30)

    async def listed(**query: str) -> list[str]:
        return [one["id"] for one in (await api.get("v1/payouts", **query)).json()["data"]]

    assert await listed() == [old["id"]]
    assert await listed(request_id="INV-2") == []
    assert (await api.get(f"v1/payouts/{new['id']}")).status_code == 200
    api.sandbox.clock.advance(seconds=31)
    assert await listed(request_id="INV-2") == [new["id"]]


async def test_a_slow_body_comes_in_drops(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("anyio.sleep", sleep)
    api.sandbox.slow_body(5)
    assert (await api.paid(request_id="INV-1"))["request_id"] == "INV-1"
    assert slept == [0.5] * 10


async def _weathered(api: Any, calls: int) -> list[str]:
    seen = []
    for number in range(calls):
        try:
            response = await api.pay(request_id=f"INV-{number}")
        except httpx.RemoteProtocolError as error:
            seen.append(str(error))
        else:
            seen.append(f"{response.status_code} {response.text[:20]}")
    return seen


async def test_random_faults_are_of_all_kinds_and_the_ledger_knows_better(make_api: Any) -> None:
    api = make_api(rate_limit=None)
    api.sandbox.random_faults(0.5, delay=0.0)
    await _weathered(api, 200)
    counts = api.sandbox.faults.counts
    assert set(counts) == set(RANDOM_KINDS)
    assert 60 < sum(counts.values()) < 140
    nothing_done = sum(
        counts[kind] for kind in (FaultKind.LIMIT, FaultKind.FAIL_BEFORE, FaultKind.CUT_BEFORE)
    )
    assert len(api.sandbox.ledger.payouts) == 200 - nothing_done
    assert set(api.sandbox.ledger.counts().values()) == {1}


async def test_random_faults_follow_from_the_seed(make_api: Any) -> None:
    runs = []
    for seed in (7, 7, 8):
        api = make_api(seed=seed)
        api.sandbox.random_faults(0.5, delay=0.0)
        runs.append(await _weathered(api, 40))
    assert runs[0] == runs[1] != runs[2]


# ------------------------------------------------------------------- over a real connection


def test_a_lost_response_is_a_dropped_connection(
    sandbox: Sandbox, server: httpx.Client, body_of: Any
) -> None:
    sandbox.lose_response()
    with pytest.raises(httpx.TransportError):
        server.post("/v1/payouts", json=body_of(sandbox, request_id="INV-1"))
    assert sandbox.ledger.paid_once("INV-1")
    assert server.get("/v1/payouts", params={"request_id": "INV-1"}).json()["data"]


def test_a_connection_can_break_in_the_middle_of_an_response(
    sandbox: Sandbox, server: httpx.Client, body_of: Any
) -> None:
    httpx.post(
        f"{server.base_url.copy_with(path='/_sandbox/faults')}",
        json={"kind": "cut_midway", "operation": "payouts.create"},
    ).raise_for_status()
    with pytest.raises(httpx.TransportError):
        server.post("/v1/payouts", json=body_of(sandbox, request_id="INV-1"))
    assert sandbox.ledger.paid_once("INV-1")


def test_a_connection_cut_before_the_commit(
    sandbox: Sandbox, server: httpx.Client, body_of: Any
) -> None:
    sandbox.lose_response(after_commit=False)
    with pytest.raises(httpx.TransportError):
        server.post("/v1/payouts", json=body_of(sandbox, request_id="INV-1"))
    assert sandbox.ledger.payouts == []


def test_a_storm_over_a_port(sandbox: Sandbox, server: httpx.Client, body_of: Any) -> None:
    sandbox.random_faults(0.6, delay=0.0)
    outcomes: Counter[str] = Counter()
    for number in range(60):
        try:
            response = server.post("/v1/payouts", json=body_of(sandbox, request_id=str(number)))
            outcomes[str(response.status_code)] += 1
        except httpx.TransportError:
            outcomes["cut"] += 1
    cuts = (FaultKind.CUT_BEFORE, FaultKind.CUT_AFTER, FaultKind.CUT_MIDWAY)
    assert outcomes["cut"] == sum(sandbox.faults.counts[kind] for kind in cuts) > 0
    assert [one.status for one in sandbox.requests].count(0) == outcomes["cut"]


def test_a_stray_response_follows_on_the_connection(sandbox: Sandbox) -> None:
    sandbox.stray_response(operation="balances.retrieve")
    with sandbox.serve() as running:
        address = ("127.0.0.1", httpx.URL(running.base_url).port or 0)
        with socket.create_connection(address, timeout=10) as connection:
            connection.sendall(
                b"GET /api/v1/balances HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\n\r\n"
            )
            received = b""
            while received.count(b"HTTP/1.1 ") < 2 or not received.endswith(b"}"):
                received += connection.recv(65536)
    first, stray = received.split(b"HTTP/1.1 ")[1:]
    assert first.startswith(b"200 OK")
    assert b'"available"' in first
    assert stray.startswith(b"404 Not Found")
