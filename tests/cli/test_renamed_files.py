"""A file that was paid and is run again under another name: a batch of its own, and said so."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

ROWS = [f"r{n},bene_A,USD,INR,10.0{n},neft,S1301" for n in range(3)]


@pytest.fixture
def paid(cli: Any, service: Any, payout_file: Any) -> Any:
    """A file that is paid."""
    service.sandbox.add_beneficiary("bene_A")
    file = payout_file(ROWS)
    assert cli("payouts", "run", file).status == 0
    return file


def test_rows_that_another_batch_has_sent_are_warned_of(
    cli: Any, service: Any, payout_file: Any, paid: Any
) -> None:
    again = payout_file([*ROWS[:2], ROWS[2].replace("10.02", "77.00")], "corrected.csv")
    ended = cli("payouts", "run", again, "--strict")
    assert ended.status == 2
    assert "2 rows of this file (USD 20.01) went out before, as batch 'november'" in ended.err
    assert "will be paid again" in ended.err
    assert "--name 'november' --journal" in ended.err
    assert len(service.sandbox.ledger.payouts) == 3
    assert not again.with_suffix(".journal").exists()


def test_the_advice_pays_nothing_twice(cli: Any, service: Any, paid: Any) -> None:
    renamed = paid.rename(paid.with_name("renamed.csv"))
    journal = renamed.with_name("november.journal")
    ended = cli("payouts", "run", renamed, "--name", "november", "--journal", journal)
    assert ended.status == 0, ended.text
    assert "went out before" not in ended.err
    assert "nothing was left to pay" in ended.out
    assert len(service.sandbox.ledger.payouts) == 3


def test_other_rows_another_account_and_a_trial_are_no_concern(
    cli: Any, payout_file: Any, paid: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    december = payout_file([row.replace("10.0", "20.0") for row in ROWS], "december.csv")
    ended = cli("payouts", "run", december, "--strict")
    assert ended.status == 0, ended.text
    assert "went out before" not in ended.err
    copied = shutil.copy(paid, paid.with_name("copied.csv"))
    assert "went out before" not in cli("payouts", "run", copied, "--sandbox").err
    monkeypatch.setenv("GLOMO_API_KEY", "sk-of-another-kind")
    assert "went out before" not in cli("payouts", "run", copied).err


def test_a_run_that_goes_on_tells_what_was_settled_before(
    cli: Any, service: Any, payout_file: Any, paid: Any
) -> None:
    file = payout_file([*ROWS, "r9,bene_A,USD,INR,99.00,neft,S1301"])
    ended = cli("payouts", "run", file)
    assert ended.status == 0, ended.text
    assert "3 rows of these had been settled by earlier runs" in ended.out
    assert len(service.sandbox.ledger.payouts) == 4


@pytest.mark.parametrize(
    ("before", "now"),
    [
        pytest.param("0017", "17", id="zeros-lost"),
        pytest.param("INV-0017", "inv 17", id="case-and-hyphen"),
        pytest.param("12345678901234567890", "12345678901234500000", id="digits-rounded"),
    ],
)
def test_a_reference_that_a_spreadsheet_has_respelled_is_not_paid_again_unasked(
    cli: Any, service: Any, payout_file: Any, before: str, now: str
) -> None:
    service.sandbox.add_beneficiary("bene_A")
    rest = "bene_A,USD,INR,10.01,neft,S1301"
    file = payout_file([f"{before},{rest}", *ROWS])
    assert cli("payouts", "run", file, "--yes").status == 0
    payout_file([f"{now},{rest}", *ROWS])
    for option in ("--yes", "--strict"):
        ended = cli("payouts", "run", file, option)
        assert ended.status == 2
        assert f"row 2 has '{now}', and '{before}' of the same amount was sent" in ended.err
    assert len(service.sandbox.ledger.payouts) == 4
    planned = cli("payouts", "plan", file, "--json")
    assert f"batch 'november' has {before}" in planned.out
    assert cli("payouts", "run", file, "--yes", "--pay-again").status == 0
    assert len(service.sandbox.ledger.payouts) == 5
    assert "went out before" not in cli("payouts", "run", file, "--yes").err


def test_the_next_rows_of_a_batch_that_goes_on_are_paid_unasked(
    cli: Any, service: Any, payout_file: Any
) -> None:
    service.sandbox.add_beneficiary("bene_A")
    rows = [f"week-{week},bene_A,USD,INR,10.00,neft,S1301" for week in (9, 10, 90)]
    for row in rows:
        ended = cli("payouts", "run", payout_file([row]), "--yes")
        assert ended.status == 0, ended.text
    assert len(service.sandbox.ledger.payouts) == 3
    both = payout_file(
        ["0017,bene_A,USD,INR,10.01,neft,S1301", "17,bene_A,USD,INR,10.01,neft,S1301"]
    )
    assert cli("payouts", "run", both, "--yes").status == 0
    assert len(service.sandbox.ledger.payouts) == 5
