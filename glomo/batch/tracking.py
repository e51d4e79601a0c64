"""Following payouts from accepted to settled, by the page: never one request a row.

Payouts of one batch lie close together in time, so the list of that time has a hundred of them on
a page. A probe is read first, which is the page or two with what has waited longest; all
pages are read only when that has come to its end, and the times in which nothing waits any more
are left out. Whoever has just paid can have the first reading of all pages compare the payouts with
what was asked, so that they are not read once for each. Webhooks tell sooner: `record_payout` takes
what they bring.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

import anyio
from attrs import define, field

from glomo.client import AsyncGlomo
from glomo.errors import RateLimitError, ServerError, TransportError
from glomo.models.payouts import Payout, PayoutStatus

from .control import Stop
from .journal import Entry, Identity, Journal
from .outcomes import compare
from .reconcile import Reconciliation, reconcile, restated
from .results import RowResult
from .standing import Standings

_GAP = timedelta(hours=1)
_MARGIN = timedelta(seconds=1)
_PAGE = 100
_FIRST, _GROWTH, _LONGEST = 5.0, 1.5, 60.0
_PROBE, _PROBE_PAGES = 50, 3
"""How many payouts a probe is of, and the pages that it may take: others lie between them."""
_ALL_PAGES = 6
"""The look that is at all pages whatever the probe shows, as what has waited longest may be stuck;
the next such look comes after twice as many, and so on."""


async def record_payout(journal: Journal, payout: Payout) -> RowResult | None:
    """Note in an open journal how a payout stands, as a webhook or a read has told.

    Args:
        journal: the journal, open.
        payout: the payout as it is now.

    Returns:
        The row, if the payout is of this batch and has changed; otherwise `None`.
    """
    entry = (await journal.by_payout([payout.id])).get(payout.id)
    now = None if entry is None else _changed(entry, payout)
    if now is None:
        return None
    await journal.write([now])
    return RowResult.of_entry(now)


def _changed(entry: Entry, payout: Payout) -> Entry | None:
    """The entry as its payout stands now, if that is news; what is not as asked changes nothing."""
    if compare(entry, payout):
        return None
    now = restated(entry, payout)
    return None if now == entry else now


@define
class _Waiting:
    """Payouts that are not at their end, as the journal has them.

    Attributes:
        windows: the times in which they were made, newest first: pairs of oldest and newest.
        probe: the time of those that have waited longest.
    """

    windows: list[tuple[datetime, datetime]] = field(factory=list[tuple[datetime, datetime]])
    probe: tuple[datetime, datetime] | None = None


async def _open_payouts(journal: Journal) -> _Waiting:
    open_payouts = _Waiting()
    oldest: deque[datetime] = deque(maxlen=_PROBE)
    terminal_since = 0  # payouts at their end since the last one that waits
    async for entry in journal.accepted_entries():  # newest first
        at = entry.payout_created_at
        if at is None or PayoutStatus(entry.payout_status or "").terminal:
            terminal_since += 1
            continue
        oldest.append(at)
        # A page of payouts that are at their end need not be read again.
        if (
            open_payouts.windows
            and open_payouts.windows[-1][0] - at <= _GAP
            and terminal_since < _PAGE
        ):
            open_payouts.windows[-1] = (at, open_payouts.windows[-1][1])
        else:
            open_payouts.windows.append((at, at))
        terminal_since = 0
    if oldest:
        open_payouts.probe = (oldest[-1], oldest[0])
    return open_payouts


@define
class _Look:
    """What one look has shown.

    Attributes:
        changed: how many rows have changed.
        pages: the times whose pages are to be read next; none if those that have waited longest
            still wait.
        nothing_waits: whether there was nothing to look at.
    """

    changed: int = 0
    pages: list[tuple[datetime, datetime]] = field(factory=list[tuple[datetime, datetime]])
    nothing_waits: bool = False


async def _probe(glomo: AsyncGlomo, journal: Journal, *, thorough: bool) -> _Look:
    """Read those that have waited longest, unless all pages are to be read anyhow."""
    before = await _open_payouts(journal)
    if before.probe is None:
        return _Look(nothing_waits=True)
    if thorough:
        return _Look(pages=before.windows)
    changed = await _read(glomo, journal, before.probe, pages=_PROBE_PAGES)
    after = await _open_payouts(journal)
    if after.probe is None or after.probe[0] <= before.probe[1]:
        return _Look(changed)  # some of the probe still wait
    return _Look(changed, after.windows)


async def _read(
    glomo: AsyncGlomo,
    journal: Journal,
    window: tuple[datetime, datetime],
    *,
    pages: int | None = None,
) -> int:
    oldest, newest = window
    changed = read = 0
    pager = glomo.payouts.list(after=oldest - _MARGIN, before=newest + _MARGIN)
    async for page in pager.pages():
        entries = await journal.by_payout([payout.id for payout in page])
        news = [
            now
            for payout in page
            if payout.id in entries and (now := _changed(entries[payout.id], payout)) is not None
        ]
        if news:
            await journal.write(news)
        changed += len(news)
        read += 1
        if read == pages:
            break
    return changed


async def track(
    glomo: AsyncGlomo,
    journal: Callable[[], Journal],
    identity: Identity,
    *,
    timeout: float | None = None,
    just_read: bool = False,
    reconciled: Callable[[Reconciliation], None] | None = None,
    stop: Stop | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
) -> AsyncGenerator[Standings]:
    """Follow the payouts of a journal until they are settled or have failed.

    The journal is open only while something is read, so that other commands can use it.

    Args:
        glomo: the client.
        journal: the journal, not yet open; called for each look.
        identity: whose it is.
        timeout: seconds to follow them at most; `None` for as long as it takes.
        just_read: the payouts were read a moment ago, so the first look can wait.
        reconciled: is told once, when all pages are read for the first time, how the payouts
            compare with what was asked; the client must be the one that has paid them.
        stop: set it to end.
        clock, sleep: what time is, and passes by.

    Yields:
        Where the rows stand, after each look.

    Raises:
        JournalError: the journal cannot be used, or another command is using it.
        GlomoError: the API refuses to be read.
    """
    deadline = None if timeout is None else clock() + timeout
    interval, looks = _FIRST, int(just_read)
    all_pages = _ALL_PAGES if just_read else 0
    if just_read:
        await sleep(interval if timeout is None else min(interval, timeout))
    while True:
        thorough = looks == all_pages
        if thorough:
            all_pages = max(_ALL_PAGES, 2 * all_pages)
        changed, standings, reconciliation = await _look(
            glomo, journal(), identity, thorough=thorough, reconciling=reconciled is not None
        )
        if reconciliation is not None and reconciled is not None:
            reconciled(reconciliation)
            reconciled = None
        yield standings
        looks += 1
        interval = _FIRST if changed else min(interval * _GROWTH, _LONGEST)
        if (not standings.moving and reconciled is None) or stop:
            return
        if deadline is not None and clock() + interval > deadline:
            return
        await sleep(interval)


async def _look(
    glomo: AsyncGlomo, journal: Journal, identity: Identity, *, thorough: bool, reconciling: bool
) -> tuple[int, Standings, Reconciliation | None]:
    await journal.open(identity)
    changed, reconciliation = 0, None
    try:
        # The payouts are still there if the API is not; the next look may be luckier.
        with suppress(TransportError, ServerError, RateLimitError):
            look = await _probe(glomo, journal, thorough=thorough)
            changed = look.changed
            if reconciling and (look.pages or look.nothing_waits):
                reconciliation = await reconcile(glomo, journal, own_account=True)
                changed += 1
            else:
                for window in look.pages:
                    changed += await _read(glomo, journal, window)
        return changed, await Standings.of_entries(journal.entries()), reconciliation
    finally:
        with anyio.CancelScope(shield=True):
            await journal.close()
