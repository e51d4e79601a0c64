"""Time in the sandbox: moved, frozen, followed, and what happens on the way."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from freezegun import freeze_time

from glomo.sandbox import Clock, Sandbox

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_it_follows_the_machine_and_can_be_ahead() -> None:
    clock = Clock()
    assert abs(clock() - datetime.now(UTC)) < timedelta(seconds=5)
    clock.advance(hours=2, minutes=30)
    assert abs(clock() - datetime.now(UTC) - timedelta(hours=2.5)) < timedelta(seconds=5)
    assert not clock.frozen


def test_it_follows_time_machine_and_freezegun() -> None:
    clock = Clock()
    with time_machine.travel(NOON, tick=False) as traveller:
        assert clock() == NOON
        traveller.shift(timedelta(days=1))
        assert clock() == NOON + timedelta(days=1)
    with freeze_time("2026-03-01 12:00:00") as frozen:
        assert clock() == NOON
        frozen.tick(60)
        assert clock() == NOON + timedelta(minutes=1)


async def test_what_is_due_happens_under_a_travelled_time(make_api: Any) -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        api = make_api(clock=Clock(), settle_after=timedelta(seconds=5))
        payout = await api.paid()
        assert payout["created_at"] == "2026-03-01T12:00:00Z"
        traveller.shift(timedelta(minutes=5))
        seen = (await api.get(f"v1/payouts/{payout['id']}")).json()
    assert (seen["status"], seen["updated_at"]) == ("success", "2026-03-01T12:00:05Z")


def test_it_can_be_set_frozen_and_let_go() -> None:
    clock = Clock(NOON)
    assert clock() == NOON
    assert clock.frozen
    assert clock.advance(timedelta(minutes=1), seconds=5) == NOON + timedelta(seconds=65)
    clock.set(NOON - timedelta(days=1))
    assert clock() == NOON - timedelta(days=1)
    clock.unfreeze()
    assert timedelta() <= clock() - (NOON - timedelta(days=1)) < timedelta(seconds=5)
    clock.freeze(NOON)
    assert clock() == NOON
    clock.unfreeze()
    clock.freeze()
    assert clock() == clock()


@pytest.mark.parametrize(
    "deed",
    [
        lambda c: Clock(NOON.replace(tzinfo=None)),
        lambda c: c.set(NOON.replace(tzinfo=None)),
        lambda c: c.freeze(NOON.replace(tzinfo=None)),
        lambda c: c.advance(minutes=-1),
    ],
)
def test_naive_moments_and_steps_back_are_refused(deed: Any) -> None:
    with pytest.raises(ValueError, match=r"timezone-aware|backwards"):
        deed(Clock(NOON))


@pytest.mark.parametrize("follows", [True, False])
def test_the_end_of_the_calendar_is_refused_and_nothing_has_moved(follows: bool) -> None:
    clock = Clock() if follows else Clock(NOON)
    clock.set(datetime(9900, 12, 31, tzinfo=UTC))
    for days in (1, 10**6, 10**8):
        with pytest.raises(ValueError, match="up to the year 9900"):
            clock.advance(days=days)
    for end in (clock.set, clock.freeze, Clock):
        with pytest.raises(ValueError, match="up to the year 9900"):
            end(datetime(9999, 12, 31, tzinfo=UTC))
    assert clock().year == 9900


async def test_a_payout_settles_by_itself_at_its_own_moment(make_api: Any) -> None:
    api = make_api(settle_after=timedelta(seconds=5))
    payout = await api.paid()
    api.sandbox.clock.advance(seconds=4)
    assert api.sandbox.ledger.payouts[0]["status"] == "in_progress"
    api.sandbox.clock.advance(hours=3)
    (done,) = api.sandbox.ledger.payouts
    assert (done["status"], done["updated_at"]) == ("success", "2026-09-09T07:00:14Z")
    assert done["id"] == payout["id"]
    api.sandbox.books.check()


async def test_a_payout_mocked_to_the_bank_waits_for_another_mock(make_api: Any) -> None:
    api = make_api(queueing=True, settle_after=timedelta(seconds=5))
    payout = await api.paid()
    await api.mock(payout, "pending")
    api.sandbox.clock.advance(days=1)
    assert api.sandbox.ledger.payouts[0]["status"] == "in_progress"
    assert (await api.mock(payout, "success")).json()["status"] == "success"


async def test_timers_fire_in_order_and_a_frozen_sandbox_waits(make_api: Any) -> None:
    api = make_api(queueing=True, settle_after=timedelta(minutes=1))
    await api.paid()
    api.sandbox.clock.advance(minutes=1)  # 07:01
    assert api.sandbox.ledger.payouts[0]["status"] == "queued"
    api.sandbox.clock.advance(minutes=10)
    statuses = [event["event_type"] for event in api.sandbox.webhooks.events("payout.*")]
    times = [event["created_at"][11:16] for event in api.sandbox.webhooks.events("payout.*")]
    assert statuses == ["queued", "in_progress", "success"]
    assert times == ["07:00", "07:02", "07:03"]


def _plan_and_fail(account: Any) -> None:
    account.schedule(account.now(), "payout.release", "")
    raise RuntimeError("undo")


async def test_a_timer_of_an_undone_transaction_never_fires(sandbox: Sandbox) -> None:
    account = sandbox.account()
    with pytest.raises(RuntimeError, match="undo"), sandbox.engine.transaction():
        _plan_and_fail(account)
    assert sandbox.engine.next_at() is None
    with pytest.raises(KeyError, match="no handler is registered"):
        account.schedule(account.now(), "payout.vanish", "")


def test_steps_from_many_threads_are_all_taken() -> None:
    clock = Clock(NOON)
    threads = [threading.Thread(target=clock.advance, args=(timedelta(1),)) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock() == NOON + timedelta(50)
