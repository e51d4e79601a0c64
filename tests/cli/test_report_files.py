"""The files that a run leaves, and that `glomo payouts report` writes anew."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from glomo.batch.approval_log import recorded_approvals

ROWS = ["r1,bene_A,USD,INR,10.00,neft,S1301", "r2,bene_bad,USD,INR,20.00,neft,S1301"]


@pytest.fixture
def file(service: Any, payout_file: Any) -> Path:
    service.sandbox.add_beneficiary("bene_A")
    service.sandbox.add_beneficiary("bene_bad", bank_error="INVALID_BENE_IFSC")
    path: Path = payout_file(ROWS)
    return path


def test_a_run_writes_results_page_and_workbook(cli: Any, file: Path) -> None:
    ended = cli("payouts", "run", file)
    assert ended.status == 1
    names = ("november.results.csv", "november.report.html", "november.results.xlsx")
    assert all(name in ended.out for name in names)
    page = file.with_name("november.report.html").read_text()
    assert "INVALID_BENE_IFSC" in page
    assert "run the file again with" in page
    sheet = openpyxl.load_workbook(file.with_name("november.results.xlsx"))["Results"]
    heads, first, second = (list(line) for line in sheet.values)
    first_row = dict(zip(heads, first, strict=True))
    assert (first_row["beneficiary"], first_row["fees currency"]) == ("bene_A", "USD")
    assert first_row["destination currency"] == "INR"
    assert first_row["created (UTC)"] is not None
    assert dict(zip(heads, second, strict=True))["standing"] == "failed"


def test_the_ids_of_every_attempt_are_kept(cli: Any, service: Any, file: Path) -> None:
    cli("payouts", "run", file)
    service.sandbox.add_beneficiary("bene_bad")
    assert cli("payouts", "run", file, "--retry-failed").status == 0
    sheet = openpyxl.load_workbook(file.with_name("november.results.xlsx"))["Results"]
    heads, _, second = (list(line) for line in sheet.values)
    ids = str(dict(zip(heads, second, strict=True))["request ids"]).split(", ")
    assert len(set(ids)) == 2
    assert set(ids) <= {payout["request_id"] for payout in service.sandbox.ledger.payouts}


def test_the_report_can_be_written_anew_without_a_key(
    cli: Any, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("payouts", "run", file)
    for name in ("november.results.csv", "november.report.html", "november.results.xlsx"):
        file.with_name(name).unlink()
    monkeypatch.delenv("GLOMO_API_KEY")
    output = json.loads(cli("payouts", "report", file, "--json").out)
    assert {Path(path).name for path in output["files"].values()} == {
        "november.results.csv",
        "november.report.html",
        "november.results.xlsx",
    }
    assert all(Path(path).exists() for path in output["files"].values())
    with Path(output["files"]["results"]).open(encoding="utf-8-sig", newline="") as lines:
        assert [row["environment"] for row in csv.DictReader(lines)] == ["sandbox", "sandbox"]
    missing = cli("payouts", "report", file, "--sandbox")
    assert (missing.status, "has not been paid" in missing.err) == (2, True)


def test_an_approval_is_in_the_journal_and_in_the_report(cli: Any, file: Path) -> None:
    cli("payouts", "plan", file, "--approve-as", "Ada Lovelace")
    approval = file.with_suffix(".approval.json")
    for _ in range(2):
        assert cli("payouts", "run", file, "--approval", approval).status == 1
    (recorded,) = recorded_approvals(file.with_suffix(".journal"))
    assert recorded.approved_by == "Ada Lovelace"
    page = file.with_name("november.report.html").read_text()
    assert "Ada Lovelace" in page
    assert recorded.digest in page
    cli("payouts", "run", file)
    assert "Ada Lovelace" in file.with_name("november.report.html").read_text()


def test_a_rehearsal_says_so_in_every_file(cli: Any, file: Path) -> None:
    assert cli("payouts", "run", file, "--sandbox").status == 0
    page = file.with_name("november.rehearsal.report.html").read_text()
    assert "Rehearsal." in page
    run = openpyxl.load_workbook(file.with_name("november.rehearsal.results.xlsx"))["The run"]
    assert ("environment", "sandbox, rehearsal") in list(run.values)
    assert not file.with_name("november.report.html").exists()


def test_a_report_that_cannot_be_written_does_not_hide_how_the_run_ended(
    cli: Any, service: Any, payout_file: Any
) -> None:
    service.sandbox.add_beneficiary("bene_A")
    file = payout_file(ROWS[:1])
    file.with_name("november.report.html").mkdir()
    ended = cli("payouts", "run", file)
    assert ended.status == 0
    assert "november.report.html" in ended.err
    assert file.with_name("november.results.csv").exists()
