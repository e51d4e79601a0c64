from __future__ import annotations

from typing import Any

FAST = ("--rate-limit", 0)


def test_a_plan_needs_no_key_and_sends_nothing(cli: Any, payout_file: Any) -> None:
    file = payout_file(
        ["r1,bene_A,USD,INR,1250.00,neft,S1301", "r2,bene_B,EUR,EUR,3.50,sepa,S1301"]
    )
    ended = cli("payouts", "plan", file)
    assert ended.status == 0
    assert ended.out == "november.csv   2 rows   EUR 3.50   USD 1,250.00\n"
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_plan_with_mistakes(cli: Any, payout_file: Any) -> None:
    ended = cli("payouts", "plan", payout_file(["r1,bene_A,USD,INR,1250,neft,S1301"]))
    assert ended.status == 2
    assert "source_amount" in ended.err
    assert "1 problem; nothing was sent" in ended.err


def test_a_plan_with_a_key_looks_at_the_balances(cli: Any, payout_file: Any, service: Any) -> None:
    enough = payout_file(["r1,bene_A,USD,INR,1250.00,neft,S1301"], name="enough.csv")
    short = payout_file(["r1,bene_A,USD,INR,99999999999.00,neft,S1301"], name="short.csv")
    assert cli("payouts", "plan", enough, "--strict").status == 0
    ended = cli("payouts", "plan", short)
    assert ended.status == 0
    assert "does not cover the total" in ended.err
    assert cli("payouts", "plan", short, "--strict").status == 2
    assert {one.method for one in service.sandbox.requests} == {"GET"}


def test_the_status_of_a_file_that_was_paid(cli: Any, payout_file: Any) -> None:
    file = payout_file(["r1,bene_A,USD,INR,1250.00,neft,S1301"])
    cli("payouts", "run", file, "--sandbox", *FAST)
    ended = cli("payouts", "status", file, "--sandbox")
    assert ended.status == 0, ended.text
    shown = [line.split() for line in ended.out.splitlines()]
    assert ["accepted", "rejected", "unknown"] in shown
    assert ["rows", "1", "0", "0"] in shown
    assert ["USD", "1,250.00", "-", "-"] in shown


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
