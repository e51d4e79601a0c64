"""Comparing the journal with what the API has, after the fact.

Accepted rows are compared with their payouts, rows without a response are looked up, and the
journal is put right: a payout that has failed since makes its row rejected, one that is not what
was asked makes it unknown, so that running the batch again repairs it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from attrs import define, evolve, field, frozen

from glomo.client import AsyncGlomo
from glomo.models.payouts import Payout
from glomo.money import Money

from .account import knows_payouts
from .errors import PayoutClaimedError
from .journal import Entry, Journal, RowStatus
from .outcomes import Outcome, compare, look_up
from .results import RowResult
from .totals import Totals
from .walking import match_payouts

_WRITE = 500


@frozen
class Reconciliation:
    """What the API has of the rows that the journal has as accepted.

    Attributes:
        checked: how many accepted rows were compared.
        missing: rows whose payout the API does not have. They are unknown from now on, unless this
            may be another account: the API has none of the payouts, and the key does not say whose
            it is. Then nothing is changed.
        mismatches: rows whose payout is not what was asked, with the differences. They are unknown
            from now on: running the batch again finds the right payout, or pays it.
        failed: rows whose payout has failed or was cancelled since; they are rejected from now on.
        resolved: rows whose outcome was unknown and is known now.
        open: rows of which a payout may still exist that the journal does not know.
        statuses: how many payouts have which status.
        debited: what leaves the balances for payouts that are neither failed nor cancelled, without
            fees, by source currency.
    """

    checked: int
    missing: tuple[RowResult, ...]
    mismatches: tuple[tuple[RowResult, str], ...]
    failed: tuple[RowResult, ...]
    resolved: tuple[RowResult, ...]
    open: tuple[RowResult, ...]
    statuses: Mapping[str, int]
    debited: Mapping[str, Money]

    @property
    def ok(self) -> bool:
        """Whether every accepted row has its payout, as asked and not failed, and none is open."""
        return not (self.missing or self.mismatches or self.failed or self.open)


async def reconcile(
    glomo: AsyncGlomo, journal: Journal, *, own_account: bool = False
) -> Reconciliation:
    """Read the payouts of every accepted row again, and note in the journal how they stand.

    Rows that are unknown, or rejected after an attempt without a response, are looked up.

    Args:
        glomo: the client.
        journal: the journal, open.
        own_account: whether the journal is known to be for the account of the client's key, also
            if the key does not say whose it is.

    Raises:
        GlomoError: the API could not be read: what was compared until then is noted.
    """
    comparison = _Comparison(journal)
    resolved, still_open = await _look_up_open(glomo, journal)
    try:
        async for entry, payout in match_payouts(glomo, journal.accepted_entries()):
            await comparison.add(entry, payout)
        is_own_account = own_account or glomo.subject is not None
        await comparison.reopen_missing(glomo, own_account=is_own_account)
    finally:
        await comparison.write()
    return Reconciliation(
        comparison.checked,
        tuple(comparison.missing),
        tuple(comparison.mismatches),
        tuple(comparison.failed),
        resolved,
        still_open,
        dict(comparison.statuses),
        comparison.debited.sums,
    )


async def _look_up_open(
    glomo: AsyncGlomo, journal: Journal
) -> tuple[tuple[RowResult, ...], tuple[RowResult, ...]]:
    """Look up what is open; what is found, and what stays open."""
    resolved: list[RowResult] = []
    still_open: list[RowResult] = []
    async for entry in journal.open_entries():
        outcome = await look_up(glomo, entry)
        if outcome is not None and outcome.halt is not None:
            raise outcome.halt
        if outcome is None or not outcome.settled:
            still_open.append(RowResult.of_entry(entry))
            continue
        updated = outcome.apply_to(entry, earlier_unknown=True)
        try:
            await journal.write([updated])
        except PayoutClaimedError:  # shown is another row's payout, which says nothing of this one
            updated = entry
        (still_open if updated.open else resolved).append(RowResult.of_entry(updated))
    return tuple(resolved), tuple(still_open)


@define
class _Comparison:
    """Adds up, and writes down what has changed."""

    journal: Journal
    checked: int = 0
    missing: list[RowResult] = field(factory=list[RowResult])
    mismatches: list[tuple[RowResult, str]] = field(factory=list[tuple[RowResult, str]])
    failed: list[RowResult] = field(factory=list[RowResult])
    statuses: Counter[str] = field(factory=Counter[str])
    debited: Totals = field(factory=Totals)
    _changed: list[Entry] = field(factory=list[Entry])
    _absent: list[Entry] = field(factory=list[Entry])

    async def add(self, entry: Entry, payout: Payout | None) -> None:
        """Compare an entry with its payout."""
        self.checked += 1
        if payout is None:
            self.missing.append(RowResult.of_entry(entry))
            self._absent.append(entry)
            return
        if differences := compare(entry, payout):
            self.mismatches.append((RowResult.of_entry(entry), differences))
            now = reopened(entry, f"{entry.payout_id} is not what was asked: {differences}")
        else:
            self.statuses[payout.status.value] += 1
            now = restated(entry, payout)
            if now.status is RowStatus.REJECTED:
                self.failed.append(RowResult.of_entry(now))
            else:
                self._add_debit(payout.source)
        if now != entry:
            self._changed.append(now)
            if len(self._changed) >= _WRITE:
                await self.write()

    def _add_debit(self, source: Money | None) -> None:
        if source is not None:
            self.debited.add(source)

    async def reopen_missing(self, glomo: AsyncGlomo, *, own_account: bool) -> None:
        """Have missing payouts looked for again, unless this may be another account."""
        is_own_account = own_account or self.checked > len(self.missing)
        if is_own_account or await knows_payouts(glomo, self._absent):
            for entry in self._absent:
                self._changed.append(reopened(entry, f"the API does not have {entry.payout_id}"))

    async def write(self) -> None:
        """Write down what has changed so far."""
        changed, self._changed = self._changed, []
        if changed:
            await self.journal.write(changed)


def restated(entry: Entry, payout: Payout) -> Entry:
    """The entry as its payout stands now. Accepted may become rejected, and nothing else changes.

    A payout that is not the very one that the entry was accepted for changes nothing.
    """
    if entry.status is not RowStatus.ACCEPTED or entry.payout_id != payout.id:
        return entry
    now = Outcome.of(payout).apply_to(entry, earlier_unknown=False)
    return evolve(now, payout_created_at=now.payout_created_at or entry.payout_created_at)


def reopened(entry: Entry, why: str) -> Entry:
    """The entry as unknown: the next run looks for its payout, and pays it if there is none."""
    return entry.with_state(RowStatus.UNKNOWN, error=why)
