"""Comparing the journal with what the API has, after the fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from attrs import evolve, frozen

from glomo import errors
from glomo.client import AsyncGlomo
from glomo.models.payouts import Payout
from glomo.money import Money

from .journal import Entry, Journal, State
from .outcomes import Outcome, compare
from .results import RowResult
from .totals import by_currency

_Span = list[tuple[datetime, str]]
"""When payouts were made that belong together, oldest first, and their ids."""

_FEW = 3
_GAP = timedelta(hours=1)
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
        now = restated(entry, payout)
        if now != entry:
            updated.append(now)
        if now.state is State.REJECTED:
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


def restated(entry: Entry, payout: Payout) -> Entry:
    """The entry as its payout stands now. Nothing but accepted becomes rejected, never back.

    A payout that is not the very one that the entry was accepted for changes nothing.
    """
    if entry.state is not State.ACCEPTED or entry.payout_id != payout.id:
        return entry
    now = Outcome.of(payout).onto(entry)
    return evolve(now, payout_created_at=now.payout_created_at or entry.payout_created_at)


async def _payouts(glomo: AsyncGlomo, entries: list[Entry]) -> dict[str, Payout]:
    """The payouts of entries, by id: many by walking the list of their time, few one by one."""
    found: dict[str, Payout] = {}
    for span in _spans(entries):
        if len(span) > _FEW:
            found.update(await _walk(glomo, span))
    wanted = {entry.payout_id for entry in entries if entry.payout_id is not None}
    for payout_id in sorted(wanted - found.keys()):
        try:
            found[payout_id] = await glomo.payouts.retrieve(payout_id)
        except errors.NotFoundError:
            continue
    return found


def _spans(entries: Iterable[Entry]) -> list[_Span]:
    """Payouts by runs of time: what was paid again weeks later is no reason to walk the weeks."""
    dated = sorted(
        (e.payout_created_at, e.payout_id) for e in entries if e.payout_created_at and e.payout_id
    )
    spans: list[_Span] = []
    for created_at, payout_id in dated:
        if not spans or created_at - spans[-1][-1][0] > _GAP:
            spans.append([])
        spans[-1].append((created_at, payout_id))
    return spans


async def _walk(glomo: AsyncGlomo, span: _Span) -> dict[str, Payout]:
    """The payouts of one span from the list, as far as that is cheaper than one by one."""
    left = {payout_id for _, payout_id in span}
    found: dict[str, Payout] = {}
    pager = glomo.payouts.list(after=span[0][0] - _MARGIN, before=span[-1][0] + _MARGIN)
    pages = 0
    async for page in pager.pages():
        pages += 1
        mine = {payout.id: payout for payout in page if payout.id in left}
        found.update(mine)
        left -= mine.keys()
        if not left or pages >= len(span):
            break
    return found
