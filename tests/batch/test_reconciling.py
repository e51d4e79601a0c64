"""What becomes of a payout after it was accepted: read again, written down, never sent twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest

from glomo import AsyncGlomo, Money
from glomo.batch import Batch, Entry, Report, RowStatus
from glomo.batch.reconcile import restated
from glomo.batch.rows import request_id_of
from glomo.models.payouts import Payout, PayoutStatus
from glomo.sandbox import Sandbox

from .conftest import posts, rows, run


def reads(sandbox: Sandbox) -> list[str]:
    """What was read of payouts, in order."""
    return [one.path for one in sandbox.requests if one.method == "GET" and "payouts" in one.path]


async def test_a_payout_that_fails_later_is_rejected_and_sent_again_only_on_request(
    sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    first = Batch.from_rows(rows(5), name="b")
    await run(first, glomo, journal)
    lost = first.report().results[2]
    await glomo.payouts.mock_update_status(lost.payout_id or "", status="failed")
    sent = posts(sandbox)

    # A rerun alone asks nothing; reconciling finds out and writes it down.
    rerun = Batch.from_rows(rows(5), name="b")
    assert await run(rerun, glomo, journal) == []
    assert rerun.report().ok
    reconciliation = await rerun.reconcile(glomo)
    assert [one.reference for one in reconciliation.failed] == [lost.reference]
    for report in (rerun.report(), await Report.from_journal(journal)):
        [rejected] = report.of(RowStatus.REJECTED)
        assert (rejected.reference, rejected.payout_id) == (lost.reference, lost.payout_id)
        assert rejected.payout_status == "failed"
        assert rejected.error_code or rejected.error

    # Nobody has asked for it to be sent again.
    again = Batch.from_rows(rows(5), name="b")
    assert await run(again, glomo, journal) == []
    assert (await again.reconcile(glomo)).ok
    assert posts(sandbox) == sent
    assert again.report().rejected == 1

    [event] = await run(again, glomo, journal, retry_failed=True)
    assert event.status is RowStatus.ACCEPTED
    assert event.request_id == request_id_of("b", lost.reference, 2) != lost.request_id
    assert (await again.reconcile(glomo)).ok
    assert again.report().ok
    for retry in (False, True):
        assert await run(again, glomo, journal, retry_failed=retry) == []
    assert posts(sandbox) == sent + 1
    assert set(sandbox.ledger.counts().values()) == {1}


async def test_reconciling_takes_a_page_for_a_hundred_and_skips_the_time_between(
    glomo: AsyncGlomo, sandbox: Sandbox, journal: Path
) -> None:
    await run(Batch.from_rows(rows(8), name="b"), glomo, journal)
    sandbox.clock.advance(timedelta(days=2))
    # Another's payouts in between: to walk them all would take pages.
    await run(Batch.from_rows(rows(250), name="other"), glomo, journal.with_name("other.journal"))
    sandbox.clock.advance(timedelta(days=2))
    full_batch = Batch.from_rows(rows(16), name="b")
    await run(full_batch, glomo, journal)
    before = len(reads(sandbox))
    reconciliation = await full_batch.reconcile(glomo)
    assert reconciliation.ok
    assert reconciliation.checked == 16
    assert len(reads(sandbox)) == before + 2


async def test_a_busy_account_is_not_walked_for_a_few_payouts(
    glomo: AsyncGlomo, sandbox: Sandbox, journal: Path
) -> None:
    own_batch = Batch.from_rows(rows(4), name="b")
    await run(own_batch, glomo, journal)
    await run(Batch.from_rows(rows(900), name="other"), glomo, journal.with_name("other.journal"))
    before = len(reads(sandbox))
    assert (await own_batch.reconcile(glomo, journal)).ok
    # No more than a page and a payout each, and one page that was read ahead.
    assert len(reads(sandbox)) <= before + 4 + 4 + 1


ENTRY = Entry(
    reference="r",
    number=2,
    generation=1,
    request_id="q",
    payload="{}",
    digest="d",
    amount=Money(1, "USD"),
    status=RowStatus.ACCEPTED,
    payout_id="payout_1",
    payout_status="in_progress",
    payout_created_at=datetime(2026, 11, 1, tzinfo=UTC),
)


def payout(status: str, payout_id: str = "payout_1") -> Payout:
    return Payout(id=payout_id, status=PayoutStatus(status))


@pytest.mark.parametrize("state", [state for state in RowStatus if state is not RowStatus.ACCEPTED])
@pytest.mark.parametrize("status", ["success", "failed"])
def test_only_what_was_accepted_is_restated(state: RowStatus, status: str) -> None:
    entry = attrs.evolve(ENTRY, status=state)
    assert restated(entry, payout(status)) == entry


def test_another_payout_restates_nothing() -> None:
    assert restated(ENTRY, payout("failed", "payout_2")) == ENTRY


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_a_payout_without_a_time_leaves_the_time_that_is_known(status: str) -> None:
    now = restated(ENTRY, payout(status))
    assert (now.status, now.payout_created_at) == (RowStatus.REJECTED, ENTRY.payout_created_at)
