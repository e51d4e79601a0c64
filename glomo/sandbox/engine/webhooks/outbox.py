"""The events of the sandbox, written in the transaction that causes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glomo.sandbox.engine.clock import wire_time
from glomo.sandbox.engine.store import Record, public

if TYPE_CHECKING:
    from glomo.sandbox.engine.account import Account
    from glomo.sandbox.engine.engine import Engine

EVENT = "webhook_event"
MOST_EVENTS = 10_000


class Webhooks:
    """What was sent to whom."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self._engine = engine
        self._seed = seed
        self._events = engine.store.table(EVENT)

    def emit(self, account: Account, entity_type: str, event_type: str, record: Record) -> None:
        """Write an event with a snapshot of the record; belongs inside a transaction."""
        store = self._engine.store
        last = next(reversed(self._events.records), "0")
        store.write(
            EVENT,
            f"{int(last) + 1}",
            {
                "merchant": account.id,
                "entity_type": entity_type,
                "event_type": event_type,
                "data": public(record),
                "created_at": wire_time(account.now()),
            },
        )
        if len(self._events.records) > MOST_EVENTS:
            store.write(EVENT, next(iter(self._events.records)), None)

    def events(self, name: str | None = None) -> list[Record]:
        """The last events, oldest first; `name` is `payout.success`, None: all."""
        with self._engine.store.lock:
            return [
                one
                for one in self._events.records.values()
                if name in (None, f"{one['entity_type']}.{one['event_type']}")
            ]

    def next_at(self) -> float | None:
        """When the next delivery is due, seconds since 1970."""
        return None

    def deliver_due(self) -> None:
        """Deliver what is due."""
