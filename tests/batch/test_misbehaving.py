"""A small run of `python -m tests.chaos --misbehaving`: the whole one is a command of its own."""

from __future__ import annotations

from pathlib import Path

from tests.chaos import Plan, chaos
from tests.misbehaving_server import FAULTS, LIST_FAULTS


def test_whatever_the_api_does_each_row_is_paid_once_and_the_results_are_true(
    tmp_path: Path,
) -> None:
    plan = Plan(rows=44, faults=0.5, kills=1, seed=4, rate_limit=100_000, misbehaving=True)
    verdict = chaos(plan, tmp_path)
    assert verdict.ok, str(verdict)
    # Half of the creates and half of the look-ups go wrong, in each way in turn.
    assert verdict.faults.keys() == {*FAULTS, *LIST_FAULTS}
