"""What each page shows, as plain data for its template."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from glomo.sandbox.engine.clock import wire_time
from glomo.sandbox.engine.engine import MERCHANT
from glomo.sandbox.engine.scheduler import TIMER, moment_of
from glomo.sandbox.engine.store import Record, public
from glomo.sandbox.engine.webhooks.events import CATALOGUE, name_of
from glomo.sandbox.engine.webhooks.outbox import DELIVER
from glomo.sandbox.server.faults import TIMED_KINDS, FaultKind

from . import records
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
        page = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 1
        return cls(min(max(page, 1), max(1, -(-total // PER_PAGE))), total)

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
    return {
        "balances": records.balances(sandbox.account()),
        "due": [
            {**timer, "kind": records.kind_of(sandbox, timer["subject"])}
            for timer in islice((timer for timer in _due(sandbox) if timer["action"] != DELIVER), 8)
        ],
        "recent": records.latest(sandbox, 8),
    }


def listing(sandbox: Sandbox, kind: str, number: str) -> dict[str, Any]:
    """A page of a list."""
    paging = Paging.of(number, records.count(sandbox, kind))
    rows = paging.cut(records.newest(sandbox, kind))
    return {"kind": KINDS[kind], "rows": rows, "paging": paging}


def record(sandbox: Sandbox, kind: str, key: str) -> dict[str, Any] | None:
    """One record: steps, history, postings, webhooks; None if there is none."""
    owned = records.get(sandbox, kind, key)
    if owned is None:
        return None
    account, item = owned
    events = [event for event in sandbox.webhooks.events() if event["data"].get("id") == key]
    history = [
        {"at": event["created_at"], "text": name_of(event), "due": False} for event in events
    ]
    if created := item.get("created_at"):
        history.insert(0, {"at": created, "text": "created", "due": False})
    history += [
        {"at": timer["at"], "text": timer["action"], "due": True}
        for timer in _due(sandbox)
        if timer["subject"] == key
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
        for one in account.books.postings(key)
    ]
    return {
        "kind": KINDS[kind],
        "related": records.related(sandbox, account, key, item),
        "balances": records.balances(sandbox.account(key)) if kind == MERCHANT else [],
        "row": row(KINDS[kind], key, item, account.id),
        "steps": steps_of(sandbox, account, kind, item),
        "history": history,
        "postings": postings,
        "events": _with_deliveries(sandbox, list(reversed(events))),
        "json": json.dumps(public(item), indent=2, ensure_ascii=False),
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
    every = [(kind, records.count(sandbox, kind.table)) for kind in KINDS.values()]
    return [{"kind": kind, "count": count} for kind, count in every if count or kind.main]


def _due(sandbox: Sandbox) -> list[dict[str, Any]]:
    timers = list(sandbox.engine.store.table(TIMER).records.values())
    timers.sort(key=lambda timer: timer["at"])
    return [
        {
            "at": wire_time(moment_of(timer["at"])),
            "action": timer["action"],
            "subject": timer["subject"],
        }
        for timer in timers
    ]


def _with_deliveries(sandbox: Sandbox, events: list[Record]) -> list[dict[str, Any]]:
    urls = {
        endpoint.id: endpoint.url or "a receiver in this process"
        for endpoint in sandbox.webhooks.endpoints
    }
    return [
        {
            "id": event["id"],
            "name": name_of(event),
            "at": event["created_at"],
            "subject": event["data"].get("id") or "",
            "deliveries": [
                {**delivery, "url": urls.get(delivery["endpoint"], delivery["endpoint"])}
                for delivery in sandbox.webhooks.deliveries(event["id"])
            ],
        }
        for event in events
    ]
