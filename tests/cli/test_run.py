from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import anyio
import pytest
import respx

from glomo.batch import Report
from glomo.cli.rehearsal import check_ledger
from glomo.sandbox import Sandbox

FAST = ("--rate-limit", 0)


def ledger(file: Path) -> list[dict[str, Any]]:
    """What the embedded sandbox of a file has in its books."""
    with Sandbox(state=file.with_suffix(".rehearsal.sandbox.state")) as sandbox:
        return sandbox.ledger.payouts


def test_a_sample_is_paid_from_end_to_end(cli: Any, payout_file: Any, results: Any) -> None:
    file = payout_file(60)
    ended = cli("payouts", "run", file, "--sandbox", *FAST)
    assert ended.status == 0, ended.text
    assert ended.out.startswith("november.csv   60 rows   AED ")
    assert "accepted" in ended.out
    assert "november.rehearsal.results.csv" in ended.out
    assert "sandbox ledger: 60 payouts, each reference once" in ended.out
    assert re.search(r"paying  \d+/60 ", ended.err)

    with file.open(newline="") as lines:
        rows = {row["reference"]: row for row in csv.DictReader(lines)}
    paid = {payout["id"]: payout for payout in ledger(file)}
    assert len(paid) == 60
    result_rows = results(file)
    assert [row["reference"] for row in result_rows] == list(rows)
    for row in result_rows:
        payout = paid.pop(row["payout_id"])
        assert row["status"] == "accepted"
        assert row["payout_status"] == payout["status"]
        assert row["request_id"] == payout["request_id"]
        wanted = rows[row["reference"]]
        assert payout["source_currency"] == wanted["source_currency"]
        assert payout["source_amount"] == int(wanted["source_amount"].replace(".", ""))
        assert payout["beneficiary_id"] == wanted["beneficiary_id"]
    assert not paid


def test_a_second_run_does_nothing(cli: Any, payout_file: Any, results: Any) -> None:
    file = payout_file(20)
    cli("payouts", "run", file, "--sandbox", *FAST)
    before, result_rows = ledger(file), results(file)
    ended = cli("payouts", "run", file, "--sandbox", *FAST)
    assert ended.status == 0
    assert "sandbox ledger: 20 payouts, each reference once" in ended.out
    assert "nothing was left to pay" in ended.out
    assert "paying" not in ended.err
    assert (ledger(file), results(file)) == (before, result_rows)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["r1,bene_A,USD,INR,1250,neft,S1301"], "1250.00"),
        (["r1,bene_A,USD,INR,1250.00,nfet,S1301"], "payment_rail"),
        (["r1,bene_A,USD,INR,1250.00,neft,P0014"], "purpose_code"),
        (["r1,bene_A,USD,INR,12.00,neft,S1301"] * 2, "r1"),
        ([], "row"),
    ],
)
def test_a_wrong_file_is_refused_whole(
    cli: Any, payout_file: Any, lines: list[str], says: str
) -> None:
    file = payout_file(lines)
    ended = cli("payouts", "run", file, "--sandbox", *FAST)
    assert ended.status == 2
    assert says in ended.err
    assert ended.err.splitlines()[-2].endswith("nothing was sent")
    assert sorted(path.name for path in file.parent.iterdir()) == [file.name]


def test_all_mistakes_are_shown_at_once_with_row_and_column(cli: Any, payout_file: Any) -> None:
    file = payout_file(
        [
            "r1,bene_A,USD,INR,1250,neft,S1301",
            "r2,bene_A,USD,INR,10.00,neft,S1301",
            "r3,bene_A,USD,INR,10.00,sepa,S1301",
        ]
    )
    ended = cli("payouts", "run", file, "--sandbox", *FAST)
    assert ended.status == 2
    rows = [line.split()[:2] for line in ended.err.splitlines()]
    assert ["2", "source_amount"] in rows
    assert ["4", "payment_rail"] in rows
    assert "2 problems; nothing was sent" in ended.err


