"""Following payouts from accepted to settled, by the page: never one request a row.

Payouts of one batch lie close together in time, so the list of that time has a hundred of them on
a page. A probe is read first, which is the one page with the payouts that have waited longest; all
pages are read only when those have come to their end. Webhooks tell sooner: `record_payout` takes
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
from .reconcile import restated
from .results import RowResult
from .standing import Standings

_GAP = timedelta(hours=1)
_MARGIN = timedelta(seconds=1)
_PAGE = 100
_FIRST, _GROWTH, _LONGEST = 5.0, 1.5, 60.0
_EVERY = 6
"""Each so-many-th look is at all pages, whatever the probe shows: what has waited longest may be
stuck."""


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
        probe: the time of those that have waited longest, about a page of them.
    """

    windows: list[tuple[datetime, datetime]] = field(factory=list[tuple[datetime, datetime]])
    probe: tuple[datetime, datetime] | None = None


async def _waiting(journal: Journal) -> _Waiting:
    waiting = _Waiting()
    oldest: deque[datetime] = deque(maxlen=_PAGE)
    async for entry in journal.accepted_entries():  # newest first
        at = entry.payout_created_at
        if at is None or PayoutStatus(entry.payout_status or "").terminal:
            continue
        oldest.append(at)
        if waiting.windows and waiting.windows[-1][0] - at <= _GAP:
            waiting.windows[-1] = (at, waiting.windows[-1][1])
        else:
            waiting.windows.append((at, at))
    if oldest:
        waiting.probe = (oldest[-1], oldest[0])
    return waiting


async def look_once(glomo: AsyncGlomo, journal: Journal, *, thorough: bool = True) -> int:
    """Read the payouts that are not at their end, and note what has changed.

    Args:
        glomo: the client.
        journal: the journal, open.
        thorough: read them all, also if those that have waited longest still wait.

    Returns:
        How many rows have changed.
    """
    waiting = await _waiting(journal)
    if waiting.probe is None:
        return 0
    changed = 0
    if not thorough:
        changed = await _read(glomo, journal, waiting.probe, pages=1)
        left = (await _waiting(journal)).probe
        if left is None or left[0] <= waiting.probe[1]:
            return changed  # some of the probe still wait
    for window in waiting.windows:
        changed += await _read(glomo, journal, window)
    return changed


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
    if just_read:
        await sleep(interval if timeout is None else min(interval, timeout))
    while True:
        changed, standings = await _look(glomo, journal(), identity, thorough=looks % _EVERY == 0)
        yield standings
        looks += 1
        interval = _FIRST if changed else min(interval * _GROWTH, _LONGEST)
        if not standings.moving or stop:
            return
        if deadline is not None and clock() + interval > deadline:
            return
        await sleep(interval)


async def _look(
    glomo: AsyncGlomo, journal: Journal, identity: Identity, *, thorough: bool
) -> tuple[int, Standings]:
    await journal.open(identity)
    try:
        changed = 0
        # The payouts are still there if the API is not; the next look may be luckier.
        with suppress(TransportError, ServerError, RateLimitError):
            changed = await look_once(glomo, journal, thorough=thorough)
        return changed, await Standings.of_entries(journal.entries())
    finally:
        with anyio.CancelScope(shield=True):
            await journal.close()
