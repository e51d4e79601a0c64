"""What an unattended run refuses, and what it never passes over in silence."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from glomo.sandbox import Clock, Sandbox, sandbox_key

ROWS = [f"r{n},bene_A,USD,INR,10.0{n},neft,S1301" for n in range(3)]


def posts(service: Any) -> int:
    return sum(request.method == "POST" for request in service.sandbox.requests)


@pytest.fixture
def paid(cli: Any, service: Any, payout_file: Any) -> Any:
    """A file that is paid, three payouts."""
    service.sandbox.add_beneficiary("bene_A")
    service.sandbox.add_beneficiary("bene_B")
    file = payout_file(ROWS)
    assert cli("payouts", "run", file, "--yes").status == 0
    assert posts(service) == 3
    return file


@pytest.mark.parametrize("change", [("", ""), (",S1301", ",S1302"), (",neft", ",imps")])
def test_yes_refuses_rows_that_were_paid_under_another_file_name(
    cli: Any, service: Any, payout_file: Any, paid: Path, change: tuple[str, str]
) -> None:
    copied = payout_file([row.replace(*change) for row in ROWS], "copied.csv")
    ended = cli("payouts", "run", copied, "--yes")
    assert ended.status == 2
    assert "3 rows of this file (USD 30.03) went out before, as batch 'november'" in ended.err
    assert "--pay-again" in ended.err
    assert posts(service) == 3
    assert not copied.with_suffix(".journal").exists()
    again = cli("payouts", "run", copied, "--yes", "--pay-again")
    assert again.status == 0, again.text
    assert posts(service) == 6


def test_a_row_added_to_a_journal_of_its_own_is_compared_too(
    cli: Any, service: Any, payout_file: Any, paid: Path
) -> None:
    other = payout_file(["new,bene_B,USD,INR,99.00,neft,S1301"], "december.csv")
    assert cli("payouts", "run", other, "--yes").status == 0
    payout_file(["new,bene_B,USD,INR,99.00,neft,S1301", ROWS[1]], "december.csv")
    ended = cli("payouts", "run", other, "--yes")
    assert ended.status == 2
    assert "1 row of this file (USD 10.01) went out before" in ended.err
    assert posts(service) == 4


def test_other_payees_amounts_and_references_are_other_payments(
    cli: Any, service: Any, payout_file: Any, paid: Path
) -> None:
    rows = ["r0,bene_B,USD,INR,10.00,neft,S1301", "r1,bene_A,USD,INR,10.02,neft,S1301",
            "r9,bene_A,USD,INR,10.02,neft,S1301"]  # fmt: skip
    ended = cli("payouts", "run", payout_file(rows, "december.csv"), "--yes")
    assert ended.status == 0, ended.text
    assert posts(service) == 6


def test_rows_that_another_batch_had_rejected_may_be_paid(
    cli: Any, service: Any, payout_file: Any
) -> None:
    service.sandbox.add_beneficiary("bene_C", bank_error="NAME_MISMATCH")
    rows = ["r1,bene_C,USD,INR,10.00,neft,S1301"]
    assert cli("payouts", "run", payout_file(rows), "--yes").status == 1
    service.sandbox.add_beneficiary("bene_C")
    ended = cli("payouts", "run", payout_file(rows, "corrected.csv"), "--yes")
    assert ended.status == 0, ended.text


def test_a_file_and_a_journal_in_two_folders_are_both_looked_at(
    cli: Any, service: Any, tmp_path: Path, paid: Path
) -> None:
    elsewhere = tmp_path / "kept"
    elsewhere.mkdir()
    copied = Path(shutil.copy(paid, tmp_path / "copied.csv"))
    journal = elsewhere / "copied.journal"
    ended = cli("payouts", "run", copied, "--journal", journal, "--yes")
    assert ended.status == 2
    assert posts(service) == 3


def test_rows_paid_before_the_journal_began_do_not_pass_in_silence(
    cli: Any, payout_file: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_month_ago = Clock(datetime.now(UTC) - timedelta(days=30))
    with Sandbox(clock=a_month_ago, rate_limit=None) as sandbox, sandbox.serve() as server:
        monkeypatch.setenv("GLOMO_BASE_URL", server.base_url)
        monkeypatch.setenv("GLOMO_API_KEY", sandbox_key())
        sandbox.add_beneficiary("bene_A")
        file = payout_file(ROWS)
        cli("payouts", "run", file)
        file.with_suffix(".journal").unlink()
        # The API has the payouts of the first run, so this one makes none.
        ended = cli("payouts", "run", file, "--yes")
        assert len(sandbox.ledger.payouts) == 3
        assert ended.status == 1
        assert "3 rows had been paid before this journal began, by this machine's" in ended.err
        assert "--accept-existing" in ended.err
        assert "--name" in ended.err
        assert cli("payouts", "run", file, "--yes", "--accept-existing").status == 0
        seen = cli("payouts", "run", file)
        assert seen.status == 0
        assert "had been paid before this journal began" in seen.out


def test_a_rehearsal_has_files_of_its_own(cli: Any, service: Any, paid: Path, results: Any) -> None:
    real = paid.with_suffix(".results.csv").read_bytes()
    assert cli("payouts", "run", paid, "--sandbox").status == 0
    assert paid.with_suffix(".results.csv").read_bytes() == real
    names = {path.name for path in paid.parent.iterdir() if path.name.startswith("november.re")}
    assert {"november.rehearsal.results.csv", "november.rehearsal.journal"} <= names
    assert posts(service) == 3


def test_results_say_of_which_environment_they_are(
    cli: Any, payout_file: Any, live_api: Any, results: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = payout_file(["r1,bene_A,USD,INR,1250.00,neft,S1301"])
    for key, environment in (
        ("sk-of-no-known-kind", "unknown"),
        (sandbox_key(env="production"), "production"),
        (sandbox_key(), "sandbox"),
    ):
        monkeypatch.setenv("GLOMO_API_KEY", key)
        file.with_suffix(".journal").unlink(missing_ok=True)
        assert cli("payouts", "run", file, "--yes").status == 0
        assert {row["environment"] for row in results(file)} == {environment}


def test_results_are_the_owners_alone_and_leave_no_drafts(
    cli: Any, payout_file: Any, service: Any
) -> None:
    service.sandbox.add_beneficiary("bene_A")
    file = payout_file(ROWS)
    leftover = file.with_name(".november.results.csv.0a1b2c3d.tmp")
    leftover.write_text("half of it")
    before = os.umask(0)
    try:
        assert cli("payouts", "run", file).status == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.with_suffix(".results.csv").stat().st_mode) == 0o600
    assert not list(file.parent.glob(".*.tmp"))


@pytest.mark.parametrize("command", [("payouts", "run", "--yes"), ("payouts", "plan")])
def test_pipes_and_folders_are_refused_at_once(
    cli: Any, service: Any, tmp_path: Path, command: tuple[str, ...]
) -> None:
    pipe, folder = tmp_path / "pipe.csv", tmp_path / "folder.csv"
    os.mkfifo(pipe)
    folder.mkdir()
    for path, says in ((pipe, "is a pipe or a device"), (folder, "is a folder")):
        ended = cli(*command, path)
        assert ended.status == 2
        assert says in ended.err
    assert posts(service) == 0


def test_a_journal_of_another_kind_beside_the_file_does_no_harm(
    cli: Any, service: Any, payout_file: Any
) -> None:
    service.sandbox.add_beneficiary("bene_A")
    file = payout_file(ROWS)
    file.with_name("notes.journal").write_text("Dear diary")
    with sqlite3.connect(file.with_name("empty.journal")):
        pass
    assert cli("payouts", "run", file, "--yes").status == 0
