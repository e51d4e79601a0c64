"""Payouts are followed from accepted to settled, with few requests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import attrs
import pytest

from glomo import AsyncGlomo
from glomo.batch import Batch, Reconciliation, RowStatus, SQLiteJournal, Stop, identity_of
from glomo.batch.standing import Standing, Standings
from glomo.batch.tracking import record_payout, track
from glomo.instrumentation import CallEnded, Event
from glomo.sandbox import Sandbox, sandbox_key


class _Creates:
    """Moves a sandbox's clock at the end of each create, so that not all are of one moment."""

    sandbox: Sandbox | None = None

    def on_event(self, event: Event) -> None:
        if self.sandbox is not None and isinstance(event, CallEnded):
            self.sandbox.clock.advance(seconds=0.018)  # type: ignore[attr-defined]


_creates = _Creates()


@pytest.fixture
async def service() -> AsyncIterator[tuple[Sandbox, AsyncGlomo]]:
    with Sandbox(rate_limit=None) as sandbox, sandbox.serve() as server:
        # At the full second: times have no fractions on the wire, and how many payouts are of one
        # second decides how many pages are read.
        sandbox.clock.freeze(sandbox.clock().replace(microsecond=0))  # type: ignore[attr-defined]
        sandbox.add_beneficiary("bene_A")
        async with AsyncGlomo(
            sandbox_key(), base_url=server.base_url, rate_limit=None, observers=[_creates]
        ) as glomo:
            yield sandbox, glomo


async def paid(
    glomo: AsyncGlomo, folder: Path, rows: int, sandbox: Sandbox | None = None
) -> tuple[Path, Any]:
    batch = Batch.from_rows(
        [
            {
                "reference": f"r{n}",
                "beneficiary_id": "bene_A",
                "source_currency": "USD",
                "destination_currency": "INR",
                "source_amount": "10.00",
                "payment_rail": "neft",
                "purpose_code": "S1301",
            }
            for n in range(rows)
        ],
        name="november",
    )
    path = folder / "november.journal"
    _creates.sandbox = sandbox
    try:
        async for _ in batch.run(glomo, path, concurrency=4):
            pass
    finally:
        _creates.sandbox = None
    return path, identity_of(glomo, "november")


class Time:
    """Passes when somebody sleeps, on both sides."""

    def __init__(self, sandbox: Sandbox, step: float) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self._sandbox, self._step = sandbox, step

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        self._sandbox.clock.advance(seconds=self._step)  # type: ignore[attr-defined]


async def followed(glomo: AsyncGlomo, path: Path, identity: Any, **options: Any) -> list[Standings]:
    looks = track(glomo, lambda: SQLiteJournal(path), identity, **options)
    async with aclosing(looks):
        return [standings async for standings in looks]


def gets(sandbox: Sandbox) -> int:
    return sum(request.method == "GET" for request in sandbox.requests)


async def test_payouts_are_followed_by_the_page(service: Any, tmp_path: Path) -> None:
    sandbox, glomo = service
    path, identity = await paid(glomo, tmp_path, 250, sandbox)
    before = gets(sandbox)
    clock = Time(sandbox, step=300)
    looks = await followed(glomo, path, identity, clock=clock, sleep=clock.sleep)
    assert looks[0].rows[Standing.IN_PROGRESS] == 250
    assert looks[-1].settled
    assert looks[-1].totals[Standing.SETTLED]["USD"].minor == 250_000
    requests = list(sandbox.requests)[-(gets(sandbox) - before) :]
    assert {request.path.rpartition("/")[2] for request in requests} == {"payouts"}
    # Three pages at first, a probe when they have settled, three pages then and perhaps the end.
    assert gets(sandbox) - before <= 3 + 1 + 3 + 1


async def test_while_nothing_moves_one_page_is_read_and_less_and_less_often(
    service: Any, tmp_path: Path
) -> None:
    sandbox, glomo = service
    path, identity = await paid(glomo, tmp_path, 250, sandbox)
    before = gets(sandbox)
    clock = Time(sandbox, step=0)
    looks = await followed(
        glomo, path, identity, just_read=True, timeout=30, clock=clock, sleep=clock.sleep
    )
    assert not looks[-1].settled
    assert clock.slept == [5.0, 7.5, 11.25]
    assert gets(sandbox) - before == len(looks) == 3


async def test_what_waits_longest_does_not_hide_the_others(service: Any, tmp_path: Path) -> None:
    sandbox, glomo = service
    path, identity = await paid(glomo, tmp_path, 120)
    newest = await glomo.payouts.list().collect(limit=20)
    for payout in newest:
        await glomo.payouts.mock_update_status(payout.id, status="success")
    clock = Time(sandbox, step=0)
    looks = await followed(
        glomo, path, identity, just_read=True, timeout=600, clock=clock, sleep=clock.sleep
    )
    assert looks[-1].rows[Standing.SETTLED] == 20


async def test_a_payout_that_fails_is_failed_and_not_looked_for_again(
    service: Any, tmp_path: Path
) -> None:
    sandbox, glomo = service
    path, identity = await paid(glomo, tmp_path, 2)
    for status, payout in zip(
        ("failed", "success"), await glomo.payouts.list().collect(), strict=True
    ):
        await glomo.payouts.mock_update_status(payout.id, status=status)
    (look,) = await followed(glomo, path, identity)
    assert (look.rows[Standing.FAILED], look.rows[Standing.SETTLED]) == (1, 1)
    assert not look.moving
    before = gets(sandbox)
    await followed(glomo, path, identity)
    assert gets(sandbox) == before


