from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Any

from glomo.batch import Batch
from glomo.cli.commands.payouts.sample import write_sample


def sample(rows: int, seed: int = 0) -> str:
    out = io.StringIO()
    write_sample(out, rows, seed)
    return out.getvalue()


def test_the_same_seed_gives_the_same_file_and_another_seed_another() -> None:
    assert sample(50) == sample(50)
    assert sample(50) != sample(50, seed=1)


def test_a_sample_is_right_in_every_respect(tmp_path: Path) -> None:
    path = tmp_path / "payouts.csv"
    path.write_text(sample(500))
    plan = Batch.from_csv(path).plan()
    assert len(plan) == 500
    assert plan.warnings == ()
    assert [row.reference for row in plan][:2] == ["row-0001", "row-0002"]


def test_a_sample_looks_like_life() -> None:
    rows = list(csv.DictReader(sample(500).splitlines()))
    assert {row["source_currency"] for row in rows} == {"USD", "EUR", "GBP", "AED", "SGD", "AUD"}
    assert len({row["payment_rail"] for row in rows}) > 5
    assert len({row["purpose_code"] for row in rows}) > 5
    beneficiaries = Counter(row["beneficiary_id"] for row in rows)
    assert 1 < len(beneficiaries) < 500
    currencies = {(row["beneficiary_id"], row["destination_currency"]) for row in rows}
    assert len(currencies) == len(beneficiaries)
    amounts = [float(row["source_amount"]) for row in rows]
    assert min(amounts) >= 40
    assert max(amounts) <= 40_000
    assert len(set(amounts)) > 300


def test_one_row_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "payouts.csv"
    path.write_text(sample(1))
    assert len(Batch.from_csv(path).plan()) == 1


def test_the_command_writes_the_file_to_standard_output(cli: Any) -> None:
    ended = cli("payouts", "sample", "--rows", 12, "--seed", 3)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out == sample(12, seed=3)
