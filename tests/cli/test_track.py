"""Following a file until the money has arrived."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

ROWS = [f"r{n},bene_A,USD,INR,10.0{n},neft,S1301" for n in range(3)]


@pytest.fixture
def file(cli: Any, service: Any, payout_file: Any) -> Path:
    """A file that was paid, and whose payouts have not settled yet."""
    service.sandbox.clock.freeze()
    service.sandbox.add_beneficiary("bene_A")
    path: Path = payout_file(ROWS)
    assert cli("payouts", "run", path).status == 0
    return path


def standing(file: Path) -> list[Any]:
    sheet = openpyxl.load_workbook(file.with_name("november.results.xlsx"))["Results"]
    heads, *rows = (list(line) for line in sheet.values)
    return [dict(zip(heads, row, strict=True))["standing"] for row in rows]


def test_accepted_is_not_settled_and_the_status_says_so(cli: Any, file: Path) -> None:
    ended = cli("payouts", "status", file)
    assert ended.status == 0
    assert ["rows", "0", "3", "0"] in [line.split() for line in ended.out.splitlines()]
    assert "as of 20" in ended.out
    assert "glomo payouts track" in ended.out
    output = json.loads(cli("payouts", "status", file, "--json").out)["standing"]
    assert output["rows"]["in_progress"] == 3
    assert not output["settled"]


def test_it_follows_the_payouts_to_their_end(cli: Any, service: Any, file: Path) -> None:
    assert standing(file) == ["in progress"] * 3
    service.sandbox.clock.advance(hours=1)
    ended = cli("payouts", "track", file)
    assert ended.status == 0, ended.text
    assert ["rows", "3", "0", "0"] in [line.split() for line in ended.out.splitlines()]
    assert standing(file) == ["settled"] * 3
    assert "settled" in file.with_name("november.report.html").read_text()
    assert len(service.sandbox.ledger.payouts) == 3


def test_what_is_still_on_its_way_is_no_success(cli: Any, file: Path) -> None:
    ended = cli("payouts", "track", file, "--timeout", 0.01)
    assert ended.status == 1
    assert "still in progress" in ended.err


def test_events_for_programs(cli: Any, service: Any, file: Path) -> None:
    service.sandbox.clock.advance(hours=1)
    lines = [json.loads(line) for line in cli("payouts", "track", file, "--json").out.splitlines()]
    assert [line["event"] for line in lines] == ["standing", "file", "file", "file"]
    assert lines[0]["rows"]["settled"] == 3


def test_a_run_can_wait_for_the_money(cli: Any, payout_file: Any) -> None:
    file = payout_file(ROWS)
    ended = cli("payouts", "run", file, "--sandbox", "--wait", "--wait-timeout", 0.01)
    assert ended.status == 1, "in progress is not settled"
    assert "in progress" in ended.out
    assert "still in progress" in ended.err
    page = file.with_name("november.rehearsal.report.html").read_text()
    assert "rows a second" in page, "the report is still of the run"


def test_a_file_that_was_never_paid(cli: Any, service: Any, payout_file: Any) -> None:
    ended = cli("payouts", "track", payout_file(ROWS, "december.csv"))
    assert (ended.status, "has not been paid" in ended.err) == (2, True)


def test_ctrl_c_ends_it_with_the_results_written(service: Any, file: Path, start: Any) -> None:
    file.with_name("november.report.html").unlink()
    process = start("payouts", "track", file)
    process.until("stderr", "3 in progress")
    process.popen.send_signal(signal.SIGINT)
    ended = process.end()
    assert ended.status == 130, ended.text
    assert "goes on following" in ended.err
    assert "Traceback" not in ended.err
    assert file.with_name("november.report.html").exists()