def test_rejected_rows_are_listed_with_what_to_do(cli: Any, payout_file: Any, results: Any) -> None:
    file = payout_file(
        [
            "r1,bene_good,USD,INR,10.00,neft,S1301",
            "r2,bene_bad,USD,INR,20.00,neft,S1301",
        ]
    )
    state = file.with_suffix(".rehearsal.sandbox.state")
    with Sandbox(state=state) as sandbox:
        sandbox.add_beneficiary("bene_bad", bank_error="INVALID_BENE_IFSC")
    ended = cli("payouts", "run", file, "--sandbox", *FAST)
    assert ended.status == 1
    (line,) = [line for line in ended.out.splitlines() if line.strip().startswith("row 3")]
    assert "r2" in line
    assert "INVALID_BENE_IFSC" in line
    assert "--retry-failed" in line
    assert [row["status"] for row in results(file)] == ["accepted", "rejected"]
    assert "sandbox ledger: 2 payouts, each reference once   USD 10.00" in ended.out

    with Sandbox(state=state) as sandbox:
        sandbox.add_beneficiary("bene_bad")
    again = cli("payouts", "run", file, "--sandbox", *FAST)
    assert again.status == 1, "a rejected row stays rejected until it is asked for"
    fixed = cli("payouts", "run", file, "--sandbox", "--retry-failed", *FAST)
    assert fixed.status == 0, fixed.text
    assert [row["status"] for row in results(file)] == ["accepted", "accepted"]


def test_many_rows_of_one_cause_are_shown_below_it(
    cli: Any, payout_file: Any, service: Any
) -> None:
    file = payout_file([f"r{n},bene_none,USD,INR,{n}.00,neft,S1301" for n in range(1, 9)])
    ended = cli("payouts", "run", file, "--pay-again", *FAST)
    assert ended.status == 1
    assert ended.out.count("HTTP_404") == 1
    assert "HTTP_404   8 rows   USD 36.00   this account and environment have no" in ended.out
    assert re.findall(r"^      row (\d)   r", ended.out, re.M) == ["2", "3", "4", "5", "6"]
    assert "... and 3 more" in ended.out
    assert f"glomo payouts run {file} --retry-failed" in ended.out
    assert "payouts track" not in ended.out  # nothing is on its way


def test_the_next_step_names_the_same_batch(cli: Any, payout_file: Any, service: Any) -> None:
    service.sandbox.add_beneficiary("bene_A")
    file = payout_file(["r1,bene_A,USD,INR,1.00,neft,S1301"], "two words.csv")
    ended = cli("payouts", "run", file, "--name", "mine", "--journal", "j.journal", *FAST)
    assert ended.status == 0, ended.text
    assert f"glomo payouts track '{file}' --name mine --journal j.journal" in ended.out
    assert "--retry-failed" not in ended.out


def test_a_trial_leaves_the_real_journal_alone(cli: Any, payout_file: Any, service: Any) -> None:
    file = payout_file(5)
    assert cli("payouts", "run", file, "--sandbox", *FAST).status == 0
    assert not file.with_suffix(".journal").exists()
    for row in file.read_text().splitlines()[1:]:
        _, beneficiary, _, currency, *_ = row.split(",")
        service.sandbox.add_beneficiary(beneficiary, currency=currency)
    assert cli("payouts", "run", file, *FAST).status == 0
    assert len(service.sandbox.ledger.payouts) == 5


def test_the_embedded_sandbox_covers_any_total(cli: Any, payout_file: Any) -> None:
    file = payout_file([f"r{n},bene_A,EUR,EUR,9999999999.99,sepa,S1301" for n in range(30)])
    ended = cli("payouts", "run", file, "--sandbox", *FAST)
    assert ended.status == 0, ended.text
    assert "warning" not in ended.err


def test_payouts_that_the_sandbox_has_lost_are_noticed_and_paid_anew(
    cli: Any, payout_file: Any
) -> None:
    file = payout_file(5)
    cli("payouts", "run", file, "--sandbox", *FAST)
    file.with_suffix(".rehearsal.sandbox.state").unlink()
    ended = cli("payouts", "run", file, "--sandbox", *FAST)
    assert ended.status == 1
    assert "the API does not have it" in ended.err
    again = cli("payouts", "run", file, "--sandbox", *FAST)
    assert again.status == 0
    assert "sandbox ledger: 5 payouts, each reference once" in again.out


def test_a_ledger_that_does_not_fit_the_journal_is_noticed(cli: Any, payout_file: Any) -> None:
    file = payout_file(2)
    assert cli("payouts", "run", file, "--sandbox", *FAST).status == 0
    report = anyio.run(Report.from_journal, file.with_suffix(".rehearsal.journal"))
    with Sandbox() as empty:
        ledger = check_ledger(empty, report)
    assert ledger.payouts == 0
    assert [text.partition(":")[0] for text in ledger.disagreements] == ["row-0001", "row-0002"]


