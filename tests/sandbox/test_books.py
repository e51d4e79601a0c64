"""The books: balanced postings, and a check that finds what is wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from glomo.sandbox import Sandbox
from glomo.sandbox.engine.books import Line, UnbalancedError
from glomo.sandbox.engine.errors import ApiError


async def test_the_postings_of_a_payout(api: Any) -> None:
    payout = await api.paid(source_amount=100_000)
    await api.mock(payout, "success")
    held, paid = api.sandbox.books.postings(payout["id"])
    assert held["lines"] == [("available", "USD", -101_100), ("held", "USD", 101_100)]
    assert paid["lines"] == [
        ("held", "USD", -101_100),
        ("payouts", "USD", 100_000),
        ("fees.payout", "USD", 1_100),
        ("exchange", "INR", -payout["destination_amount"]),
        ("beneficiaries", "INR", payout["destination_amount"]),
    ]
    api.sandbox.books.check()


def test_an_unbalanced_posting_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(UnbalancedError), sandbox.engine.transaction():
        sandbox.books.post("refund", "refund_1", [Line("available", "USD", 5)])
    lines = [Line("available", "USD", -5), Line("customers", "EUR", 5)]
    with pytest.raises(UnbalancedError), sandbox.engine.transaction():
        sandbox.books.post("refund", "refund_1", lines)
    sandbox.books.check()


def test_what_is_not_there_cannot_be_posted(make_api: Any) -> None:
    sandbox = make_api(balances={"USD": 10}).sandbox
    with (
        pytest.raises(ApiError, match="Additional amount required: 5"),
        sandbox.engine.transaction(),
    ):
        sandbox.books.transfer("x", "x", "USD", 15, source="available", target="customers")
    assert sandbox.books.balance("available", "USD") == 10


@pytest.mark.parametrize(
    "damage",
    [
        {"account": "available", "currency": "USD", "minor": 11},
        {"account": "available", "currency": "USD", "minor": -1},
    ],
)
def test_the_check_finds_money_from_nowhere(make_api: Any, damage: dict[str, Any]) -> None:
    sandbox = make_api(balances={"USD": 10}).sandbox
    sandbox.books.check()
    with sandbox.engine.transaction():
        sandbox.account().store.put("balance", "available/USD", damage)
    with pytest.raises(UnbalancedError):
        sandbox.books.check()


def test_the_check_finds_a_posting_that_was_changed(make_api: Any) -> None:
    sandbox = make_api(balances={"USD": 10}).sandbox
    store = sandbox.account().store
    with sandbox.engine.transaction():
        posting = store.get("posting", "1")
        store.put("posting", "1", {**posting, "lines": posting["lines"][:1]})
    with pytest.raises(UnbalancedError, match="does not add up"):
        sandbox.books.check()


async def test_out_of_review_with_too_little_left_a_payout_fails(make_api: Any) -> None:
    """Both fit the balance alone; the first takes it."""
    api = make_api(screening=True, settle_after=timedelta(seconds=5), balances={"USD": 150_000})
    first = await api.paid()
    second = await api.paid()
    api.sandbox.clock.advance(minutes=1)
    done, failed = api.sandbox.ledger.payouts
    assert (done["id"], done["status"]) == (first["id"], "success")
    assert (failed["id"], failed["status"]) == (second["id"], "failed")
    assert failed["error_code"] == "INSUFFICIENT_BALANCE"
    assert failed["error_description"]
    assert failed["customer_error_description"] is None
    assert api.sandbox.ledger.balances["USD"]["held"] == 0
    api.sandbox.books.check()
