"""What will happen later: timers that fire on the sandbox's clock.

A timer is a record (an action, whom it concerns, when), so it is part of every transaction,
snapshot and state file. When the clock passes it, the action's handler runs with the clock
standing at the timer's own moment, in order of time: a test that advances a day in one step sees
the same history as a sandbox that ran for a day.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from .store import Store

if TYPE_CHECKING:
    from .account import Account

TIMER = "timer"
Handler = Callable[["Account", str], None]
"""Called with the account and the subject of a timer, inside a transaction."""


class Scheduler:
    """The timers of all merchants."""

    def __init__(self, store: Store, handlers: Mapping[str, Handler]) -> None:
        self._store = store
        self._handlers = handlers
        self._heap: list[tuple[float, int, str]] = []
        self._pushed = 0
        self.rebuild()

    def rebuild(self) -> None:
        """Read the timers from the store again, after it was loaded or restored."""
        self._heap.clear()
        for key, timer in self._store.table(TIMER).records.items():
            self._push(timer["at"], key)

    def put(self, merchant_id: str | None, at: datetime, action: str, subject: str) -> None:
        """Have `action` done to `subject` at a moment; an earlier timer of the same is replaced."""
        if action not in self._handlers:
            raise KeyError(f"no handler is registered for the timer {action!r}")
        key = f"{merchant_id or ''}/{action}/{subject}"
        stamp = at.timestamp()
        self._store.write(
            TIMER,
            key,
            {"merchant": merchant_id, "at": stamp, "action": action, "subject": subject},
        )
        self._push(stamp, key)

    def cancel(self, merchant_id: str | None, action: str, subject: str) -> None:
        """Drop a timer, if there is one."""
        self._store.write(TIMER, f"{merchant_id or ''}/{action}/{subject}", None)

    def subjects(self, action: str) -> set[str]:
        """The subjects for which an action is planned."""
        timers = self._store.table(TIMER).records.values()
        return {timer["subject"] for timer in timers if timer["action"] == action}

    def next_at(self) -> float | None:
        """When the next timer fires, seconds since 1970; None: nothing is planned."""
        while self._heap:
            at, _, key = self._heap[0]
            timer = self._store.table(TIMER).records.get(key)
            if timer is not None and timer["at"] == at:
                return at
            heapq.heappop(self._heap)  # replaced, cancelled, or of a transaction that was undone
        return None

    def fire(self, account_of: Callable[[str | None], Account]) -> None:
        """Run the handler of the next timer, in a transaction of its own."""
        _, _, key = heapq.heappop(self._heap)
        with self._store.transaction():
            timer = self._store.table(TIMER).records[key]
            self._store.write(TIMER, key, None)
            self._handlers[timer["action"]](account_of(timer["merchant"]), timer["subject"])

    def _push(self, at: float, key: str) -> None:
        self._pushed += 1
        heapq.heappush(self._heap, (at, self._pushed, key))


def moment_of(stamp: float) -> datetime:
    """A timer's time as an aware datetime."""
    return datetime.fromtimestamp(stamp, UTC)
