from __future__ import annotations

import csv
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from glomo.sandbox import Sandbox, sandbox_key

FAST = ("--rate-limit", 0)


def test_a_plan_needs_no_key_and_sends_nothing(cli: Any, payout_file: Any) -> None:
    file = payout_file(
        ["r1,bene_A,USD,INR,1250.00,neft,S1301", "r2,bene_B,EUR,EUR,3.50,sepa,S1301"]
    )
    ended = cli("payouts", "plan", file)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("november.csv   2 rows   EUR 3.50   USD 1,250.00\n")
    assert ["USD", "neft", "INR", "1", "1,250.00"] in [
        line.split() for line in ended.out.splitlines()
    ]
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_plan_with_mistakes(cli: Any, payout_file: Any) -> None:
    ended = cli("payouts", "plan", payout_file(["r1,bene_A,USD,INR,1250,neft,S1301"]))
    assert ended.status == 2
    assert "source_amount" in ended.err
    assert "1 problem; nothing was sent" in ended.err


def test_a_plan_with_a_key_looks_at_balances_and_beneficiaries(
    cli: Any, payout_file: Any, service: Any
) -> None:
    service.sandbox.add_beneficiary("bene_A")
    enough = payout_file(["r1,bene_A,USD,INR,1250.00,neft,S1301"], name="enough.csv")
    ended = cli("payouts", "plan", enough, "--strict")
    assert ended.status == 0, ended.text
    short = payout_file(["r1,bene_A,USD,INR,99999999999.00,neft,S1301"], name="short.csv")
    ended = cli("payouts", "plan", short)
    assert ended.status == 0
    assert "add USD 98,999,999,999.00 and what the fees come to" in ended.out
    assert cli("payouts", "plan", short, "--strict").status == 2
    other = payout_file(["r1,bene_B,USD,INR,1.00,neft,S1301"], name="other.csv")
    assert "no such beneficiary" in cli("payouts", "plan", other).err
    assert {one.method for one in service.sandbox.requests} == {"GET"}


