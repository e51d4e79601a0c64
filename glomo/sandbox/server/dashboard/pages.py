"""What each page shows, as plain data for its template."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

from glomo.sandbox.engine.clock import wire_time
from glomo.sandbox.engine.scheduler import TIMER, moment_of
from glomo.sandbox.engine.store import Record, public
from glomo.sandbox.engine.webhooks.events import CATALOGUE, name_of
from glomo.sandbox.server.faults import FaultKind

from .kinds import KINDS, money, row
from .steps import steps_of

if TYPE_CHECKING:
    from glomo.sandbox.sandbox import Sandbox

MOST_ROWS = 200


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
    return {"balances": balances, "due": _due(sandbox)[:8], "recent": recent[:8]}


def records(sandbox: Sandbox, kind: str) -> dict[str, Any]:
    """A list, newest first."""
    table = sandbox.engine.store.table(kind).records
    rows = [
        row(KINDS[kind], key, record) for key, record in islice(reversed(table.items()), MOST_ROWS)
    ]
    return {"kind": KINDS[kind], "rows": rows, "total": len(table)}


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
        "row": row(KINDS[kind], key, found),
        "steps": steps_of(sandbox, kind, found),
        "history": history,
        "postings": postings,
        "events": _with_deliveries(sandbox, list(reversed(events))),
        "json": json.dumps(public(found), indent=2, ensure_ascii=False),
    }


def webhooks(sandbox: Sandbox) -> dict[str, Any]:
    """The endpoints and the newest events, with every delivery."""
    events = sandbox.webhooks.events()
    newest = list(islice(reversed(events), MOST_ROWS))
    names = [f"{entity}.{event}" for entity, all_ in CATALOGUE.items() for event in all_]
    return {
        "endpoints": list(sandbox.webhooks.endpoints),
        "events": _with_deliveries(sandbox, newest),
        "total": len(events),
        "names": names,
    }


def requests(sandbox: Sandbox) -> dict[str, Any]:
    """The request log, newest first."""
    log = list(sandbox.requests)
    return {"rows": list(islice(reversed(log), MOST_ROWS)), "total": len(log)}


def faults(sandbox: Sandbox) -> dict[str, Any]:
    """The faults in force, and what can be chosen."""
    return {
        "active": sandbox.faults.active,
        "kinds_of_fault": [kind.value for kind in FaultKind],
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
            "kind": one["action"].partition(".")[0],
        }
        for one in timers
    ]


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
