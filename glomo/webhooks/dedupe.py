"""Handling every event once, though it may be delivered several times.

Glomo delivers an event again when your endpoint responded late or not with a 200, up to nine times
over four days. `Event.dedupe_key` is the same for all its deliveries. A store remembers the keys:

    claim    -> GRANTED: handle the event, then `complete`, or `release` if the handler failed
             -> DONE: it was handled before; respond 200 and do nothing
             -> IN_PROGRESS: another worker holds it; respond with an error, so that it comes again

A claim is a lease: if the worker that holds it dies, a later delivery takes it over. So an event
whose handler dies between its work and `complete` is handled twice. Where that may not happen, keep
the claims in the database that the handler writes to, in the same transaction.

Keys are kept for as long as Glomo delivers again, and then forgotten: a subscription that is paused
a second time, a month later, has the key of the first time.
"""

from __future__ import annotations

from enum import Enum
from typing import Protocol

LEASE = 300.0
"""Seconds after which a claim is taken over. Longer than any handler takes."""
KEEP = 7 * 24 * 3600.0
"""Seconds for which a handled event is remembered. Glomo delivers for a little under four days."""


class Claim(Enum):
    """What a store says to a claim."""

    GRANTED = "granted"
    """The event is yours to handle."""
    DONE = "done"
    """The event was handled before."""
    IN_PROGRESS = "in_progress"
    """Another worker is handling the event."""


class DedupeStore(Protocol):
    """Remembers which events were handled. Its methods are called from any thread."""

    def claim(self, key: str, token: str) -> Claim:
        """Claim an event, in one step: of two workers that claim it at once, one is granted it.

        Args:
            key: the event's `dedupe_key`.
            token: names this attempt, so that no other attempt's claim is released.
        """
        ...

    def complete(self, key: str) -> None:
        """Note that the event was handled, whoever holds the claim by now."""
        ...

    def release(self, key: str, token: str) -> None:
        """Give a claim back after the handler failed, so that the next delivery is handled."""
        ...


class AsyncDedupeStore(Protocol):
    """A `DedupeStore` whose methods are awaited."""

    async def claim(self, key: str, token: str) -> Claim:
        """Claim an event, in one step: of two workers that claim it at once, one is granted it."""
        ...

    async def complete(self, key: str) -> None:
        """Note that the event was handled, whoever holds the claim by now."""
        ...

    async def release(self, key: str, token: str) -> None:
        """Give a claim back after the handler failed, so that the next delivery is handled."""
        ...