def test_quotes_tell_the_fees_and_what_to_add(
    cli: Any, payout_file: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = payout_file(
        [
            "r1,bene_A,USD,INR,1250.00,neft,S1301",
            "r2,bene_A,USD,INR,4250.00,neft,S1301",
            "r3,bene_A,USD,INR,100.00,imps,S1301",
        ]
    )
    with Sandbox(rate_limit=None, balances={"USD": 560_000}) as sandbox, sandbox.serve() as server:
        monkeypatch.setenv("GLOMO_BASE_URL", server.base_url)
        monkeypatch.setenv("GLOMO_API_KEY", sandbox_key())
        sandbox.add_beneficiary("bene_A")
        plan = json.loads(cli("payouts", "plan", file, "--quote", "--json").out)
        (dollar,) = plan["funds"]
        fees = dollar["fees"]["amount"]
        assert fees > 0
        assert dollar["to_add"] == {"amount": fees, "currency": "USD"}
        posts = [one.path for one in sandbox.requests if one.method == "POST"]
        assert len(posts) == 3
        assert all(path.endswith("/quotes") for path in posts)
        # What it says is what it costs.
        sandbox.fund("USD", fees)
        assert cli("payouts", "run", file).status == 0
        assert sandbox.ledger.balances["USD"]["available"] == 0


def test_a_plan_for_programs(cli: Any, payout_file: Any) -> None:
    rows = [f"r{n},bene_A,USD,INR,10.00,neft,S0803" for n in range(3)]
    plan = json.loads(cli("payouts", "plan", payout_file(rows), "--json").out)
    assert plan["rows"] == 3
    assert plan["totals"] == {"USD": {"amount": 3000, "currency": "USD"}}
    assert {warning["column"] for warning in plan["warnings"]} == {"source_amount", "documents"}
    assert plan["approval"] is None
    refused = cli("payouts", "plan", payout_file(["r1,bene_A,USD,INR,1250,neft,S1301"]), "--json")
    assert refused.status == 2
    (problem,) = json.loads(refused.out)["problems"]
    assert (problem["row"], problem["column"], problem["value"]) == (2, "source_amount", "1250")


def test_all_problems_are_in_a_file_of_their_own(
    cli: Any, payout_file: Any, tmp_path: Path
) -> None:
    path = tmp_path / "problems.csv"
    rows = [f"=r{n},bene_A,USD,INR,1250,nfet,S1301" for n in range(300)]
    ended = cli("payouts", "plan", payout_file(rows), "--problems", path)
    assert ended.status == 2
    assert len(ended.err.splitlines()) < 20
    with path.open(encoding="utf-8-sig", newline="") as lines:
        written = list(csv.DictReader(lines))
    assert len(written) == 600
    assert {line["column"] for line in written} == {"source_amount", "payment_rail"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_cause_of_many_rows_is_shown_once_and_written_for_each(
    cli: Any, payout_file: Any, tmp_path: Path
) -> None:
    path = tmp_path / "problems.csv"
    rows = [f"r{n},bene_A,USD,INR,10.00,neft,S1301,Smith, Ltd" for n in range(40)]
    ended = cli("payouts", "plan", payout_file(rows), "--problems", path)
    assert ended.err.count("has 9 cells") == 1
    assert "40 rows: 2-41" in " ".join(ended.err.split())
    with path.open(encoding="utf-8-sig", newline="") as lines:
        assert [line["row"] for line in csv.DictReader(lines)] == [f"{n}" for n in range(2, 42)]
    warned = [f"r{n},bene_A,CHF,INR,10.00,neft,S1301" for n in range(40)]
    assert cli("payouts", "plan", payout_file(warned), "--problems", path).status == 0
    with path.open(encoding="utf-8-sig", newline="") as lines:
        written = [
            line["row"] for line in csv.DictReader(lines) if line["column"] == "source_currency"
        ]
    assert written == [f"{n}" for n in range(2, 42)]


def test_amounts_above_a_limit_and_the_same_payment_twice_are_shown(
    cli: Any, payout_file: Any
) -> None:
    rows = ["r1,bene_A,USD,INR,10.00,neft,S1301", "r2,bene_A,USD,INR,10.00,neft,S1301",
            "r3,bene_B,USD,INR,900.00,neft,S1301"]  # fmt: skip
    ended = cli("payouts", "plan", payout_file(rows), "--max-amount", "USD=500.00")
    assert "is above the limit of 500.00 USD" in ended.err
    assert "same payee and amount (10.00 USD) as row 2 (r1)" in ended.err
    wrong = cli("payouts", "plan", payout_file(rows), "--max-amount", "500")
    assert wrong.status == 2
    assert "USD=100000.00" in wrong.err


def test_the_status_of_a_file_that_was_paid(cli: Any, payout_file: Any) -> None:
    file = payout_file(["r1,bene_A,USD,INR,1250.00,neft,S1301"])
    cli("payouts", "run", file, "--sandbox", *FAST)
    ended = cli("payouts", "status", file, "--sandbox")
    assert ended.status == 0, ended.text
    shown = [line.split() for line in ended.out.splitlines()]
    assert ["settled", "in", "progress", "failed"] in shown
    assert ["rows", "0", "1", "0"] in shown
    assert ["USD", "-", "1,250.00", "-"] in shown


def test_the_status_of_a_file_with_open_rows(cli: Any, payout_file: Any, service: Any) -> None:
    file = payout_file(
        ["r1,bene_A,USD,INR,1250.00,neft,S1301", "r2,bene_bad,USD,INR,1.00,neft,S1301"]
    )
    service.sandbox.add_beneficiary("bene_A")
    service.sandbox.add_beneficiary("bene_bad", bank_error="NAME_MISMATCH")
    cli("payouts", "run", file, *FAST)
    ended = cli("payouts", "status", file)
    assert ended.status == 1
    assert "NAME_MISMATCH" in ended.out
    assert "r2" in ended.out


def test_the_status_of_a_file_that_was_never_paid(cli: Any, payout_file: Any) -> None:
    file = payout_file(["r1,bene_A,USD,INR,1250.00,neft,S1301"])
    ended = cli("payouts", "status", file)
    assert ended.status == 2
    assert "has not been paid" in ended.err
    cli("payouts", "run", file, "--sandbox", *FAST)
    assert "add --sandbox" in cli("payouts", "status", file).err


def test_a_plan_says_what_is_next(cli: Any, payout_file: Any, service: Any) -> None:
    file = payout_file(["r1,bene_A,USD,INR,1.00,neft,S1301"])
    with_key = cli("payouts", "plan", file).out
    assert f"glomo payouts run {file}   pays it, after asking" in with_key
    assert "where there is a key" not in with_key
    approved = cli("payouts", "plan", file, "--approve-as", "Asha").out
    approval = file.with_suffix(".approval.json")
    assert f"glomo payouts run {file} --approval {approval}   pays exactly this" in approved


def test_without_a_key_a_plan_says_what_it_did_not_check(cli: Any, payout_file: Any) -> None:
    shown = cli("payouts", "plan", payout_file(3)).out
    assert "beneficiaries and balances are checked where there is a key" in shown
