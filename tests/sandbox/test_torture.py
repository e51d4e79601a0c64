"""A small run of `python -m tests.sandbox.torture`."""

from __future__ import annotations

from tests.sandbox.torture import Plan, torture


async def test_books_balance_and_all_is_delivered_under_torture() -> None:
    verdict = await torture(Plan(operations=200, clients=10, seed=1))
    assert verdict.complaints == []
    assert verdict.events > 50
    assert verdict.statuses["201"] > 50
    assert verdict.statuses["cut"] > 5
