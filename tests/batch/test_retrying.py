"""Rejected rows again, removed rows, slices, and comparing with the API afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from glomo import AsyncGlomo, Money, request_id_for
from glomo.batch import (
    Batch,
    ChangedRowsError,
    Identity,
    RowStatus,
    SQLiteJournal,
    identity_of,
    run_rows,
)
from glomo.batch.rows import request_id_of
from glomo.batch.sqlite_file import read_only
from glomo.diagnosis import Remedy
from glomo.sandbox import Options, Sandbox

from .conftest import posts, row, rows, run


async def test_a_failed_payout_is_replaced_under_a_request_id_of_its_own(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    file_rows = [row("a"), row("b", beneficiary_id="bene_unknown_ifsc")]
    await run(Batch.from_rows(file_rows, name="n"), glomo, journal)
    # Asked again with the details unmended, it fails again.
    [event] = await run(Batch.from_rows(file_rows, name="n"), glomo, journal, retry_failed=True)
    assert event.error_code == "INVALID_BENE_IFSC"
    sandbox.add_beneficiary("bene_unknown_ifsc")
    batch = Batch.from_rows(file_rows, name="n")
    [event] = await run(batch, glomo, journal, retry_failed=True)
    assert event.status is RowStatus.ACCEPTED
    assert event.request_id == request_id_of("n", "b", 3)
    assert batch.report().ok
    statuses = [
        (sandbox.ledger.by_request_id(request_id_of("n", "b", n)) or {}).get("status")
        for n in (1, 2, 3, 4)
    ]
    assert statuses == ["failed", "failed", "in_progress", None]
    # And once it is paid, no retry touches it.
    sent = posts(sandbox)
    assert await run(batch, glomo, journal, retry_failed=True) == []
    assert posts(sandbox) == sent


async def test_a_rejected_row_may_be_corrected_in_the_file(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    await run(
        Batch.from_rows([row("a", beneficiary_id="bene_unknown_ifsc")], name="n"), glomo, journal
    )
    mended = Batch.from_rows([row("a")], name="n")
    with pytest.raises(ChangedRowsError, match="when rejected rows are sent again"):
        await run(mended, glomo, journal)
    await run(mended, glomo, journal, retry_failed=True)
    assert mended.report().ok
    assert [one["status"] for one in sandbox.ledger.payouts] == ["failed", "in_progress"]


async def test_a_row_that_was_refused_without_a_payout_keeps_its_request_id(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    short = row("a", source_currency="AUD", source_amount=..., source_amount_minor=2 * 10**14)
    batch = Batch.from_rows([short], name="n")
    [event] = await run(batch, glomo, journal)
    assert event.error_code == "INSUFFICIENT_BALANCE"
    sandbox.fund("AUD", 3 * 10**14)
    assert await run(batch, glomo, journal) == []
    [event] = await run(batch, glomo, journal, retry_failed=True)
    assert event.status is RowStatus.ACCEPTED
    assert event.request_id == request_id_for("n", "a")


async def test_a_rejected_row_that_was_paid_after_all_is_not_paid_again(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    short = row("a", source_currency="AUD", source_amount=..., source_amount_minor=2 * 10**14)
    batch = Batch.from_rows([short], name="n")
    await run(batch, glomo, journal)
    sandbox.fund("AUD", 9 * 10**14)
    # The first attempt comes through late, on its own.
    late = dict(batch.plan().rows[0].payload)
    payout = await glomo.payouts.create(**late, request_id=request_id_for("n", "a"))
    sent = posts(sandbox)
    [event] = await run(batch, glomo, journal, retry_failed=True)
    assert event.status is RowStatus.ACCEPTED
    assert event.payout_id == payout.id
    assert posts(sandbox) == sent


async def test_a_retry_that_cannot_look_up_leaves_the_row_rejected(
    sandbox: Sandbox, make_client: Callable[..., AsyncGlomo], journal: Path
) -> None:
    batch = Batch.from_rows([row("a", beneficiary_id="bene_unknown_ifsc")], name="n")
    await run(batch, make_client(), journal)
    sandbox.fail(503, operation="payouts.list", times=None)
    sent = posts(sandbox)
    [event] = await run(batch, make_client(max_retries=0), journal, retry_failed=True)
    assert event.error_code == "INVALID_BENE_IFSC"
    assert posts(sandbox) == sent
    assert batch.report().rejected == 1


async def test_a_removed_row_that_hangs_in_the_air_is_looked_up_but_not_sent(
    sandbox: Sandbox, make_client: Callable[..., AsyncGlomo], journal: Path, glomo: AsyncGlomo
) -> None:
    sandbox.fail(503, operation="payouts.list", times=None)
    sandbox.fail(503, operation="payouts.create", times=1)
    sandbox.lose_response(times=1)
    careful = make_client(max_retries=0)
    first = Batch.from_rows(rows(2), name="b")
    events = await run(first, careful, journal, concurrency=1)
    assert [event.status for event in events] == [RowStatus.UNKNOWN, RowStatus.UNKNOWN]
    [paid] = [one["request_id"] for one in sandbox.ledger.payouts]
    sandbox.clear_faults()
    sent = posts(sandbox)

    second = Batch.from_rows([row("row-0009")], name="b")
    await run(second, glomo, journal)
    report = second.report()
    assert report.accepted == len(report) == 1
    assert {one.request_id == paid: one.status.value for one in report.removed} == {
        True: "accepted",
        False: "unknown",
    }
    assert not report.ok
    assert posts(sandbox) == sent + 1


async def test_slices_of_a_batch_share_a_journal(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    plan = Batch.from_rows(rows(10), name="b").plan()
    book = SQLiteJournal(journal)
    await book.open(identity_of(glomo, "b"))
    for part in (plan.rows[:4], plan.rows[4:], plan.rows):
        async for _ in run_rows(glomo, book, part, name="b"):
            pass
    await book.close()
    batch = Batch.from_rows(rows(10), name="b")
    assert await run(batch, glomo, journal) == []
    assert batch.report().ok
    assert set(sandbox.ledger.counts().values()) == {1}


@pytest.mark.parametrize("count", [6, 60])
async def test_reconciling_finds_what_the_api_has(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path, count: int
) -> None:
    batch = Batch.from_rows(rows(count), name="b")
    await run(batch, glomo, journal)
    fine = await batch.reconcile(glomo)
    assert fine.ok
    assert fine.checked == count
    assert fine.statuses == {"in_progress": count}
    assert fine.debited == {"USD": Money(125_000 * count, "USD")}

    first, second = (one.payout_id or "" for one in batch.report().results[:2])
    await glomo.payouts.mock_update_status(first, status="failed")
    await glomo.payouts.mock_update_status(second, status="success")
    failed = await Batch.from_rows(rows(count), name="b").reconcile(glomo, journal)
    assert [one.reference for one in failed.failed] == ["row-0001"]
    assert not failed.ok
    assert failed.statuses == {"failed": 1, "success": 1, "in_progress": count - 2}
    assert failed.debited == {"USD": Money(125_000 * (count - 1), "USD")}

    # From then on it is rejected, and may be paid anew.
    again = Batch.from_rows(rows(count), name="b")
    [event] = await run(again, glomo, journal, retry_failed=True)
    assert (event.reference, event.status) == ("row-0001", RowStatus.ACCEPTED)
    assert (await again.reconcile(glomo)).ok


async def test_what_reconciling_finds_missing_or_different_is_repaired_by_running_again(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    batch = Batch.from_rows(rows(4), name="b")
    await run(batch, glomo, journal)
    right = [one.payout_id for one in batch.report().results]
    other = await glomo.payouts.create(
        beneficiary_id="bene_supplier",
        source_currency="USD",
        destination_currency="INR",
        source_amount=99_999_999,
        payment_rail="neft",
        purpose_code="S0017",
    )
    book = SQLiteJournal(journal)
    await book.open(identity_of(glomo, "b"))
    entries = {entry.reference: entry async for entry in book.entries()}
    await book.write(
        [
            attrs.evolve(entries["row-0001"], payout_id="payout_gone"),
            attrs.evolve(entries["row-0002"], payout_id=other.id),
        ]
    )
    await book.close()
    reconciliation = await batch.reconcile(glomo)
    assert [result.reference for result in reconciliation.missing] == ["row-0001"]
    [(row, differences)] = reconciliation.mismatches
    assert row.reference == "row-0002"
    assert "source_amount (asked 125000, exists 99999999)" in differences
    assert "request_id (asked" in differences
    assert not reconciliation.ok
    assert [one.status for one in batch.report().results] == [
        *[RowStatus.UNKNOWN] * 2,
        *[RowStatus.ACCEPTED] * 2,
    ]

    sent = posts(sandbox)
    await run(batch, glomo, journal)
    assert [one.payout_id for one in batch.report().results] == right
    assert posts(sandbox) == sent
    assert (await batch.reconcile(glomo)).ok


async def test_the_journal_says_whose_it_is(glomo: AsyncGlomo, journal: Path) -> None:
    await run(Batch.from_rows(rows(1), name="b"), glomo, journal)
    identity, _, [entry] = read_only(journal)
    assert identity == Identity("b", glomo.base_url, "sandbox", "merchant_sandbox")
    assert (entry.status, entry.generation) == (RowStatus.ACCEPTED, 1)


async def test_what_compliance_rejected_is_not_sent_again(
    make_client: Callable[..., AsyncGlomo], journal: Path
) -> None:
    sandbox = Sandbox(options=Options(screening=True, settle_after=None), rate_limit=None)
    sandbox.add_beneficiary("bene_supplier")
    glomo = make_client(of=sandbox)
    batch = Batch.from_rows(rows(1), name="b")
    [event] = await run(batch, glomo, journal)
    sandbox.reject(event.payout_id or "")
    assert [one.error_code for one in (await batch.reconcile(glomo)).failed] == ["PAYOUT_REJECTED"]
    sent = posts(sandbox)
    assert await run(batch, glomo, journal, retry_failed=True) == []
    assert posts(sandbox) == sent
    [rejected] = batch.report().results
    assert rejected.advice is not None
    assert rejected.advice.remedies == (Remedy.DO_NOT_RESEND,)
