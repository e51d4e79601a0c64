"""`glomo payouts run --json`: one event a line on standard output, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

ROWS = ["r1,bene_A,USD,INR,10.00,neft,S1301", "r2,bene_bad,USD,INR,20.00,neft,S1301"]


def events(ended: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ended.out.splitlines()]


@pytest.fixture
def file(service: Any, payout_file: Any) -> Path:
    service.sandbox.add_beneficiary("bene_A")
    service.sandbox.add_beneficiary("bene_bad", bank_error="INVALID_BENE_IFSC")
    path: Path = payout_file(ROWS)
    return path


def test_a_run_is_told_as_events(cli: Any, file: Path) -> None:
    ended = cli("payouts", "run", file, "--json")
    assert ended.status == 1
    reported = events(ended)
    assert [event["event"] for event in reported] == [
        "plan",
        "row",
        "row",
        "report",
        "file",
        "file",
        "file",
        "reconciliation",
    ]
    assert reported[0]["totals"] == {"USD": {"amount": 3000, "currency": "USD"}}
    rows = {event["reference"]: event for event in reported if event["event"] == "row"}
    assert rows["r1"]["status"] == "accepted"
    assert rows["r1"]["payout_id"].startswith("payout_")
    assert rows["r2"]["error_code"] == "INVALID_BENE_IFSC"
    report = next(event for event in reported if event["event"] == "report")
    assert report["rows"] == {"accepted": 1, "rejected": 1, "unknown": 0, "not_sent": 0}
    assert report["environment"] == "sandbox"
    kinds = {event["kind"]: Path(event["path"]) for event in reported if event["event"] == "file"}
    assert set(kinds) == {"results", "report", "workbook"}
    assert all(path.exists() for path in kinds.values())


def test_so_are_warnings_a_rehearsal_an_approval_and_a_second_run(cli: Any, file: Path) -> None:
    cli("payouts", "plan", file, "--approve-as", "Ada")
    approval = ("--approval", file.with_suffix(".approval.json"))
    first = events(cli("payouts", "run", file, "--sandbox", "--json", *approval))
    assert [event["event"] for event in first][:2] == ["plan", "approval"]
    second = events(cli("payouts", "run", file, "--sandbox", "--json", *approval))
    assert "row" not in {event["event"] for event in second}
    assert any("nothing was left" in event.get("text", "") for event in second)


def test_a_file_with_mistakes_prints_its_error_alone(cli: Any, payout_file: Any) -> None:
    ended = cli("payouts", "run", payout_file(["r1,bene_A,USD,INR,10,neft,S1301"]), "--json")
    assert ended.status == 2
    assert [event["event"] for event in events(ended)] == ["error"]


def test_a_run_that_waits_ends_with_where_the_rows_stand(cli: Any, file: Path) -> None:
    file.write_text(file.read_text().replace(ROWS[1], ""))
    ended = cli("payouts", "run", file, "--json", "--wait", "--wait-timeout", 0.01)
    reported = [event for event in events(ended) if event["event"] == "standing"]
    assert reported
    assert sum(reported[-1]["rows"].values()) == 1
