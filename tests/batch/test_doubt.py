"""What may have happened is called unknown until it is known, in this run and in later ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from glomo import AsyncGlomo, Money, errors
from glomo.batch import (
    Batch,
    Entry,
    JournalError,
    PayoutClaimedError,
    Report,
    RowStatus,
    SQLiteJournal,
    identity_of,
    journal_exists,
)
from glomo.batch.outcomes import Outcome
from glomo.batch.rows import canonical
from glomo.batch.sqlite_file import read_only
from glomo.batch.sqlite_history import history
from glomo.models.payouts import Payout
from glomo.sandbox import Sandbox

from .conftest import posts, row, rows, run


def entry(status: RowStatus, **changes: object) -> Entry:
    new_entry = Entry.of_row("b", next(iter(Batch.from_rows([row("row-0001")], name="b").plan())))
    return attrs.evolve(new_entry, status=status, **changes)


async def put(journal: Path, glomo: AsyncGlomo, *entries: Entry) -> None:
    book = SQLiteJournal(journal)
    await book.open(identity_of(glomo, "b"))
    await book.write(entries)
    await book.close()


REFUSED = Outcome(RowStatus.REJECTED, error_code="HTTP_400", error="no")
NOT_SENT = Outcome(RowStatus.NOT_SENT, error="could not connect", settled=False)


@pytest.mark.parametrize("outcome", [REFUSED, NOT_SENT])
def test_what_follows_an_attempt_without_a_response_is_never_taken_for_the_end(
    outcome: Outcome,
) -> None:
    after_doubt = outcome.apply_to(entry(RowStatus.UNKNOWN), earlier_unknown=True)
    assert after_doubt.open
    assert after_doubt.status is not RowStatus.NOT_SENT
    assert not outcome.apply_to(entry(RowStatus.UNKNOWN), earlier_unknown=False).open


async def test_a_refused_connection_after_a_lost_response_leaves_the_row_unknown(
    sandbox: Sandbox, make_client: Callable[..., AsyncGlomo], journal: Path, glomo: AsyncGlomo
) -> None:
    await put(journal, glomo, entry(RowStatus.UNKNOWN))
    sandbox.limit(operation="payouts.create", times=None)
    batch = Batch.from_rows(rows(1), name="b")
    [result] = await run(batch, make_client(max_retries=0, timeout=5), journal)
    assert result.status is RowStatus.UNKNOWN
    assert read_only(journal)[2][0].status is RowStatus.UNKNOWN
    # Taken out of the file, it is looked up all the same.
    sandbox.clear_faults()
    late = await late_commit(glomo)
    other = Batch.from_rows([row("row-0002")], name="b")
    results = {one.reference: one for one in await run(other, glomo, journal)}
    assert results["row-0001"].payout_id == late.id
    assert [gone.status for gone in other.report().removed] == [RowStatus.ACCEPTED]


async def late_commit(glomo: AsyncGlomo) -> Payout:
    """An attempt at the first row that comes through on its own."""
    late_entry = entry(RowStatus.NOT_SENT)
    return await glomo.payouts.create(**late_entry.parameters, request_id=late_entry.request_id)


async def refused_in_doubt(sandbox: Sandbox, glomo: AsyncGlomo, journal: Path) -> Batch:
    """A row whose first attempt has no response, and whose second one is refused."""
    await put(journal, glomo, entry(RowStatus.UNKNOWN))
    sandbox.add_beneficiary("bene_supplier", status="pending")
    batch = Batch.from_rows(rows(1), name="b")
    [result] = await run(batch, glomo, journal)
    sandbox.add_beneficiary("bene_supplier")
    assert (result.status, result.earlier_attempt_unknown) == (RowStatus.REJECTED, True)
    assert result.open
    assert batch.report().earlier_attempts_unknown == 1
    assert (await Report.from_journal(journal)).earlier_attempts_unknown == 1
    return batch


@pytest.mark.parametrize("listed", [True, False])
async def test_a_refusal_after_an_attempt_without_a_response_is_looked_up_by_every_later_run(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path, listed: bool
) -> None:
    await refused_in_doubt(sandbox, glomo, journal)
    again = Batch.from_rows(rows(1) if listed else [row("row-0002")], name="b")
    sent = posts(sandbox)
    await run(again, glomo, journal)
    assert posts(sandbox) == sent + (not listed)
    assert again.report().earlier_attempts_unknown == 1
    assert not again.report().ok
    # The first attempt comes through late, on its own.
    late = await late_commit(glomo)
    sent = posts(sandbox)
    results = {one.reference: one for one in await run(again, glomo, journal)}
    assert results["row-0001"].payout_id == late.id
    assert posts(sandbox) == sent
    assert again.report().ok


async def test_a_reconciliation_looks_up_what_is_open(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    batch = await refused_in_doubt(sandbox, glomo, journal)
    nothing = await batch.reconcile(glomo)
    assert [one.reference for one in nothing.open] == ["row-0001"]
    assert not nothing.ok
    late = await late_commit(glomo)
    reconciliation = await batch.reconcile(glomo)
    assert [one.payout_id for one in reconciliation.resolved] == [late.id]
    assert reconciliation.ok
    assert batch.report().ok


async def test_a_reconciliation_that_cannot_read_the_list_fails(
    sandbox: Sandbox, make_client: Callable[..., AsyncGlomo], journal: Path
) -> None:
    careful = make_client(max_retries=0)
    batch = Batch.from_rows(rows(5), name="b")
    await run(batch, careful, journal)
    sandbox.fail(503, operation="payouts.list", times=None)
    with pytest.raises(errors.ServerError):
        await batch.reconcile(careful)


async def test_two_rows_never_claim_one_payout(glomo: AsyncGlomo, journal: Path) -> None:
    one, two = (
        attrs.evolve(
            entry(RowStatus.ACCEPTED, payout_id="payout_1"),
            reference=reference,
            request_id=reference,
        )
        for reference in ("one", "two")
    )
    book = SQLiteJournal(journal)
    await book.open(identity_of(glomo, "b"))
    with pytest.raises(PayoutClaimedError, match="payout_1 by two") as refused:
        await book.write([one, two])
    assert refused.value.references == {"two"}
    assert await book.count() == 0
    await book.write([one])
    await book.write([one])
    with pytest.raises(PayoutClaimedError):
        await book.write([two])
    await book.close()


async def test_a_response_that_names_another_rows_payout_leaves_the_row_unknown(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Outcome] = []

    async def same(_: AsyncGlomo, entry: Entry) -> Outcome:
        """What a server does that shows one payout for every request, without its request_id."""
        payout = await glomo.payouts.create(**entry.parameters, request_id=entry.request_id)
        shown.append(Outcome.of(attrs.evolve(payout, request_id=None)))
        return shown[0]

    monkeypatch.setattr("glomo.batch.runner.send", same)
    batch = Batch.from_rows(rows(3), name="b")
    await run(batch, glomo, journal, concurrency=1)
    monkeypatch.undo()
    statuses = [one.status for one in batch.report().results]
    assert RowStatus.ACCEPTED in statuses
    ids = [one.payout_id for one in batch.report().results if one.payout_id]
    assert len(set(ids)) == len(ids)
    await run(batch, glomo, journal)
    assert batch.report().ok
    counts = sandbox.ledger.counts()
    assert [counts[one.request_id or ""] for one in batch.report().results] == [1, 1, 1]


async def test_every_generation_is_kept(sandbox: Sandbox, glomo: AsyncGlomo, journal: Path) -> None:
    batch = Batch.from_rows([row("a", beneficiary_id="bene_unknown_ifsc")], name="n")
    await run(batch, glomo, journal)
    await run(batch, glomo, journal, retry_failed=True)
    sandbox.add_beneficiary("bene_unknown_ifsc")
    await run(batch, glomo, journal, retry_failed=True)
    assert [(one.generation, one.status.value, one.error_code) for one in history(journal)] == [
        (1, "rejected", "INVALID_BENE_IFSC"),
        (2, "rejected", "INVALID_BENE_IFSC"),
    ]
    [now] = batch.report().results
    assert (now.generation, now.status) == (3, RowStatus.ACCEPTED)
    assert len({now.payout_id, *(one.payout_id for one in history(journal))}) == 3


async def test_results_tell_what_the_api_shows_of_a_payout(
    glomo: AsyncGlomo, journal: Path
) -> None:
    batch = Batch.from_rows(rows(1), name="b")
    await run(batch, glomo, journal)
    [result] = batch.report().results
    assert result.details["source_amount"] == 125_000
    assert result.details["destination_currency"] == "INR"
    assert result.payout_created_at is not None


# ------------------------------------------------------------ journals that are not sound


async def test_an_empty_file_counts_as_no_journal(glomo: AsyncGlomo, journal: Path) -> None:
    journal.touch()  # noqa: ASYNC240
    assert not journal_exists(journal)
    batch = Batch.from_rows(rows(1), name="b")
    await run(batch, glomo, journal)
    assert batch.report().ok
    assert journal_exists(journal)


async def test_a_start_that_was_killed_leaves_a_journal_that_the_next_run_can_use(
    glomo: AsyncGlomo, journal: Path
) -> None:
    connection = sqlite3.connect(journal)
    connection.execute("PRAGMA journal_mode = WAL")  # the header, and no schema yet
    connection.close()
    assert journal.stat().st_size > 0  # noqa: ASYNC240
    assert not journal_exists(journal)
    batch = Batch.from_rows(rows(1), name="b")
    await run(batch, glomo, journal)
    assert batch.report().ok


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE rows SET status = 'paid'",
        "UPDATE rows SET payload = replace(payload, '125000', '999')",
        "UPDATE rows SET payout_created_at = 'yesterday'",
        "UPDATE rows SET amount = 'much'",
        "UPDATE rows SET currency = 7",
        "UPDATE rows SET amount = amount + 1",
        "UPDATE rows SET currency = 'EUR'",
        "UPDATE rows SET request_id = x'ff'",
        "UPDATE rows SET payout_id = x'ff'",
        "UPDATE rows SET error_code = x'ff'",
        "UPDATE rows SET payout_details = x'ff'",
        "UPDATE rows SET payout_created_at = '2026-11-24'",
        "UPDATE rows SET payout_created_at = x'ff'",
        "UPDATE rows SET generation = 'x'",
    ],
)
async def test_damaged_values_are_said_clearly(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path, damage: str
) -> None:
    batch = Batch.from_rows(rows(1), name="b")
    await run(batch, glomo, journal)
    connection = sqlite3.connect(journal, isolation_level=None)
    connection.execute(damage)
    connection.close()
    sent = posts(sandbox)
    with pytest.raises(JournalError, match=r"is damaged at row 'row-0001': .*Nothing was sent"):
        await run(batch, glomo, journal)
    with pytest.raises(JournalError, match="is damaged at row 'row-0001'"):
        await Report.from_journal(journal)
    assert posts(sandbox) == sent


@pytest.mark.parametrize("status", ["not_sent", "unknown"])
async def test_a_row_whose_request_id_has_changed_is_not_sent(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path, status: str
) -> None:
    batch = Batch.from_rows(rows(1), name="b")
    await run(batch, glomo, journal)
    connection = sqlite3.connect(journal, isolation_level=None)
    connection.execute(
        "UPDATE rows SET request_id = 'another', payout_id = NULL, status = ?", (status,)
    )
    connection.close()
    sent = posts(sandbox)
    with pytest.raises(JournalError, match="is damaged at row 'row-0001': 'another' is not its"):
        await run(batch, glomo, journal)
    assert posts(sandbox) == sent


@pytest.mark.parametrize("value", ["5", "'2026-01-01T00:00:00'", "NULL", "x'ff'"])
async def test_a_journal_that_does_not_say_when_it_began_is_refused(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path, value: str
) -> None:
    batch = Batch.from_rows(rows(1), name="b")
    await run(batch, glomo, journal)
    connection = sqlite3.connect(journal, isolation_level=None)
    connection.execute(f"UPDATE meta SET value = {value} WHERE key = 'created_at'")
    connection.close()
    for read in (run(batch, glomo, journal), Report.from_journal(journal)):
        with pytest.raises(JournalError, match="is damaged"):
            await read


async def test_rows_are_marked_in_a_few_transactions_and_never_sent_unmarked(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    commits: list[int] = []

    class Counting(SQLiteJournal):
        def _commit(self, entries: object) -> None:
            commits.append(len(entries))  # type: ignore[arg-type]
            super()._commit(entries)  # type: ignore[arg-type]

    batch = Batch.from_rows(rows(200), name="b")
    await run(batch, glomo, Counting(journal), concurrency=20)
    assert batch.report().ok
    assert sum(commits) == 600  # registered, marked, settled
    assert len(commits) <= 1 + 2 * 200 // 20 + 20


def test_an_amount_is_kept_beside_the_payload() -> None:
    stored = entry(RowStatus.NOT_SENT)
    assert stored.amount == Money(125_000, "USD")
    assert canonical(stored.parameters) == stored.payload
