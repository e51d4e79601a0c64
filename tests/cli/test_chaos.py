from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.chaos import Plan, chaos, complaints


def test_each_row_is_paid_once_whatever_happens(tmp_path: Path) -> None:
    verdict = chaos(Plan(rows=120, faults=0.2, kills=3, rate_limit=0), tmp_path)
    assert verdict.ok, f"{verdict}\n{(tmp_path / 'run.log').read_text()}"
    assert verdict.payouts == 120
    assert len(verdict.killed_at) == 3
    assert sum(verdict.faults.values()) > 10


FILE = """reference,beneficiary_id,source_currency,source_amount,invoice_number
r1,bene_A,USD,10.00,INV-1
r2,bene_A,USD,20.00,INV-2
"""
RESULTS = """reference,status,payout_id,payout_status,request_id
r1,accepted,payout_1,in_progress,q1
r2,accepted,payout_2,in_progress,q2
"""
PAYOUTS = [
    {
        "id": f"payout_{n}",
        "request_id": f"q{n}",
        "status": "in_progress",
        "beneficiary_id": "bene_A",
        "source_currency": "USD",
        "source_amount": n * 1000,
        "invoice_number": f"INV-{n}",
    }
    for n in (1, 2)
]


def judged(folder: Path, results: str, payouts: list[dict[str, Any]]) -> list[str]:
    (folder / "p.csv").write_text(FILE)
    (folder / "p.results.csv").write_text(results)
    return list(complaints(folder / "p.csv", payouts))


def test_the_judge_is_content_when_all_agree(tmp_path: Path) -> None:
    assert judged(tmp_path, RESULTS, PAYOUTS) == []


@pytest.mark.parametrize(
    ("results", "payouts", "complaint"),
    [
        (RESULTS, [*PAYOUTS, PAYOUTS[0] | {"id": "payout_3"}], "q1 was paid 2 times"),
        (RESULTS, PAYOUTS[:1], "r2: no payout 'payout_2' in the ledger"),
        (RESULTS, [PAYOUTS[0], PAYOUTS[1] | {"source_amount": 2001}], "r2: amount '2000'"),
        (RESULTS, [PAYOUTS[0], PAYOUTS[1] | {"status": "failed"}], "r2: payout status"),
        (RESULTS.replace("r2,accepted", "r2,unknown"), PAYOUTS, "r2: status 'unknown'"),
        (RESULTS.replace("r2,", "r3,"), PAYOUTS, "other references"),
    ],
)
def test_the_judge_notices(
    tmp_path: Path, results: str, payouts: list[dict[str, Any]], complaint: str
) -> None:
    assert complaint in "\n".join(judged(tmp_path, results, payouts))