async def test_a_webhook_tells_sooner(service: Any, tmp_path: Path) -> None:
    _, glomo = service
    path, identity = await paid(glomo, tmp_path, 1)
    (payout,) = await glomo.payouts.list().collect()
    await glomo.payouts.mock_update_status(payout.id, status="failed")
    payout = await glomo.payouts.retrieve(payout.id)
    journal = SQLiteJournal(path)
    await journal.open(identity)
    try:
        changed = await record_payout(journal, payout)
        assert changed is not None
        assert (changed.reference, changed.status) == ("r0", RowStatus.REJECTED)
        assert await record_payout(journal, payout) is None, "it is no news twice"
        stranger = await glomo.payouts.create(
            beneficiary_id="bene_A",
            source_currency="USD",
            destination_currency="INR",
            source_amount=500,
            payment_rail="neft",
            purpose_code="S1301",
        )
        assert await record_payout(journal, stranger) is None
    finally:
        await journal.close()


async def test_an_api_that_is_down_is_asked_again(service: Any, tmp_path: Path) -> None:
    sandbox, glomo = service
    path, identity = await paid(glomo, tmp_path, 3)
    sandbox.fail(503, operation="payouts.list", times=2)
    clock = Time(sandbox, step=300)
    async with AsyncGlomo(sandbox_key(), base_url=glomo.base_url, max_retries=0) as impatient:
        looks = await followed(impatient, path, identity, clock=clock, sleep=clock.sleep)
    assert looks[0].rows[Standing.IN_PROGRESS] == 3
    assert looks[-1].settled


async def test_it_ends_when_it_is_told_to(service: Any, tmp_path: Path) -> None:
    sandbox, glomo = service
    path, identity = await paid(glomo, tmp_path, 3)
    stop, clock = Stop(), Time(sandbox, step=0)
    stop.set()
    assert len(await followed(glomo, path, identity, stop=stop, sleep=clock.sleep)) == 1


async def test_the_journal_is_free_between_the_looks(service: Any, tmp_path: Path) -> None:
    sandbox, glomo = service
    path, identity = await paid(glomo, tmp_path, 3)
    clock = Time(sandbox, step=300)
    looks = track(glomo, lambda: SQLiteJournal(path), identity, clock=clock, sleep=clock.sleep)
    async with aclosing(looks):
        async for _ in looks:
            journal = SQLiteJournal(path)
            await journal.open(identity)
            await journal.close()


async def test_what_waits_for_days_costs_little(service: Any, tmp_path: Path) -> None:
    sandbox, glomo = service
    path, identity = await paid(glomo, tmp_path, 250, sandbox)
    before = gets(sandbox)
    clock = Time(sandbox, step=0)
    looks = await followed(
        glomo, path, identity, just_read=True, timeout=6000, clock=clock, sleep=clock.sleep
    )
    # All pages at the 6th look, the 12th, the 24th and so on; else what has waited longest.
    assert 96 < len(looks) < 192
    assert gets(sandbox) - before == len(looks) + 5 * (3 - 1)


async def test_times_in_which_nothing_waits_any_more_are_not_read(
    service: Any, tmp_path: Path
) -> None:
    sandbox, glomo = service
    path, identity = await paid(glomo, tmp_path, 600, sandbox)
    journal = SQLiteJournal(path)
    await journal.open(identity)
    entries = [entry async for entry in journal.accepted_entries()]
    await journal.write([attrs.evolve(one, payout_status="success") for one in entries[1:-1]])
    await journal.close()
    clock = Time(sandbox, step=0)
    before = gets(sandbox)
    await followed(glomo, path, identity, timeout=1, clock=clock, sleep=clock.sleep)
    assert gets(sandbox) - before <= 4, "not the six pages between them"


async def test_the_first_reading_of_all_pages_compares_the_payouts_with_what_was_asked(
    service: Any, tmp_path: Path
) -> None:
    sandbox, glomo = service
    path, identity = await paid(glomo, tmp_path, 250, sandbox)
    before = gets(sandbox)
    clock = Time(sandbox, step=300)
    reconciliations: list[Reconciliation] = []
    looks = await followed(
        glomo,
        path,
        identity,
        just_read=True,
        reconciled=reconciliations.append,
        clock=clock,
        sleep=clock.sleep,
    )
    assert looks[-1].settled
    [reconciliation] = reconciliations
    assert reconciliation.ok
    assert reconciliation.checked == 250
    # A page for a hundred, and the probes before.
    assert gets(sandbox) - before <= 3 + 2 * len(looks)


async def test_rows_that_are_at_their_end_are_compared_all_the_same(
    service: Any, tmp_path: Path
) -> None:
    sandbox, glomo = service
    path, identity = await paid(glomo, tmp_path, 3)
    sandbox.clock.advance(hours=1)
    assert (await followed(glomo, path, identity))[-1].settled
    reconciliations: list[Reconciliation] = []
    assert len(await followed(glomo, path, identity, reconciled=reconciliations.append)) == 1
    assert [one.checked for one in reconciliations] == [3]