def test_a_short_balance_is_a_warning_or_with_strict_a_refusal(
    cli: Any, payout_file: Any, service: Any
) -> None:
    file = payout_file(["r1,bene_A,USD,INR,99999999999.00,neft,S1301"])
    service.sandbox.add_beneficiary("bene_A")
    strict = cli("payouts", "run", file, "--strict", *FAST)
    assert strict.status == 2
    assert "does not cover the total" in strict.err
    assert not any(one.method == "POST" for one in service.sandbox.requests)
    lenient = cli("payouts", "run", file, "--send-uncovered", *FAST)
    assert lenient.status == 1
    assert "warning" in lenient.err
    assert "INSUFFICIENT_BALANCE" in lenient.out


def test_rows_that_the_balance_does_not_cover_wait_for_funds(
    cli: Any, payout_file: Any, service: Any, results: Any
) -> None:
    service.sandbox.add_beneficiary("bene_A")
    amounts = ("600000000.00", "500000000.00", "300000000.00", "1.00")
    file = payout_file(
        [f"r{n},bene_A,USD,INR,{amount},neft,S1301" for n, amount in enumerate(amounts)]
    )
    ended = cli("payouts", "run", file, *FAST)
    assert ended.status == 1
    assert "1 row (USD 500,000,000.00) held back" in ended.err
    assert [row["status"] for row in results(file)] == [
        "accepted",
        "not_sent",
        "accepted",
        "accepted",
    ]
    assert len(service.sandbox.ledger.payouts) == 3
    # What is paid already takes nothing from the balance again.
    ended = cli("payouts", "run", file, *FAST)
    assert (ended.status, len(service.sandbox.ledger.payouts)) == (1, 3)
    assert "1 row (USD 500,000,000.00) held back" in ended.err
    service.sandbox.fund("USD", 100_000_000_000)
    again = cli("payouts", "run", file, *FAST)
    assert again.status == 0, again.text
    assert len(service.sandbox.ledger.payouts) == 4


def test_a_journal_and_a_name_of_ones_own(
    cli: Any, payout_file: Any, service: Any, tmp_path: Path
) -> None:
    file = payout_file(["r1,bene_A,USD,INR,10.00,neft,S1301"])
    service.sandbox.add_beneficiary("bene_A")
    journal = tmp_path / "kept" / "somewhere.journal"
    journal.parent.mkdir()
    ended = cli("payouts", "run", file, "--journal", journal, "--name", "payroll-11", *FAST)
    assert ended.status == 0, ended.text
    assert journal.exists()
    (paid,) = service.sandbox.ledger.payouts
    assert paid["request_id"].startswith("payroll-11.r1")


def test_rows_that_changed_after_they_were_paid_are_refused(
    cli: Any, payout_file: Any, service: Any
) -> None:
    service.sandbox.add_beneficiary("bene_A")
    file = payout_file(["r1,bene_A,USD,INR,10.00,neft,S1301"])
    assert cli("payouts", "run", file, *FAST).status == 0
    payout_file(["r1,bene_A,USD,INR,11.00,neft,S1301"])
    ended = cli("payouts", "run", file, *FAST)
    assert ended.status == 2
    assert "r1" in ended.err
    assert len(service.sandbox.ledger.payouts) == 1


def test_a_key_that_is_refused_leaves_every_row_unsent(
    cli: Any, payout_file: Any, results: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLOMO_API_KEY", "sk-unit")
    file = payout_file([f"r{n},bene_A,USD,INR,10.00,neft,S1301" for n in range(40)])
    with respx.mock(base_url="https://api.glomopay.com/api/v1", assert_all_called=False) as api:
        api.get("/balances").respond(json={"available": [], "pending": []})
        api.post("/payouts").respond(401, json={"message": "Invalid API key"})
        ended = cli("payouts", "run", file, "--yes", "--send-uncovered", *FAST)
    assert ended.status == 1
    assert "Invalid API key" in ended.err
    assert {row["status"] for row in results(file)} == {"not_sent"}
    assert "reconcile" not in ended.text


def test_a_balance_that_cannot_be_read_is_a_warning(
    cli: Any, payout_file: Any, live_api: Any
) -> None:
    live_api.get("/balances").respond(503, headers={"Retry-After": "0"})
    file = payout_file(["r1,bene_A,USD,INR,1250.00,neft,S1301"])
    ended = cli("payouts", "run", file, "--yes")
    assert ended.status == 0, ended.text
    assert "warning: the balance could not be read: 503" in ended.err
