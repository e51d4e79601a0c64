"""Webhooks: written in the transaction that causes them, delivered after it, tried again later.

An event is a record with a snapshot of the resource; a delivery is a record that says which
endpoint still has to take it. Both are written together with what happened, so no event is lost
with a crash, and none is sent of what was undone. A timer on the sandbox's clock makes a delivery
ready; it is carried out outside of the store's lock, so a receiver may call the API.

Glomo does not promise order, and delivers at least once: `pause`, `resume` and `duplicate` show a
receiver both.
"""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import httpx

from glomo.sandbox.engine.clock import wire_time
from glomo.sandbox.engine.store import Record, public

from . import couriers, events
from .couriers import HttpCourier, Outcome
from .deliveries import Deliveries
from .endpoints import Endpoint, Endpoints, Receiver, WebhookRequest
from .signing import SIGNATURE_HEADER, canonical, sign

if TYPE_CHECKING:
    from glomo.sandbox.engine.account import Account
    from glomo.sandbox.engine.engine import Engine

DELIVER = "webhook.deliver"


class Webhooks:
    """The events of the sandbox, who is told of them, and what became of every delivery."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self._engine = engine
        self.endpoints = Endpoints(engine.store, seed)
        self._log = Deliveries(engine.store)
        self._courier = HttpCourier()
        # Reproducible on purpose: it only shuffles.
        self._random = random.Random(f"glomo-webhooks/{seed}")  # noqa: S311
        self._lock = threading.Condition()
        self._carrying = 0
        self._ready: deque[tuple[str, datetime]] = deque()
        self._paused = False
        self._duplicates = 0

    # ----------------------------------------------------------------- endpoints

    def add_endpoint(
        self,
        url: str,
        *,
        secret: str | None = None,
        events: Iterable[str] = ("*",),
        merchant_id: str | None = None,
    ) -> Endpoint:
        """Deliver events to an address from now on; one that is registered already is changed.

        Parameters:
            url: `http://` or `https://`; unlike Glomo, the sandbox also delivers to this machine.
            secret: of the signatures; without, one that is the same at every start.
            events: names or patterns: `payout.success`, `payout.*`, `*`.
            merchant_id: of an onboarded merchant whose events it takes.
        """
        return self.endpoints.add(url, secret, events, merchant_id)

    def add_receiver(
        self,
        receiver: Receiver,
        *,
        secret: str | None = None,
        events: Iterable[str] = ("*",),
        merchant_id: str | None = None,
    ) -> Endpoint:
        """Call a function of this process with every event, as a `WebhookRequest`.

        It returns the status of its response, or anything else for a 200; an exception is a 500.
        The other parameters are as for `add_endpoint`.
        """
        return self.endpoints.add_receiver(receiver, secret, events, merchant_id)

    # -------------------------------------------------------------------- events

    def emit(self, account: Account, entity_type: str, event_type: str, record: Record) -> None:
        """Write an event with a snapshot of the record, and its deliveries; belongs inside a
        transaction. A status of which Glomo sends no event is left out."""
        if event_type in events.CATALOGUE.get(entity_type, ()):
            self._write(account.id, entity_type, event_type, public(record))

    def trigger(self, name: str, **changes: Any) -> Record:
        """Send an event of this name without anything having happened.

        Its data is that of the last event of the same resource, or a bare `id`, with the status
        of the name and with these changes. Returns the event. Raises ValueError for a name that
        Glomo does not send.
        """
        entity_type, event_type = events.parse(name)
        with self._engine.transaction():
            last = self._log.last_event(entity_type)
            data: Record = self._sample(entity_type) if last is None else dict(last["data"])
            if entity_type != "webhook_test" and "." not in event_type:
                data["status"] = event_type
            event = self._write(None, entity_type, event_type, {**data, **changes})
        self._engine.tick()
        return event

    def resend(self, event_id: str) -> None:
        """Deliver an event of the log again, with the snapshot that it had then.

        Raises KeyError if the log has no event with this id.
        """
        with self._engine.transaction():
            event = self._log.event(event_id)
            self._address(event)
        self._engine.tick()

    def events(self, name: str = "*") -> list[Record]:
        """The last events, oldest first, of this name or pattern (`payout.*`)."""
        with self._engine.store.lock:
            return [
                event
                for event in self._log.events()
                if events.matches(events.name_of(event), (name,))
            ]

    def deliveries(self, event_id: str | None = None) -> list[Record]:
        """The deliveries of an event, or all of them, oldest first, with their attempts."""
        with self._engine.store.lock:
            return self._log.deliveries(event_id)

    def delivered(self, name: str = "*") -> list[Record]:
        """The events of this name or pattern that every endpoint has taken, as they were sent.

        While no endpoint is registered, an event counts as delivered when it is written.
        """
        with self._engine.store.lock:
            return [
                _envelope(event)
                for event in self.events(name)
                if all(d["state"] == "delivered" for d in self._log.deliveries(event["id"]))
            ]

    # ------------------------------------------------------------------ delivery

    def pause(self) -> None:
        """Hold deliveries back until `resume`."""
        self._paused = True

    def resume(self, order: Literal["sent", "reversed", "shuffled"] = "sent") -> None:
        """Deliver what was held back, in this order."""
        if order not in ("sent", "reversed", "shuffled"):
            raise ValueError(f"order is sent, reversed or shuffled, not {order!r}")
        with self._lock:
            queued = list(self._ready)
            if order == "reversed":
                queued.reverse()
            elif order == "shuffled":
                self._random.shuffle(queued)
            self._ready = deque(queued)
            self._paused = False
        self._engine.tick()

    def duplicate(self, times: int = 1) -> None:
        """Deliver the next `times` webhooks twice."""
        self._duplicates += times

    def flush(self, seconds: float = 30.0) -> bool:
        """Wait until every delivery that is due was attempted; False if that takes longer."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self._engine.tick()
            if not self._idle(deadline):
                return False
            at = self._engine.next_at()
            if at is None or at > self._engine.now().timestamp():
                return True
        return False

    def ready(self, _: Account, delivery_id: str) -> None:
        """Timer: a delivery is due."""
        self._ready.append((delivery_id, self._engine.now()))

    def deliver_ready(self) -> None:
        """Carry out what has become due. Must not be called with the store's lock held."""
        while not self._paused:
            with self._lock:
                if not self._ready:
                    return
                delivery_id, at = self._ready.popleft()
                self._carrying += 1
            try:
                self._carry(delivery_id, at)
            finally:
                with self._lock:
                    self._carrying -= 1
                    self._lock.notify_all()

    def _idle(self, deadline: float) -> bool:
        """Wait until no thread carries a delivery out; False if that takes longer."""
        with self._lock:
            if not self._lock.wait_for(lambda: not self._carrying, deadline - time.monotonic()):
                return False
        return self._courier.wait(max(deadline - time.monotonic(), 0))

    def recover(self) -> None:
        """Take up the deliveries that were under way when the sandbox stopped, or was restored."""
        self._ready.clear()
        planned = self._engine.scheduler.subjects(DELIVER)
        with self._engine.transaction():
            for delivery in self._log.deliveries(None):
                if delivery["state"] == "pending" and delivery["id"] not in planned:
                    self._plan(delivery["id"], self._engine.now())

    def wait(self) -> None:
        """Wait for the attempts that are under way."""
        self._courier.wait(couriers.TIMEOUT_SECONDS)

    def close(self) -> None:
        """Start no further delivery."""
        self._paused = True
        self._courier.close()

    def _carry(self, delivery_id: str, at: datetime) -> None:
        with self._engine.store.lock:
            delivery = self._log.pending(delivery_id)
            if delivery is None:
                return
            target = self.endpoints.get(delivery["endpoint"])
            event = self._log.event(delivery["event"])
        if target is None:
            self._record(delivery_id, at, Outcome(None, "the endpoint is gone"))
            return
        endpoint, receiver = target
        body = canonical(_envelope(event))
        headers = {
            "Content-Type": "application/json",
            SIGNATURE_HEADER: sign(endpoint.secret, body),
        }
        request = WebhookRequest(body, headers)
        times = 1
        with self._lock:
            if self._duplicates:
                self._duplicates -= 1
                times = 2
        if receiver is not None:
            for _ in range(times):
                self._record(delivery_id, at, couriers.call(receiver, request))
            return

        def job(client: httpx.Client) -> None:
            for _ in range(times):
                self._record(delivery_id, at, couriers.post(client, str(endpoint.url), request))

        self._courier.submit(str(endpoint.url), job)

    def _record(self, delivery_id: str, at: datetime, outcome: Outcome) -> None:
        retries = self._engine.options.platform.webhook_retries
        with self._engine.transaction():
            attempts = self._log.record(delivery_id, at, outcome, len(retries))
            if attempts is not None:
                self._plan(delivery_id, at + retries[attempts - 1])

    def _write(
        self, merchant: str | None, entity_type: str, event_type: str, data: Record
    ) -> Record:
        created_at = wire_time(self._engine.now())
        event = self._log.add_event(merchant, entity_type, event_type, data, created_at)
        self._address(event)
        return event

    def _address(self, event: Record) -> None:
        if self.endpoints:
            for endpoint in self.endpoints.of(event["merchant"], events.name_of(event)):
                self._plan(self._log.add_delivery(event["id"], endpoint.id), self._engine.now())

    def _plan(self, delivery_id: str, at: datetime) -> None:
        self._engine.scheduler.put(None, at, DELIVER, delivery_id)

    def _sample(self, entity_type: str) -> Record:
        if entity_type == "webhook_test":
            return {}
        number = self._log.count() + 1
        prefix = events.ID_PREFIXES.get(entity_type, entity_type)
        identifier = self._engine.ids.make(prefix, number)
        return {"id": identifier, "created_at": wire_time(self._engine.now())}


def _envelope(event: Record) -> Record:
    return {key: event[key] for key in ("entity_type", "event_type", "data")}
