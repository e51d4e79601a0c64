"""A filtered workbook sends nothing before someone says that hidden rows are paid, too."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from .conftest import HEAD


@pytest.fixture
def filtered(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEAD.strip().split(","))
    for number in range(2, 12):
        sheet.append([f"r{number}", "bene_A", "USD", "INR", "10.00", "neft", "S1301"])
    for number in (4, 7, 8):
        sheet.row_dimensions[number].hidden = True
    path = tmp_path / "november.xlsx"
    book.save(path)
    return path


def test_run_and_plan_refuse_and_say_which_rows(cli: Any, filtered: Path) -> None:
    for words in (("plan", filtered), ("run", filtered, "--sandbox", "--yes")):
        ended = cli("payouts", *words)
        assert ended.status == 2
        text = " ".join(ended.err.split())
        assert "is hidden in the worksheet" in text
        assert "3 rows: 4, 7-8" in text
        assert "--include-hidden pays hidden rows, too" in text
    assert not filtered.with_name("november.rehearsal.journal").exists()


def test_the_problems_are_there_for_programs(cli: Any, filtered: Path) -> None:
    ended = cli("payouts", "plan", filtered, "--json")
    assert ended.status == 2
    problems = json.loads(ended.out)["problems"]
    assert [problem["row"] for problem in problems] == [4, 7, 8]
    assert "--include-hidden" in problems[0]["advice"]
    error = json.loads(cli("payouts", "run", filtered, "--sandbox", "--json").out.splitlines()[-1])
    assert [problem["row"] for problem in error["error"]["problems"]] == [4, 7, 8]


def test_with_the_flag_every_row_is_paid(cli: Any, filtered: Path) -> None:
    planned = cli("payouts", "plan", filtered, "--include-hidden")
    assert planned.status == 0
    assert "--include-hidden" in planned.out
    ended = cli("payouts", "run", filtered, "--sandbox", "--yes", "--include-hidden")
    assert ended.status == 0, ended.text
    results = filtered.with_name("november.rehearsal.results.csv")
    with results.open(encoding="utf-8-sig", newline="") as lines:
        states = {line["reference"]: line["status"] for line in csv.DictReader(lines)}
    assert {*states} == {f"r{number}" for number in range(2, 12)}
    assert {*states.values()} == {"accepted"}
