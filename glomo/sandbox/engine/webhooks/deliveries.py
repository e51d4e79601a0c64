"""The log of events and deliveries: bounded, and part of the store."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from glomo.sandbox.engine.clock import wire_time
from glomo.sandbox.engine.store import Record, Store

from .couriers import Outcome

EVENT = "webhook_event"
DELIVERY = "webhook_delivery"
DELIVERY_INDEX = (DELIVERY, "event")
MOST_EVENTS = 10_000
"""The oldest events beyond that are forgotten, once nothing of them is under way."""


class Deliveries:
    """Events, and for each endpoint that has to take one, a delivery."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._events = store.table(EVENT)
        self._deliveries = store.table(DELIVERY)

    def events(self) -> list[Record]:
        """All events, oldest first."""
        return list(self._events.records.values())

    def count(self) -> int:
        """How many events there are."""
        return len(self._events.records)

    def last_event(self, entity_type: str) -> Record | None:
        """The newest event of a resource."""
        for event in reversed(self._events.records.values()):
            if event["entity_type"] == entity_type:
                return event
        return None

    def event(self, event_id: str) -> Record:
        """One event; raises KeyError."""
        return self._events.records[event_id]

    def deliveries(self, event_id: str | None) -> list[Record]:
        """The deliveries of an event, or all, oldest first."""
        records = self._deliveries.records
        if event_id is None:
            return list(records.values())
        return [records[key] for key in self._deliveries.indexes["event"].get(event_id, ())]

    def pending(self, delivery_id: str) -> Record | None:
        """The delivery with this id, if it is still to be taken."""
        delivery = self._deliveries.records.get(delivery_id)
        return delivery if delivery is not None and delivery["state"] == "pending" else None

    def add_event(
        self,
        merchant: str | None,
        entity_type: str,
        event_type: str,
        data: dict[str, Any],
        created_at: str,
    ) -> Record:
        """Write an event."""
        event: Record = {
            "id": _next(self._events.records),
            "merchant": merchant,
            "entity_type": entity_type,
            "event_type": event_type,
            "data": data,
            "created_at": created_at,
        }
        self._store.write(EVENT, event["id"], event)
        if len(self._events.records) > MOST_EVENTS:
            self._forget()
        return event

    def add_delivery(self, event_id: str, endpoint_id: str) -> str:
        """Write a delivery that is to be attempted. Returns its id."""
        delivery: Record = {
            "id": _next(self._deliveries.records),
            "event": event_id,
            "endpoint": endpoint_id,
            "state": "pending",
            "attempts": [],
        }
        self._store.write(DELIVERY, delivery["id"], delivery)
        return str(delivery["id"])

    def record(self, delivery_id: str, at: datetime, outcome: Outcome, retries: int) -> int | None:
        """Write what an attempt came to. Returns how many failed by now if another is due, None
        if the delivery is over."""
        delivery = self._deliveries.records.get(delivery_id)
        if delivery is None:  # the sandbox was restored meanwhile
            return None
        attempt = {"at": wire_time(at), "status": outcome.status, "error": outcome.error}
        attempts = [*delivery["attempts"], attempt]
        state = delivery["state"]
        if state == "pending":
            state = "delivered" if outcome.delivered else state
            state = "failed" if not outcome.delivered and len(attempts) > retries else state
        changed = {**delivery, "attempts": attempts, "state": state}
        self._store.write(DELIVERY, delivery_id, changed)
        return len(attempts) if state == "pending" else None

    def _forget(self) -> None:
        """Drop the oldest event, unless one of its deliveries is under way."""
        event_id = next(iter(self._events.records))
        deliveries = self.deliveries(event_id)
        if any(delivery["state"] == "pending" for delivery in deliveries):
            return
        for delivery in deliveries:
            self._store.write(DELIVERY, delivery["id"], None)
        self._store.write(EVENT, event_id, None)


def _next(records: dict[str, Record]) -> str:
    return str(int(next(reversed(records), "0")) + 1)
