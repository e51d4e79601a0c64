"""What each page shows, as plain data for its template."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from glomo.sandbox.engine import rfis
from glomo.sandbox.engine.clock import wire_time
from glomo.sandbox.engine.scheduler import TIMER, moment_of
from glomo.sandbox.engine.store import Record, public
from glomo.sandbox.engine.webhooks.events import CATALOGUE, name_of
from glomo.sandbox.engine.webhooks.outbox import DELIVER
from glomo.sandbox.server.faults import TIMED_KINDS, FaultKind

from .kinds import KINDS, money, row
from .steps import steps_of

if TYPE_CHECKING:
    from glomo.sandbox.sandbox import Sandbox

_Row = TypeVar("_Row")

PER_PAGE = 50
RANDOM = "random"
"""What the form calls faults of all kinds, drawn anew each time."""


class Paging(NamedTuple):
    """A page of a list that is shown newest first."""

    number: int
    total: int

    @classmethod
    def of(cls, number: str, total: int) -> Paging:
        """The page that an address names; the nearest that there is."""
        wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 1
        return cls(min(max(wanted, 1), max(1, -(-total // PER_PAGE))), total)

    @property
    def first(self) -> int:
        """How many rows are newer than this page."""
        return (self.number - 1) * PER_PAGE

    @property
    def last(self) -> int:
        """How many rows there are up to the end of this page."""
        return min(self.first + PER_PAGE, self.total)

    def cut(self, newest_first: Iterable[_Row]) -> list[_Row]:
        """The rows of this page."""
        return list(islice(newest_first, self.first, self.last))


def overview(sandbox: Sandbox) -> dict[str, Any]:
    """Balances, counts, what is due next, what came last."""
    books = sandbox.books
    balances = [
        {
            "currency": currency,
            **{
                name: money(books.balance(name, currency), currency).removeprefix(f"{currency} ")
                for name in ("available", "held", "pending")
            },
        }
        for currency in books.currencies()
    ]
    recent = [
        {**row(kind, str(one["id"]), one), "kind": kind.table}
        for kind in KINDS.values()
        if kind.main
        for one in islice(reversed(sandbox.account().store.all(kind.table)), 8)
    ]
    recent.sort(key=lambda one: one["created_at"], reverse=True)
    return {
        "balances": balances,
        "due": [one for one in _due(sandbox) if one["action"] != DELIVER][:8],
        "recent": recent[:8],
    }


def records(sandbox: Sandbox, kind: str, number: str) -> dict[str, Any]:
    """A page of a list."""
    table = sandbox.engine.store.table(kind).records
    paging = Paging.of(number, len(table))
    rows = [row(KINDS[kind], key, record) for key, record in paging.cut(reversed(table.items()))]
    return {"kind": KINDS[kind], "rows": rows, "paging": paging}


def record(sandbox: Sandbox, kind: str, key: str) -> dict[str, Any] | None:
    """One record: steps, history, postings, webhooks; None if there is none."""
    found = sandbox.engine.store.table(kind).records.get(key)
    if found is None:
        return None
    events = [one for one in sandbox.webhooks.events() if one["data"].get("id") == key]
    history = [{"at": one["created_at"], "text": name_of(one), "due": False} for one in events]
    if created := found.get("created_at"):
        history.insert(0, {"at": created, "text": "created", "due": False})
    history += [
        {"at": one["at"], "text": one["action"], "due": True}
        for one in _due(sandbox)
        if one["subject"] == key
    ]
    postings = [
        {
            "at": one["created_at"],
            "lines": [
                {
                    "account": line.account,
                    "minor": line.minor,
                    "money": money(line.minor, line.currency),
                }
                for line in one["lines"]
            ],
        }
        for one in sandbox.books.postings(key)
    ]
    return {
        "kind": KINDS[kind],
        "related": list(_related(sandbox, key, found)),
        "row": row(KINDS[kind], key, found),
        "steps": steps_of(sandbox, kind, found),
        "history": history,
        "postings": postings,
        "events": _with_deliveries(sandbox, list(reversed(events))),
        "json": json.dumps(public(found), indent=2, ensure_ascii=False),
    }


def webhooks(sandbox: Sandbox, number: str) -> dict[str, Any]:
    """The endpoints and a page of the events, with every delivery."""
    events = sandbox.webhooks.events()
    paging = Paging.of(number, len(events))
    names = [f"{entity}.{event}" for entity, all_ in CATALOGUE.items() for event in all_]
    return {
        "endpoints": list(sandbox.webhooks.endpoints),
        "events": _with_deliveries(sandbox, paging.cut(reversed(events))),
        "paging": paging,
        "names": names,
    }


def requests(sandbox: Sandbox, number: str) -> dict[str, Any]:
    """A page of the request log."""
    log = list(sandbox.requests)
    paging = Paging.of(number, len(log))
    return {"rows": paging.cut(reversed(log)), "paging": paging}


def faults(sandbox: Sandbox) -> dict[str, Any]:
    """The faults in force, and what can be chosen."""
    return {
        "active": sandbox.faults.active,
        "kinds_of_fault": [*(kind.value for kind in FaultKind), RANDOM],
        "timed": sorted(kind.value for kind in TIMED_KINDS),
        "operations": sorted(sandbox.faults.operations),
    }


def counts(sandbox: Sandbox) -> list[dict[str, Any]]:
    """The kinds of which there is something, and the five main ones."""
    store = sandbox.engine.store
    every = [(kind, len(store.table(kind.table).records)) for kind in KINDS.values()]
    return [{"kind": kind, "count": count} for kind, count in every if count or kind.main]


def _due(sandbox: Sandbox) -> list[dict[str, Any]]:
    timers = list(sandbox.engine.store.table(TIMER).records.values())
    timers.sort(key=lambda one: one["at"])
    return [
        {
            "at": wire_time(moment_of(one["at"])),
            "action": one["action"],
            "subject": one["subject"],
            "kind": _kind_of(sandbox, one["subject"]),
        }
        for one in timers
    ]


def _kind_of(sandbox: Sandbox, key: str) -> str | None:
    """The kind of the record with this id, if there is a page of it."""
    tables = sandbox.engine.store.table
    return next((kind for kind in KINDS if key in tables(kind).records), None)


def _related(sandbox: Sandbox, key: str, record: Record) -> Iterator[tuple[str, str]]:
    """The kinds and ids of the records that a record names, and of its request for information."""
    texts = [value for value in record.values() if isinstance(value, str)]
    if (rfi := rfis.of(sandbox.account(), key)) is not None:
        texts.append(str(rfi["id"]))
    for text in dict.fromkeys(texts):
        if text != key and (kind := _kind_of(sandbox, text)) is not None:
            yield kind, text


def _with_deliveries(sandbox: Sandbox, events: list[Record]) -> list[dict[str, Any]]:
    urls = {one.id: one.url or "a receiver in this process" for one in sandbox.webhooks.endpoints}
    return [
        {
            "id": event["id"],
            "name": name_of(event),
            "at": event["created_at"],
            "subject": event["data"].get("id") or "",
            "deliveries": [
                {**one, "url": urls.get(one["endpoint"], one["endpoint"])}
                for one in sandbox.webhooks.deliveries(event["id"])
            ],
        }
        for event in events
    ]
