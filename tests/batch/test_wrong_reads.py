"""What the API shows may be wrong for a while: the next run puts the rows right."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from glomo import AsyncGlomo
from glomo.batch import Batch, JournalMismatchError, RowStatus
from glomo.sandbox import Sandbox, sandbox_key

from .conftest import at_once, posts, rows, run

Change = Callable[[httpx.Request, Any], Any]


class Tampering(httpx.AsyncBaseTransport):
    """Shows what the sandbox responds in another way. `change` returns the JSON, or `None`: 404."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._asgi = httpx.ASGITransport(sandbox.app)
        self.change: Change | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._asgi.handle_async_request(request)
        if self.change is None or response.status_code >= 400:
            return response
        value = self.change(request, json.loads(await response.aread()))
        if isinstance(value, httpx.Response):
            return value
        if value is None:
            return httpx.Response(404, json={"message": "Payout not found"})
        return httpx.Response(response.status_code, json=value)


@pytest.fixture
def tampering(sandbox: Sandbox) -> Tampering:
    return Tampering(sandbox)


@pytest.fixture
async def connect(tampering: Tampering) -> AsyncIterator[Callable[[str], AsyncGlomo]]:
    async with httpx.AsyncClient(transport=tampering) as http:

        def client(key: str) -> AsyncGlomo:
            glomo = AsyncGlomo(
                key, base_url="http://sandbox.localhost/api", rate_limit=None, http_client=http
            )
            glomo._driver.sleep = at_once
            return glomo

        yield client


def looks_up(request: httpx.Request) -> bool:
    return "request_id" in request.url.params


async def test_a_look_up_that_shows_a_wrong_amount_does_not_reject_the_row_for_good(
    sandbox: Sandbox,
    tampering: Tampering,
    connect: Callable[[str], AsyncGlomo],
    journal: Path,
) -> None:
    glomo = connect(sandbox_key())
    sandbox.lose_response(operation="payouts.create", times=1)

    def change(request: httpx.Request, value: Any) -> Any:
        if looks_up(request):
            for payout in value["data"]:
                payout["source_amount"] += 1
        return value

    tampering.change = change
    batch = Batch.from_rows(rows(2), name="b")
    await run(batch, glomo, journal)
    [conflict] = batch.report().of(RowStatus.REJECTED)
    assert conflict.error_code == "IDEMPOTENCY_CONFLICT"
    assert conflict.open
    reconciliation = await batch.reconcile(glomo)
    assert [row.reference for row in reconciliation.open] == [conflict.reference]
    assert not reconciliation.resolved

    tampering.change = None
    sent = posts(sandbox)
    [event] = await run(batch, glomo, journal)
    payout = sandbox.ledger.by_request_id(event.request_id or "")
    assert payout is not None
    assert (event.status, event.payout_id) == (RowStatus.ACCEPTED, payout["id"])
    assert batch.report().ok
    assert posts(sandbox) == sent


def wrong_id(request: httpx.Request, value: Any) -> Any:
    return {**value, "id": "payout_of_nobody"} if request.method == "POST" else value


KEYS = {"says whose it is": sandbox_key(), "does not say": "sk_test_0123456789abcdef"}


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("in_one_process", [True, False])
async def test_the_only_payout_is_found_though_the_response_had_a_wrong_id(
    sandbox: Sandbox,
    tampering: Tampering,
    connect: Callable[[str], AsyncGlomo],
    journal: Path,
    kind: str,
    in_one_process: bool,
) -> None:
    tampering.change = wrong_id
    glomo = connect(KEYS[kind])
    batch = Batch.from_rows(rows(1), name="b")
    await run(batch, glomo, journal)
    if not in_one_process:
        batch, glomo = Batch.from_rows(rows(1), name="b"), connect(KEYS[kind])
        assert await run(batch, glomo, journal) == []
    reconciliation = await batch.reconcile(glomo)
    assert [row.payout_id for row in reconciliation.missing] == ["payout_of_nobody"]
    [event] = await run(batch, glomo, journal)
    [payout] = sandbox.ledger.payouts
    assert (event.status, event.payout_id) == (RowStatus.ACCEPTED, payout["id"])
    assert (await batch.reconcile(glomo)).ok


@pytest.mark.parametrize("kind", KEYS)
async def test_a_payout_that_was_confirmed_and_does_not_exist_is_paid_by_running_again(
    sandbox: Sandbox,
    tampering: Tampering,
    connect: Callable[[str], AsyncGlomo],
    journal: Path,
    kind: str,
) -> None:
    payouts: list[Any] = []

    def change(request: httpx.Request, value: Any) -> Any:
        if request.method == "POST":
            payouts.append(value["id"])
            return value
        if request.url.path.endswith(payouts[0]):
            return None
        if "data" in value:
            value["data"] = [one for one in value["data"] if one["id"] != payouts[0]]
        return value

    tampering.change = change
    glomo = connect(KEYS[kind])
    batch = Batch.from_rows(rows(1), name="b")
    await run(batch, glomo, journal)
    assert [row.payout_id for row in (await batch.reconcile(glomo)).missing] == payouts
    assert [row.status for row in batch.report().results] == [RowStatus.UNKNOWN]
    await run(batch, glomo, journal)
    assert posts(sandbox) > 1


