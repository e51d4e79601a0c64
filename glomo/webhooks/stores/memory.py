"""Handled events in memory: for one process, and for tests."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from attrs import define

from glomo.webhooks.dedupe import KEEP, LEASE, Claim


@define
class _Entry:
    token: str
    at: float
    done: bool = False


class MemoryStore:
    """Remembers handled events while the process runs.

    Of several processes each has a memory of its own, and a restart forgets: use `SQLiteStore` or
    your database where an event may not be handled twice.
    """

    def __init__(
        self,
        *,
        lease: float = LEASE,
        keep: float = KEEP,
        max_keys: int = 100_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make an empty store.

        Args:
            lease: seconds after which the claim of a worker that does not finish is taken over.
            keep: seconds for which a handled event is remembered.
            max_keys: how many are remembered at most; the oldest handled ones are forgotten first.
            clock: the time in seconds.
        """
        self._lease = lease
        self._keep = keep
        self._max_keys = max_keys
        self._clock = clock
        self._entries: OrderedDict[str, _Entry] = OrderedDict()  # the oldest first
        self._lock = Lock()

    def claim(self, key: str, token: str) -> Claim:
        """Claim an event."""
        with self._lock:
            now = self._clock()
            self._forget(now)
            entry = self._entries.get(key)
            if entry is not None and entry.done:
                return Claim.DONE
            if entry is not None and now < entry.at + self._lease:
                return Claim.IN_PROGRESS
            self._put(key, _Entry(token, now))
            return Claim.GRANTED

    def complete(self, key: str) -> None:
        """Note that the event was handled."""
        with self._lock:
            self._put(key, _Entry("", self._clock(), done=True))

    def release(self, key: str, token: str) -> None:
        """Give a claim back."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None and not entry.done and entry.token == token:
                del self._entries[key]

    def __len__(self) -> int:
        return len(self._entries)

    def _put(self, key: str, entry: _Entry) -> None:
        self._entries[key] = entry
        self._entries.move_to_end(key)

    def _forget(self, now: float) -> None:
        """Drop what is too old, and one handled event if there are too many."""
        while self._entries:
            key, entry = next(iter(self._entries.items()))
            if now < entry.at + max(self._keep, self._lease):
                break
            del self._entries[key]
        if len(self._entries) >= self._max_keys:
            oldest = next((key for key, entry in self._entries.items() if entry.done), None)
            if oldest is not None:
                del self._entries[oldest]
