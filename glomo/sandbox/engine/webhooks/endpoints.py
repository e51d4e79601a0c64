"""Who is told of events: addresses, and receivers in the same process."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit

from glomo.sandbox.engine.store import Record, Store

from . import events
from .signing import SIGNATURE_HEADER

_TABLE = "webhook_endpoint"


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """What a receiver in the same process is called with."""

    body: bytes
    headers: dict[str, str]

    @property
    def signature(self) -> str:
        """The `X-Glomopay-Signature` header."""
        return self.headers[SIGNATURE_HEADER]


Receiver = Callable[[WebhookRequest], object]
"""Handles a webhook. It returns a status (int) or anything else, which is a 200; raising is a 500.
An awaitable is run to its end in an event loop of its own."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address or a receiver, with the secret it verifies signatures with.

    `events` are names or patterns (`payout.*`). `merchant` is the id of the merchant it belongs
    to, None for the sandbox's own account.
    """

    id: str
    url: str | None
    secret: str = field(repr=False)
    events: tuple[str, ...] = ("*",)
    merchant: str | None = None
    active: bool = True


class Endpoints:
    """The endpoints. Addresses are in the store, and so in the state file; receivers are not."""

    def __init__(self, store: Store, seed: int) -> None:
        self._store = store
        self._seed = seed
        self._table = store.table(_TABLE)
        self._numbers = count(1)
        self._receivers: dict[str, tuple[Endpoint, Receiver]] = {}

    def __iter__(self) -> Iterator[Endpoint]:
        yield from [_endpoint(record) for record in self._table.records.values()]
        yield from [endpoint for endpoint, _ in self._receivers.values()]

    def add(
        self, url: str, secret: str | None, patterns: Iterable[str], merchant: str | None
    ) -> Endpoint:
        """Register an address; one that is registered is changed."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"a webhook endpoint is an http:// or https:// URL, not {url!r}")
        endpoint = Endpoint(
            id=f"endpoint_{self._hash(url)[:12]}",
            url=url,
            secret=self._secret(secret, url),
            events=_patterns(patterns),
            merchant=merchant,
        )
        with self._store.transaction():
            self._write(endpoint)
        return endpoint

    def add_receiver(
        self,
        receiver: Receiver,
        secret: str | None,
        patterns: Iterable[str],
        merchant: str | None,
    ) -> Endpoint:
        """Register a callable."""
        identifier = f"receiver_{next(self._numbers)}"
        endpoint = Endpoint(
            id=identifier,
            url=None,
            secret=self._secret(secret, identifier),
            events=_patterns(patterns),
            merchant=merchant,
        )
        self._receivers[identifier] = (endpoint, receiver)
        return endpoint

    def set_active(self, endpoint_id: str, active: bool) -> None:
        """Switch an endpoint off or on; raises KeyError if there is none with this id."""
        if endpoint_id in self._receivers:
            endpoint, receiver = self._receivers[endpoint_id]
            changed = Endpoint(
                endpoint.id, None, endpoint.secret, endpoint.events, endpoint.merchant, active
            )
            self._receivers[endpoint_id] = (changed, receiver)
            return
        record = self._table.records[endpoint_id]
        with self._store.transaction():
            self._store.write(_TABLE, endpoint_id, {**record, "active": active})

    def remove(self, endpoint_id: str) -> None:
        """Forget an endpoint; nothing is delivered to it any more."""
        if self._receivers.pop(endpoint_id, None) is None:
            with self._store.transaction():
                self._store.write(_TABLE, endpoint_id, None)

    def get(self, endpoint_id: str) -> tuple[Endpoint, Receiver | None] | None:
        """An endpoint, and its receiver if it is in this process."""
        if endpoint_id in self._receivers:
            return self._receivers[endpoint_id]
        record = self._table.records.get(endpoint_id)
        return None if record is None else (_endpoint(record), None)

    def of(self, merchant: str | None, name: str) -> list[Endpoint]:
        """Where a merchant's event goes: to its own endpoints, or without any to the parent's."""
        active = [endpoint for endpoint in self if endpoint.active]
        endpoints = [endpoint for endpoint in active if endpoint.merchant == merchant]
        if not endpoints and merchant is not None:
            endpoints = [endpoint for endpoint in active if endpoint.merchant is None]
        return [endpoint for endpoint in endpoints if events.matches(name, endpoint.events)]

    def __bool__(self) -> bool:
        return bool(self._receivers or self._table.records)

    def _write(self, endpoint: Endpoint) -> None:
        record: Record = {
            "id": endpoint.id,
            "url": endpoint.url,
            "secret": endpoint.secret,
            "events": list(endpoint.events),
            "merchant": endpoint.merchant,
            "active": endpoint.active,
        }
        self._store.write(_TABLE, endpoint.id, record)

    def _secret(self, secret: str | None, of: str) -> str:
        """`secret`, or without one a secret that is the same at every start."""
        if secret is None:
            return f"whsec_{self._hash(of)[:24]}"
        if not secret:
            raise ValueError("a webhook secret must not be empty")
        return secret

    def _hash(self, of: str) -> str:
        return hashlib.sha256(f"{self._seed}/webhook/{of}".encode()).hexdigest()


def _endpoint(record: Record) -> Endpoint:
    return Endpoint(
        id=record["id"],
        url=record["url"],
        secret=record["secret"],
        events=tuple(record["events"]),
        merchant=record["merchant"],
        active=record["active"],
    )


def _patterns(selected: Iterable[str]) -> tuple[str, ...]:
    patterns = (selected,) if isinstance(selected, str) else tuple(selected)
    names = [f"{entity}.{event}" for entity, all_ in events.CATALOGUE.items() for event in all_]
    for pattern in patterns:
        if not any(events.matches(name, (pattern,)) for name in names):
            raise ValueError(f"no event fits {pattern!r}; write payout.success, payout.* or *")
    return patterns