async def test_a_payout_that_is_not_shown_for_a_while_does_not_stand_for_the_account(
    tampering: Tampering,
    connect: Callable[[str], AsyncGlomo],
    journal: Path,
) -> None:
    glomo = connect(KEYS["does not say"])
    await run(Batch.from_rows(rows(3), name="b"), glomo, journal)
    hidden: set[str] = set()

    def change(request: httpx.Request, value: Any) -> Any:
        if request.url.path.rpartition("/")[2].startswith("payout_") and len(hidden) < 1:
            hidden.add(request.url.path)
            return None
        return value

    tampering.change = change
    again = Batch.from_rows(rows(3), name="b")
    assert await run(again, glomo, journal) == []
    assert hidden
    assert again.report().ok


async def test_an_account_without_any_of_the_payouts_is_refused(
    connect: Callable[[str], AsyncGlomo], make_client: Callable[..., AsyncGlomo], journal: Path
) -> None:
    key = KEYS["does not say"]
    await run(Batch.from_rows(rows(3), name="b"), connect(key), journal)
    with Sandbox(rate_limit=None) as empty:
        elsewhere = make_client(key, of=empty)
        with pytest.raises(JournalMismatchError, match="does not have payout_"):
            await run(Batch.from_rows(rows(3), name="b"), elsewhere, journal)
        unsure = await Batch.from_rows(rows(3), name="b").reconcile(elsewhere, journal)
        assert len(unsure.missing) == 3
        assert not empty.ledger.payouts
    assert await run(Batch.from_rows(rows(3), name="b"), connect(key), journal) == []


async def test_the_payout_that_failed_before_is_not_taken_for_the_one_that_replaces_it(
    sandbox: Sandbox, tampering: Tampering, connect: Callable[[str], AsyncGlomo], journal: Path
) -> None:
    glomo = connect(sandbox_key())
    batch = Batch.from_rows(rows(1), name="b")
    [first] = await run(batch, glomo, journal)
    await glomo.payouts.mock_update_status(first.payout_id or "", status="failed")
    await batch.reconcile(glomo)
    earlier = dict(sandbox.ledger.payouts[0], request_id=None)

    def change(request: httpx.Request, value: Any) -> Any:
        return earlier if request.method == "POST" else value

    tampering.change = change
    [event] = await run(batch, glomo, journal, retry_failed=True)
    assert event.payout_id != first.payout_id
    [_, second] = sandbox.ledger.payouts
    assert (event.status, event.payout_id) == (RowStatus.ACCEPTED, second["id"])


async def test_a_failure_that_shows_another_payout_rejects_no_row(
    sandbox: Sandbox, tampering: Tampering, connect: Callable[[str], AsyncGlomo], journal: Path
) -> None:
    glomo = connect(sandbox_key())
    other = {
        "id": "payout_of_nobody",
        "status": "failed",
        "error_code": "NAME_MISMATCH",
        "source_amount": 1,
        "source_currency": "USD",
        "request_id": None,
    }
    shown: list[int] = []

    def change(request: httpx.Request, value: Any) -> Any:
        if request.method == "POST" and not shown:
            shown.append(1)
            return httpx.Response(422, json=other)
        return value

    tampering.change = change
    batch = Batch.from_rows(rows(1), name="b")
    [event] = await run(batch, glomo, journal)
    [payout] = sandbox.ledger.payouts
    assert (event.status, event.payout_id) == (RowStatus.ACCEPTED, payout["id"])


@pytest.mark.parametrize("cut", [True, False], ids=["looked-up-by-the-run", "by-the-call"])
async def test_a_failed_payout_beside_one_that_pays_does_not_reject_the_row(
    sandbox: Sandbox,
    tampering: Tampering,
    connect: Callable[[str], AsyncGlomo],
    journal: Path,
    cut: bool,
) -> None:
    glomo = connect(sandbox_key())
    batch = Batch.from_rows(rows(2), name="b")
    sandbox.lose_response(operation="payouts.create", times=1)

    def failing(request: httpx.Request, value: Any) -> Any:
        if not looks_up(request):
            return value
        if cut and not journal.with_suffix(".second").exists():
            return httpx.Response(500)
        data = [
            {**one, "id": f"payout_f{one['id'][7:]}", "status": "failed"} for one in value["data"]
        ]
        return {**value, "data": data + value["data"]}

    tampering.change = failing
    await run(batch, glomo, journal)
    journal.with_suffix(".second").touch()
    await run(batch, glomo, journal)
    assert batch.report().accepted == 2
    await run(batch, glomo, journal, retry_failed=True)
    assert len(sandbox.ledger.payouts) == 2


async def test_a_look_up_that_shows_the_payout_of_another_row_does_not_end_reconciling(
    sandbox: Sandbox,
    tampering: Tampering,
    connect: Callable[[str], AsyncGlomo],
    journal: Path,
) -> None:
    glomo = connect(sandbox_key())
    batch = Batch.from_rows(rows(3), name="b")

    def lost(request: httpx.Request, value: Any) -> Any:
        return httpx.Response(500) if looks_up(request) else value

    tampering.change = lost
    sandbox.lose_response(operation="payouts.create", times=None)
    await run(batch, glomo, journal)
    sandbox.clear_faults()
    assert batch.report().unknown == 3

    def one_for_all(request: httpx.Request, value: Any) -> Any:
        return {**value, "data": [{**one, "id": "payout_1"} for one in value["data"]]}

    tampering.change = one_for_all
    reconciliation = await batch.reconcile(glomo)
    assert (len(reconciliation.resolved), len(reconciliation.open)) == (1, 2)
    tampering.change = None
    await run(batch, glomo, journal)
    assert (await batch.reconcile(glomo)).ok
    assert len(sandbox.ledger.payouts) == 3
