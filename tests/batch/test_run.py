"""Running a batch: what users rely on when all is well, and when rows are refused."""

from __future__ import annotations

import csv
import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from glomo import AsyncGlomo, Money, errors, request_id_for
from glomo.batch import (
    Batch,
    BatchError,
    ChangedRow,
    ChangedRowsError,
    HaltedError,
    PlanError,
    Report,
    RowStatus,
)
from glomo.batch.sqlite_file import read_only
from glomo.sandbox import Clock, Sandbox

from .conftest import names, posts, row, rows, run, write_csv


async def test_a_file_is_paid_as_the_example_shows(
    tmp_path: Path, sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    file_rows = [
        *rows(20),
        row("row-0021", beneficiary_id="bene_unknown_ifsc"),
        row("row-0022", source_currency="EUR", source_amount="401.00"),
    ]
    batch = Batch.from_csv(write_csv(tmp_path / "november.csv", file_rows), name="payroll-2026-11")
    plan = batch.plan()
    assert plan.totals == {
        "EUR": Money.of("401.00", "EUR"),
        "USD": Money.of("26250.00", "USD"),
    }

    lines = [str(event) async for event in batch.run(glomo, journal=journal)]

    report = batch.report()
    assert report.accepted + report.rejected == len(plan) == len(report) == 22
    assert report.rejected == 1
    assert not report.ok
    assert report.discrepancies == ()
    assert "rejected row-0021 INVALID_BENE_IFSC" in lines
    payouts = sandbox.ledger.by_request_id(request_id_for("payroll-2026-11", "row-0017"))
    assert payouts is not None
    assert f"accepted row-0017 {payouts['id']}" in lines
    assert sandbox.ledger.totals() == {"USD": 2_500_000, "EUR": 40_100}


async def test_every_field_of_a_row_arrives(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    full = row(
        "INV 17/é",
        source_amount=...,
        destination_amount_minor=8_235_000,
        purpose_code="S1005",
        invoice_number="INV-17",
        documents="doc_1;doc_2",
        **{"notes.department": "R&D\nBerlin"},
    )
    batch = Batch.from_rows([full], name="b")
    await run(batch, glomo, journal)
    [payout] = sandbox.ledger.payouts
    assert payout["request_id"] == request_id_for("b", "INV 17/é")
    assert payout["destination_amount"] == 8_235_000
    assert payout["destination_currency"] == "INR"
    assert payout["source_currency"] == "USD"
    assert payout["payment_rail"] == "neft"
    assert payout["purpose_code"] == "S1005"
    assert payout["invoice_number"] == "INV-17"
    assert [one["id"] for one in payout["documents"]] == ["doc_1", "doc_2"]
    assert payout["notes"] == {"department": "R&D\nBerlin"}
    assert batch.report().totals == {RowStatus.ACCEPTED: {"INR": Money(8_235_000, "INR")}}


async def test_a_finished_batch_sends_nothing_when_it_is_run_again(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    file_rows = [*rows(5), row("bad", beneficiary_id="bene_unknown_ifsc")]
    await run(Batch.from_rows(file_rows, name="b"), glomo, journal)
    before = len(sandbox.requests)
    again = Batch.from_rows(file_rows, name="b")
    assert await run(again, glomo, journal) == []
    assert len(sandbox.requests) == before
    assert (again.report().accepted, again.report().rejected) == (5, 1)
    assert again.progress.already == again.progress.done == 6


async def test_rows_that_were_added_are_paid_and_rows_that_were_removed_are_remembered(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    file_rows = rows(4)
    await run(Batch.from_rows(file_rows[:3], name="b"), glomo, journal)
    changed = Batch.from_rows(file_rows[1:], name="b")
    events = await run(changed, glomo, journal)
    assert [event.reference for event in events] == ["row-0004"]
    report = changed.report()
    assert [one.reference for one in report.results] == ["row-0002", "row-0003", "row-0004"]
    assert [one.number for one in report.results] == [1, 2, 3]
    assert [one.reference for one in report.removed] == ["row-0001"]
    assert report.ok
    assert len(sandbox.ledger.payouts) == 4


async def test_rejections_say_why_and_what_to_do(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    sandbox.add_beneficiary("bene_pending", status="pending")
    file_rows = [
        row("ifsc", beneficiary_id="bene_unknown_ifsc"),
        row("short", source_currency="AUD", source_amount_minor=10**14, source_amount=...),
        row("pending", beneficiary_id="bene_pending"),
        row("nobody", beneficiary_id="bene_nobody"),
    ]
    batch = Batch.from_rows(file_rows, name="b")
    events = {event.reference: event for event in await run(batch, glomo, journal)}
    assert all(event.status is RowStatus.REJECTED for event in events.values())
    assert events["ifsc"].payout_status == "failed"
    assert events["ifsc"].error_code == "INVALID_BENE_IFSC"
    assert str(events["ifsc"].advice) == (
        "the bank does not know this IFSC: correct the beneficiary, then send rejected rows again"
    )
    assert events["short"].error_code == "INSUFFICIENT_BALANCE"
    assert "add funds" in str(events["short"].advice)
    assert "verification is pending" in (events["pending"].error or "")
    assert (events["nobody"].error_code, events["nobody"].payout_id) == ("HTTP_404", None)
    assert batch.report().rejected == 4


async def test_a_refused_key_stops_the_run_and_leaves_the_rest_unsent(
    sandbox: Sandbox, make_client: Callable[..., AsyncGlomo], journal: Path, glomo: AsyncGlomo
) -> None:
    strict = Sandbox(keys=["another"], rate_limit=None)
    batch = Batch.from_rows(rows(50), name="b")
    with pytest.raises(errors.AuthenticationError):
        await run(batch, make_client(of=strict), journal, concurrency=4)
    assert posts(strict) <= 4
    assert batch.report().not_sent == 50
    # With a key that is accepted, the same journal goes on.
    await run(batch, glomo, journal)
    assert batch.report().ok


async def test_an_api_that_does_not_answer_stops_the_run(
    sandbox: Sandbox, make_client: Callable[..., AsyncGlomo], journal: Path, glomo: AsyncGlomo
) -> None:
    sandbox.fail(503, times=None)
    batch = Batch.from_rows(rows(200), name="b")
    with pytest.raises(HaltedError, match="run it again"):
        await run(batch, make_client(max_retries=0), journal, concurrency=4)
    report = batch.report()
    assert report.unknown > 0
    assert report.not_sent > 100
    assert report.unknown + report.not_sent == 200
    sandbox.clear_faults()
    await run(batch, glomo, journal)
    assert batch.report().ok
    assert set(sandbox.ledger.counts().values()) == {1}
    assert len(sandbox.ledger.payouts) == 200


async def test_rows_that_cannot_be_sent_are_tried_again_and_then_reported(
    sandbox: Sandbox, make_client: Callable[..., AsyncGlomo], journal: Path
) -> None:
    sandbox.limit("payouts.create", times=None)
    batch = Batch.from_rows(rows(3), name="b")
    events = await run(batch, make_client(timeout=5), journal)
    assert [event.status for event in events] == [RowStatus.NOT_SENT] * 3
    assert all("429" in str(event) for event in events)
    assert batch.report().not_sent == 3
    _, _, entries = read_only(journal)
    assert {entry.status for entry in entries} == {RowStatus.NOT_SENT}
    assert sandbox.ledger.payouts == []


async def test_an_unknown_outcome_is_looked_up_before_anything_is_sent_again(
    sandbox: Sandbox, make_client: Callable[..., AsyncGlomo], journal: Path, glomo: AsyncGlomo
) -> None:
    sandbox.lose_response(times=None)
    sandbox.fail(500, operation="payouts.list", times=None)
    batch = Batch.from_rows(rows(1), name="b")
    [event] = await run(batch, make_client(max_retries=0), journal)
    assert event.status is RowStatus.UNKNOWN
    assert batch.report().unknown == 1
    assert not batch.report().ok
    assert len(sandbox.ledger.payouts) == 1

    sandbox.clear_faults()
    sent = posts(sandbox)
    [event] = await run(batch, glomo, journal)
    assert event.status is RowStatus.ACCEPTED
    assert event.payout_id == sandbox.ledger.payouts[0]["id"]
    assert posts(sandbox) == sent


async def test_an_unknown_outcome_is_cleared_up_within_the_run_if_it_can_be(
    sandbox: Sandbox, make_client: Callable[..., AsyncGlomo], journal: Path
) -> None:
    sandbox.fail(503, operation="payouts.create", times=1)
    sandbox.fail(503, operation="payouts.list", times=1)
    batch = Batch.from_rows(rows(1), name="b")
    events = await run(batch, make_client(max_retries=0), journal)
    assert [event.status for event in events] == [RowStatus.ACCEPTED]
    assert batch.report().ok
    assert len(sandbox.ledger.payouts) == 1


async def test_a_request_id_that_pays_something_else_is_never_sent_again(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    await glomo.payouts.create(
        beneficiary_id="bene_supplier",
        source_currency="USD",
        destination_currency="INR",
        source_amount=999,
        payment_rail="neft",
        purpose_code="S0017",
        request_id=request_id_for("b", "row-0001"),
    )
    batch = Batch.from_rows(rows(1), name="b")
    [event] = await run(batch, glomo, journal)
    [existing] = sandbox.ledger.payouts
    assert event.error_code == "IDEMPOTENCY_CONFLICT"
    assert f"belongs to payout {existing['id']}: source_amount" in (event.error or "")
    assert "source_amount" in (event.error or "")
    sent = posts(sandbox)
    # It is looked up again, as the API may have shown the payout wrongly, and never sent.
    assert await run(batch, glomo, journal, retry_failed=True) == [event]
    assert posts(sandbox) == sent


async def test_payouts_that_are_older_than_the_journal_are_pointed_out(
    make_client: Callable[..., AsyncGlomo], tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    sandbox = Sandbox(clock=Clock(now - timedelta(days=30)), rate_limit=None)
    sandbox.add_beneficiary("bene_supplier")
    glomo = make_client(of=sandbox)
    await run(Batch.from_rows(rows(1), name="payouts"), glomo, tmp_path / "october.journal")
    sandbox.clock.set(now)
    again = Batch.from_rows(rows(2), name="payouts")
    await run(again, glomo, tmp_path / "november.journal")
    assert [one.reference for one in again.report().existing] == ["row-0001"]
    assert len(sandbox.ledger.payouts) == 2


async def test_results_hold_every_row_and_no_formula(
    tmp_path: Path, glomo: AsyncGlomo, journal: Path
) -> None:
    file_rows = [
        row("=HYPERLINK(1)", beneficiary_id="bene_unknown_ifsc"),
        row("-17"),
        row("@sum", source_amount=..., destination_amount="82350.00"),
    ]
    batch = Batch.from_csv(write_csv(tmp_path / "n.csv", file_rows))
    await run(batch, glomo, journal)
    path = batch.report().write_csv(tmp_path / "n.results.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.DictReader(file))
    assert [one["reference"] for one in written] == ["'=HYPERLINK(1)", "'-17", "'@sum"]
    assert [one["row"] for one in written] == ["2", "3", "4"]
    assert [one["status"] for one in written] == ["rejected", "accepted", "accepted"]
    assert [(one["amount"], one["currency"]) for one in written] == [
        ("1250.00", "USD"),
        ("1250.00", "USD"),
        ("82350.00", "INR"),
    ]
    assert written[0]["error_code"] == "INVALID_BENE_IFSC"
    assert written[1]["request_id"] == request_id_for("n", "-17")
    assert written[1]["payout_status"] == "in_progress"
    assert not any(name.endswith(".tmp") for name in names(tmp_path))


async def test_the_results_file_is_replaced_whole_or_not_at_all(
    tmp_path: Path, glomo: AsyncGlomo, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = Batch.from_rows(rows(3), name="b")
    await run(batch, glomo, journal)
    path = tmp_path / "b.results.csv"
    path.write_text("what was there")

    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("glomo.batch.report.os.fsync", fails)
    with pytest.raises(OSError, match="disk full"):
        batch.report().write_csv(path)
    assert path.read_text() == "what was there"
    assert not any(name.endswith(".tmp") for name in names(tmp_path))


async def test_a_journal_can_be_read_without_running(glomo: AsyncGlomo, journal: Path) -> None:
    batch = Batch.from_rows([*rows(3), row("x", beneficiary_id="bene_unknown_ifsc")], name="b")
    seen: list[int] = []
    async for _ in batch.run(glomo, journal, concurrency=1):
        report = await Report.from_journal(journal)
        seen.append(len(report))
    assert seen == [4, 4, 4, 4]
    report = await Report.from_journal(journal)
    assert (report.name, report.accepted, report.rejected) == ("b", 3, 1)


async def test_a_report_needs_a_run(glomo: AsyncGlomo) -> None:
    batch = Batch.from_rows(rows(1), name="b")
    with pytest.raises(BatchError, match="run it first"):
        batch.report()
    with pytest.raises(BatchError, match="name the journal"):
        await batch.reconcile(glomo)


async def test_a_wrong_file_sends_nothing_and_writes_no_journal(
    tmp_path: Path, sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    file_rows = [*rows(3), row("row-0004", source_amount="1250")]
    batch = Batch.from_csv(write_csv(tmp_path / "n.csv", file_rows))
    with pytest.raises(PlanError, match="row 5, source_amount '1250'"):
        await run(batch, glomo, journal)
    assert len(sandbox.requests) == 0
    assert names(tmp_path) == ["n.csv"]


def test_every_error_pickles() -> None:
    with pytest.raises(PlanError) as refused:
        Batch.from_rows([row("a", source_amount="1")], name="b").plan()
    copy = pickle.loads(pickle.dumps(refused.value))
    assert (str(copy), copy.problems) == (str(refused.value), refused.value.problems)
    change = ChangedRow(2, "a", "accepted", {"source_amount": (1, 2)})
    changed = pickle.loads(pickle.dumps(ChangedRowsError([change])))
    assert changed.changes == (change,)
    assert "row 2, a (accepted): source_amount was 1, is now 2" in str(changed)
