"""Reading the payouts of many rows by listing, a page for a hundred, in constant memory.

The journal gives its accepted entries by the age of their payouts, the API lists payouts by age as
well: both are walked side by side, so that a page and the entries of its time are all that is held
in memory. Where the batch was paid in several sittings, the time between them is passed over; where
its payouts are rare among others', they are read one by one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from glomo import errors
from glomo.client import AsyncGlomo
from glomo.models.payouts import Payout

from .journal import Entry

_GAP = timedelta(hours=1)
"""So long without a payout of the batch, and its list is walked anew from the next one on."""

_MARGIN = timedelta(seconds=1)
"""How far the times of one payout may lie apart in journal and list."""


async def match_payouts(
    glomo: AsyncGlomo, accepted: AsyncIterator[Entry]
) -> AsyncIterator[tuple[Entry, Payout | None]]:
    """Every entry with its payout as it is now, `None` where the API has none.

    Args:
        glomo: the client.
        accepted: accepted entries, those with the newest payouts first.
    """
    entries = _Ahead(accepted)
    while (newest := await entries.peek()) is not None:
        created_at = newest.payout_created_at
        if created_at is None:
            yield newest, await _retrieved(glomo, newest)
            await entries.take()
            continue
        async for match in _match_by_listing(glomo, entries, created_at):
            yield match


async def _match_by_listing(
    glomo: AsyncGlomo, entries: _Ahead, newest: datetime
) -> AsyncIterator[tuple[Entry, Payout | None]]:
    """The entries of one sitting, from the newest back, beside the list of payouts."""
    unmatched: dict[str, Entry] = {}
    entries_taken = pages = 0
    last = newest
    pager = glomo.payouts.list(before=newest + _MARGIN)
    async for page in pager.pages():
        pages += 1
        oldest = min((payout.created_at for payout in page if payout.created_at), default=None)
        # All entries whose payout could be on this page.
        while (entry := await entries.peek()) is not None:
            at = entry.payout_created_at
            if at is None or last - at > _GAP or (oldest and at < oldest - _MARGIN):
                break
            unmatched[entry.payout_id or ""] = entry
            last = at
            entries_taken += 1
            await entries.take()
        for payout in page:
            match = unmatched.pop(payout.id, None)
            if match is not None:
                yield match, payout
        # What should have been listed by now was not: it is read by itself.
        overdue = [
            entry
            for entry in unmatched.values()
            if oldest and (entry.payout_created_at or oldest) > oldest + _MARGIN
        ]
        for entry in overdue:
            del unmatched[entry.payout_id or ""]
            yield entry, await _retrieved(glomo, entry)
        following = await entries.peek()
        at = None if following is None else following.payout_created_at
        sitting_over = at is None or last - at > _GAP
        # Others' payouts are between: one by one is cheaper than a page for each.
        if (sitting_over and not unmatched) or pages >= max(entries_taken, 2):
            break
    for entry in unmatched.values():
        yield entry, await _retrieved(glomo, entry)
    # The list may have ended, or cost too much, before anything was taken.
    if not entries_taken and (entry := await entries.take()) is not None:
        yield entry, await _retrieved(glomo, entry)


async def _retrieved(glomo: AsyncGlomo, entry: Entry) -> Payout | None:
    if entry.payout_id is None:
        return None
    try:
        return await glomo.payouts.retrieve(entry.payout_id)
    except errors.NotFoundError:
        return None


class _Ahead:
    """An iterator of entries whose next one can be looked at without taking it."""

    def __init__(self, entries: AsyncIterator[Entry]) -> None:
        self._entries = entries
        self._next: Entry | None = None

    async def peek(self) -> Entry | None:
        """The next entry; `None` at the end."""
        if self._next is None:
            self._next = await anext(self._entries, None)
        return self._next

    async def take(self) -> Entry | None:
        """The next entry, which is then behind."""
        entry, self._next = await self.peek(), None
        return entry
