"""After the last row, what was paid is read again."""

from __future__ import annotations

import io
import json
from collections import Counter
from typing import Any

import anyio
import pytest
from rich.console import Console

from glomo import AsyncGlomo
from glomo.batch import Reconciliation, RowResult, RowStatus
from glomo.cli.output.reports import show_reconciliation
from glomo.money import Money

FAST = ("--rate-limit", 0)


@pytest.fixture
def paid(cli: Any, payout_file: Any, service: Any) -> Any:
    """A file of 20 payouts that were accepted."""
    service.sandbox.add_beneficiary("bene_A")
    file = payout_file([f"r{n},bene_A,USD,INR,10.00,neft,S1301" for n in range(20)])
    ended = cli("payouts", "run", file, *FAST)
    assert ended.status == 0, ended.text
    assert "reconciled with the API: 20 payouts   USD 200.00" in ended.out
    return file


def request_counts(service: Any) -> Counter[str]:
    return Counter(one.method for one in service.sandbox.requests if "payouts" in one.path)


def bank_fails(service: Any, payout_id: str) -> None:
    async def fail() -> None:
        async with AsyncGlomo(service.key, base_url=service.base_url) as glomo:
            await glomo.payouts.mock_update_status(payout_id, status="failed")

    anyio.run(fail)


def test_a_finished_batch_is_read_again_and_nothing_is_sent(
    cli: Any, paid: Any, service: Any, results: Any
) -> None:
    before, rows = request_counts(service), results(paid)
    ended = cli("payouts", "run", paid, *FAST)
    assert ended.status == 0, ended.text
    assert "reconciled with the API: 20 payouts   USD 200.00" in ended.out
    assert request_counts(service) - before == {"GET": 1}
    assert results(paid) == rows


def test_a_payout_that_failed_at_the_bank_is_shown_and_paid_again_on_request(
    cli: Any, paid: Any, service: Any, results: Any
) -> None:
    lost = results(paid)[7]
    bank_fails(service, lost["payout_id"])
    posted = request_counts(service)["POST"]
    for command in ("payouts", "run", paid, *FAST), ("payouts", "status", paid):
        ended = cli(*command)
        assert ended.status == 1
        assert "row 9   r7   USD 10.00" in ended.out
        [row] = [row for row in results(paid) if row["status"] == "rejected"]
        assert (row["reference"], row["payout_status"]) == ("r7", "failed")
        assert row["payout_id"] == lost["payout_id"]
        if "run" in command:
            assert "reconciled with the API: 1 of 20 payouts not as accepted" in ended.err
            assert f"row 9   r7   USD 10.00   {lost['payout_id']}   failed after" in ended.err
    # It was told once; the row stays rejected until it is asked for.
    ended = cli("payouts", "run", paid, *FAST)
    assert ended.status == 1
    assert "reconciled with the API: 19 payouts   USD 190.00" in ended.out
    assert request_counts(service)["POST"] == posted

    ended = cli("payouts", "run", paid, "--retry-failed", *FAST)
    assert ended.status == 0, ended.text
    assert "reconciled with the API: 20 payouts   USD 200.00" in ended.out
    assert request_counts(service)["POST"] == posted + 1
    assert results(paid)[7]["request_id"] != lost["request_id"]
    assert set(service.sandbox.ledger.counts().values()) == {1}


def test_the_response_to_another_request_is_not_believed(
    cli: Any, payout_file: Any, service: Any, results: Any
) -> None:
    service.sandbox.add_beneficiary("bene_A")
    file = payout_file([f"r{n},bene_A,USD,INR,{n}0.00,neft,S1301" for n in range(1, 7)])
    service.sandbox.wrong_object(times=3)
    ended = cli("payouts", "run", file, *FAST)
    assert ended.status == 0, ended.text
    ledger = service.sandbox.ledger
    assert set(ledger.counts().values()) == {1}
    for row in results(file):
        assert row["payout_id"] == ledger.by_request_id(row["request_id"])["id"]


@pytest.mark.parametrize("bene", ["bene_A", "bene_bad"])
def test_a_run_that_cannot_be_reconciled_does_not_end_well(
    cli: Any, payout_file: Any, service: Any, results: Any, bene: str
) -> None:
    service.sandbox.add_beneficiary("bene_A")
    service.sandbox.add_beneficiary("bene_bad", bank_error="INVALID_BENE_IFSC")
    lines = [f"r{n},bene_A,USD,INR,10.00,neft,S1301" for n in range(5)]
    file = payout_file([*lines, f"last,{bene},USD,INR,10.00,neft,S1301"])
    service.sandbox.garbage(operation="payouts.list", times=None)
    ended = cli("payouts", "run", file, *FAST)
    assert ended.status == 1, ended.text
    [line] = [line for line in ended.err.splitlines() if "reconcile" in line]
    assert line.startswith("could not reconcile with the API: ")
    assert "reconciled" not in ended.out
    assert len(results(file)) == 6


def test_a_failed_reconciliation_is_an_event_for_programs(
    cli: Any, payout_file: Any, service: Any
) -> None:
    service.sandbox.add_beneficiary("bene_A")
    file = payout_file(["r1,bene_A,USD,INR,10.00,neft,S1301"])
    service.sandbox.garbage(operation="payouts.list", times=None)
    ended = cli("payouts", "run", file, *FAST, "--json")
    assert (ended.status, ended.err) == (1, "")
    events = [json.loads(line) for line in ended.out.splitlines()]
    (error,) = [event["error"] for event in events if event["event"] == "error"]
    assert error["message"].startswith("could not reconcile with the API: ")


def test_rows_that_are_open_or_were_resolved_are_shown() -> None:
    def row(reference: str) -> RowResult:
        return RowResult(2, reference, RowStatus.UNKNOWN, Money(1000, "USD"))

    def shown(**fields: Any) -> str:
        outcome = Reconciliation(
            **{
                "checked": 0,
                "missing": (),
                "mismatches": (),
                "failed": (),
                "resolved": (),
                "open": (),
                "statuses": {},
                "debited": {},
                **fields,
            }
        )
        console = Console(file=io.StringIO(), width=120)
        show_reconciliation(console, console, outcome)
        assert isinstance(console.file, io.StringIO)
        return console.file.getvalue()

    assert shown() == ""
    assert "1 row whose outcome was unknown: it is known now" in shown(resolved=(row("r1"),))
    text = shown(open=(row("r1"),), checked=3)
    assert "1 of 3 payouts not as accepted" in text
    assert "may have been paid: the next run finds out" in text
