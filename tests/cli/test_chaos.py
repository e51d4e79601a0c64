from __future__ import annotations

from pathlib import Path

from tests.chaos import Plan, chaos


def test_each_row_is_paid_once_whatever_happens(tmp_path: Path) -> None:
    verdict = chaos(Plan(rows=120, faults=0.2, kills=3, rate_limit=0), tmp_path)
    assert verdict.ok, f"{verdict}\n{(tmp_path / 'run.log').read_text()}"
    assert verdict.payouts == 120
    assert len(verdict.killed_at) == 3
    assert sum(verdict.faults.values()) > 10
