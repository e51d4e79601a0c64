"""Comparing the journal with what the API has, after the fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from attrs import frozen

from glomo import errors
from glomo.client import AsyncGlomo
from glomo.money import Money
from glomo.resources.payouts import Payout

from .journal import Entry, Journal, State
from .outcomes import Outcome, compare
from .results import RowResult
from .totals import by_currency

_FEW = 50
_MARGIN = timedelta(minutes=1)


@frozen
class Reconciliation:
    """What the API has of the rows that the journal has as accepted.

    Attributes:
        checked: how many rows were compared.
        missing: rows whose payout the API does not have.
        different: rows whose payout is not what was asked, with the differences.
        failed: rows whose payout has failed or was cancelled since; they are rejected from now on.
        statuses: how many payouts stand where.
        debited: what leaves the balances for payouts that are neither failed nor cancelled, without
            fees, by source currency.
    """

    checked: int
    missing: tuple[RowResult, ...]
    different: tuple[tuple[RowResult, str], ...]
    failed: tuple[RowResult, ...]
    statuses: Mapping[str, int]
    debited: Mapping[str, Money]

    @property
    def ok(self) -> bool:
        """Whether every accepted row has its payout, as asked and not failed."""
        return not (self.missing or self.different or self.failed)


async def reconcile(glomo: AsyncGlomo, journal: Journal) -> Reconciliation:
    """Read the payouts of every accepted row again, and note in the journal how they stand.

    Args:
        glomo: the client.
        journal: the journal, open.
    """
    accepted = [e async for e in journal.entries() if e.state is State.ACCEPTED]
    payouts = await _payouts(glomo, accepted)
    missing: list[RowResult] = []
    different: list[tuple[RowResult, str]] = []
    failed: list[RowResult] = []
    updated: list[Entry] = []
    statuses: Counter[str] = Counter()
    debited: list[Money] = []
    for entry in accepted:
        payout = payouts.get(entry.payout_id or "")
        if payout is None:
            missing.append(RowResult.of_entry(entry))
            continue
        statuses[payout.status.value] += 1
        differences = compare(entry, payout)
        if differences:
            different.append((RowResult.of_entry(entry), differences))
        outcome = Outcome.of(payout)
        now = outcome.onto(entry)
        if now != entry:
            updated.append(now)
        if outcome.state is State.REJECTED:
            failed.append(RowResult.of_entry(now))
        elif payout.source is not None:
            debited.append(payout.source)
    if updated:
        await journal.write(updated)
    return Reconciliation(
        len(accepted),
        tuple(missing),
        tuple(different),
        tuple(failed),
        dict(statuses),
        by_currency(debited),
    )


async def _payouts(glomo: AsyncGlomo, entries: list[Entry]) -> dict[str, Payout]:
    """The payouts of entries, by id: many by walking the list of their time, few one by one."""
    wanted = {entry.payout_id for entry in entries if entry.payout_id is not None}
    found: dict[str, Payout] = {}
    times = [e.payout_created_at for e in entries if e.payout_created_at is not None]
    if len(wanted) > _FEW and times:
        pager = glomo.payouts.list(after=min(times) - _MARGIN, before=max(times) + _MARGIN)
        async for payout in pager:
            if payout.id in wanted:
                found[payout.id] = payout
    for payout_id in sorted(wanted - found.keys()):
        try:
            found[payout_id] = await glomo.payouts.retrieve(payout_id)
        except errors.NotFoundError:
            continue
    return found
