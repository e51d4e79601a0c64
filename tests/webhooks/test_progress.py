"""Old snapshots never overwrite new ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from glomo import webhooks
from glomo.webhooks import moves_forward, testing

NOON = datetime(2026, 9, 9, 12, tzinfo=UTC)


def payout(status: str, minutes: int | None = None) -> Any:
    time = None if minutes is None else (NOON + timedelta(minutes=minutes)).isoformat()
    return testing.event(webhooks.PayoutInProgress, status=status, updated_at=time).data


def order(status: str, minutes: int | None = None) -> Any:
    time = None if minutes is None else (NOON + timedelta(minutes=minutes)).isoformat()
    return testing.event(webhooks.OrderActivated, status=status, updated_at=time).data


def test_an_object_that_you_do_not_have_is_new() -> None:
    assert moves_forward(payout("queued", 0), status=None)


@pytest.mark.parametrize("terminal", ["success", "failed", "cancelled"])
@pytest.mark.parametrize("open_", ["queued", "in_progress", "action_required", "pending_approval"])
@pytest.mark.parametrize("minutes", [None, -5, 0, 5])
def test_a_terminal_status_stays(terminal: str, open_: str, minutes: int | None) -> None:
    assert not moves_forward(payout(open_, minutes), status=terminal, updated_at=NOON)
    assert moves_forward(payout(terminal, minutes), status=open_, updated_at=NOON)


def test_between_open_statuses_the_time_decides() -> None:
    assert moves_forward(payout("queued", 1), status="in_progress", updated_at=NOON)
    assert not moves_forward(payout("in_progress", -1), status="queued", updated_at=NOON)
    assert moves_forward(payout("in_progress", 0), status="queued", updated_at=NOON)
    assert moves_forward(payout("in_progress"), status="queued", updated_at=NOON)
    assert moves_forward(payout("in_progress", -1), status="queued")


def test_the_same_status_may_carry_news() -> None:
    # `success` comes first; `funds_available` and a bank reference follow under the same status.
    assert moves_forward(payout("success", 1), status="success", updated_at=NOON)
    assert not moves_forward(payout("success", -1), status="success", updated_at=NOON)


def test_between_terminal_statuses_only_a_newer_one_counts() -> None:
    assert not moves_forward(payout("failed", -1), status="success", updated_at=NOON)
    assert not moves_forward(payout("failed"), status="success", updated_at=NOON)
    assert not moves_forward(payout("failed", 0), status="success", updated_at=NOON)
    assert moves_forward(payout("failed", 1), status="success", updated_at=NOON)


def test_an_expired_order_can_still_be_paid() -> None:
    assert moves_forward(order("paid"), status="expired")
    assert moves_forward(order("paid", -1), status="expired", updated_at=NOON)
    assert not moves_forward(order("expired", -1), status="paid", updated_at=NOON)
    assert not moves_forward(order("expired"), status="paid")


def test_a_merchant_can_leave() -> None:
    left = testing.event(webhooks.MerchantOffboarded, updated_at=None).data
    assert moves_forward(left, status="success")
    assert not moves_forward(
        testing.event(webhooks.MerchantSucceeded, updated_at=None).data, status="offboarded"
    )


def test_a_status_that_is_new_to_this_sdk_counts_if_it_is_newer() -> None:
    assert moves_forward(payout("reversed", 1), status="success", updated_at=NOON)
    assert not moves_forward(payout("reversed", -1), status="success", updated_at=NOON)
    assert not moves_forward(payout("reversed"), status="success")


def test_an_object_without_a_life_cycle_goes_by_time() -> None:
    data = testing.event(webhooks.InternalTransferSucceeded, updated_at=NOON.isoformat()).data
    assert moves_forward(data, status="anything", updated_at=NOON - timedelta(1))
    assert not moves_forward(data, status="anything", updated_at=NOON + timedelta(1))


def test_times_without_a_zone_are_utc() -> None:
    assert not moves_forward(
        payout("queued", -1), status="in_progress", updated_at=NOON.replace(tzinfo=None)
    )


def test_in_whatever_order_they_come_the_last_one_stands() -> None:
    life = [
        payout("queued", 0),
        payout("action_required", 1),
        payout("in_progress", 2),
        payout("success", 3),
    ]
    for order_ in permutations([*life, life[1]]):
        status, updated_at = None, None
        for snapshot in order_:
            if moves_forward(snapshot, status=status, updated_at=updated_at):
                status, updated_at = snapshot.status, snapshot.updated_at
        assert status == "success"
