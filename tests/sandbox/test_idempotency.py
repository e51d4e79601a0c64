"""One `request_id`, one payout: whatever comes at the same time."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import httpx

from glomo.sandbox import Sandbox


async def test_a_used_request_id_is_a_conflict_whatever_the_payload(api: Any) -> None:
    await api.paid(request_id="INV-1")
    for changes in ({}, {"source_amount": 5}, {"beneficiary_id": "bene_nobody"}):
        response = await api.pay(request_id="INV-1", **changes)
        assert response.status_code == 409
        assert response.json() == {"error": "Conflict", "message": "Record already exists"}
    assert api.sandbox.ledger.count("INV-1") == 1


async def test_a_duplicate_is_a_conflict_even_when_the_balance_is_used_up(make_api: Any) -> None:
    api = make_api(balances={"USD": 126_350})
    await api.paid(request_id="INV-1")
    assert (await api.pay(request_id="INV-1")).status_code == 409
    assert (await api.pay(request_id="INV-2")).status_code == 400


async def test_a_refused_request_does_not_use_up_its_id(api: Any) -> None:
    assert (await api.pay(request_id="INV-1", source_amount=0)).status_code == 400
    assert (await api.pay(request_id="INV-1")).status_code == 201


async def test_without_a_request_id_there_is_no_protection(api: Any) -> None:
    assert (await api.paid())["id"] != (await api.paid())["id"]


async def test_duplicates_at_the_same_time_in_one_loop(api: Any) -> None:
    statuses: Counter[int] = Counter()
    api.sandbox.delay(0.0, times=None)  # makes every call give way before it acts

    async def pay() -> None:
        statuses[(await api.pay(request_id="INV-1")).status_code] += 1

    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(pay)
    assert statuses == {201: 1, 409: 19}
    assert api.sandbox.ledger.balances["USD"]["held"] == 126_350


def test_duplicates_at_the_same_time_over_a_port(
    sandbox: Sandbox, server: httpx.Client, body_of: Any
) -> None:
    def pay(number: int) -> int:
        body = body_of(sandbox, request_id=f"INV-{number % 10}")
        return server.post("/v1/payouts", json=body).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = Counter(pool.map(pay, range(60)))
    assert statuses == {201: 10, 409: 50}
    assert sandbox.ledger.counts() == {f"INV-{number}": 1 for number in range(10)}
    assert sandbox.ledger.balances["USD"]["held"] == 1_263_500


async def test_the_ledger_adds_up_by_currency(api: Any) -> None:
    await api.paid(request_id="a")
    await api.paid(request_id="b", source_currency="EUR", source_amount=700)
    failed = await api.paid(request_id="c", source_amount=9_000)
    await api.mock(failed, "failed")
    ledger = api.sandbox.ledger
    assert ledger.totals() == {"USD": 125_000, "EUR": 700}
    assert ledger.totals({"failed"}) == {"USD": 9_000}
    assert [ledger.paid_once(one) for one in ("a", "b", "c", "d")] == [True, True, False, False]
    assert ledger.by_request_id("b") == ledger.payouts[1]
    assert ledger.by_request_id("d") is None


async def test_the_same_seed_gives_the_same_responses(make_api: Any) -> None:
    runs = []
    for seed in (7, 7, 8):
        api = make_api(seed=seed)
        bene = api.sandbox.add_beneficiary()
        payout = await api.paid(beneficiary_id=bene["id"])
        runs.append((bene, payout, (await api.mock(payout, "success")).json()))
    assert runs[0] == runs[1]
    assert runs[0][1]["id"] != runs[2][1]["id"]
