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


async def test_the_queue_keeps_its_order_over_a_restore_and_a_restart(
    tmp_path: Path, make_api: Any
) -> None:
    """In the order of approval, which here is not that of creation."""
    options = {"state": tmp_path / "state.db", "queueing": True, "maker_checker": True}
    api = make_api(balances={"USD": 10_000}, **options)
    sandbox = api.sandbox
    late, early = await api.paid(source_amount=9_000), await api.paid(source_amount=9_000)
    sandbox.approve(early["id"])
    sandbox.clock.advance(minutes=1)
    sandbox.approve(late["id"])
    snapshot = sandbox.snapshot()

    def released(one: Any) -> list[str]:
        one.release()
        return [p["id"] for p in one.ledger.payouts if p["status"] == "in_progress"]

    assert released(sandbox) == [early["id"]]
    sandbox.restore(snapshot)
    assert released(sandbox) == [early["id"]]
    sandbox.restore(snapshot)
    sandbox.close()
    again = make_api(**options).sandbox
    assert released(again) == [early["id"]]
    again.close()


async def test_a_closed_sandbox_hears_no_clock(make_api: Any, clock: Any) -> None:
    api = make_api(clock=clock, settle_after=timedelta(seconds=5))
    await api.paid()
    api.sandbox.close()
    clock.advance(minutes=1)
    assert api.sandbox.ledger.payouts[0]["status"] == "in_progress"
