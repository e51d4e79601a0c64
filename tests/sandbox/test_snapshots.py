"""Back to what was: records, books, timers and options."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any


async def test_everything_is_back(make_api: Any) -> None:
    api = make_api(settle_after=timedelta(seconds=5))
    sandbox = api.sandbox
    kept = await api.paid(request_id="INV-1")
    before = (sandbox.ledger.payouts, sandbox.ledger.balances, sandbox.webhooks.events())
    snapshot = sandbox.snapshot()
    sandbox.set_options(queueing=True)
    await api.paid(request_id="INV-2")
    sandbox.add_beneficiary("bene_new")
    sandbox.restore(snapshot)
    assert (sandbox.ledger.payouts, sandbox.ledger.balances, sandbox.webhooks.events()) == before
    assert not sandbox.options.queueing
    assert sandbox.beneficiary("bene_new") is None
    sandbox.books.check()
    again = await api.paid(request_id="INV-2")  # its request_id is free again
    sandbox.clock.advance(minutes=1)  # and the timer of the first one is still there
    assert {one["id"]: one["status"] for one in sandbox.ledger.payouts} == {
        kept["id"]: "success",
        again["id"]: "success",
    }


async def test_a_snapshot_can_be_used_twice_and_reaches_the_file(
    tmp_path: Path, make_api: Any
) -> None:
    state = tmp_path / "state.db"
    api = make_api(state=state)
    snapshot = api.sandbox.snapshot()
    for _ in range(2):
        await api.paid(request_id="INV-1")
        api.sandbox.restore(snapshot)
    await api.paid(request_id="INV-2")
    api.sandbox.close()
    again = make_api(state=state)
    assert [one["request_id"] for one in again.sandbox.ledger.payouts] == ["INV-2"]
    again.sandbox.books.check()
    again.sandbox.close()


async def test_options_can_be_changed_at_run_time(make_api: Any) -> None:
    api = make_api()
    assert (await api.paid())["status"] == "in_progress"
    api.sandbox.set_options(queueing=True)
    assert (await api.paid())["status"] == "queued"
    api.sandbox.set_options(queueing=False, maker_checker=True)
    assert (await api.paid())["status"] == "pending_approval"
