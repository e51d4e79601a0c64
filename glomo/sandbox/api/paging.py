"""Lists: filters on the time of creation, pages, and the description of a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Reversible
from datetime import timedelta

from glomo.sandbox.engine.clock import read_time
from glomo.sandbox.engine.errors import bad_request
from glomo.sandbox.engine.store import Record, public

from .endpoint import Request, Response

_PER_PAGE = 20
_MAX_PER_PAGE = 100
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def page_of(
    request: Request,
    records: Reversible[Record],
    keep: Callable[[Record], bool] = lambda _: True,
    show: Callable[[Record], Record] = public,
) -> Response:
    """A page of the records that `keep` accepts, newest first, with its `page_meta`.

    `before` and `after` are inclusive. A bare date is the day's end for `before`, its start for
    `after`, in UTC.
    """
    query = request.query
    page = _positive_integer(query, "page", 1)
    per_page = min(_positive_integer(query, "per_page", _PER_PAGE), _MAX_PER_PAGE)
    before, after = _moment(query, "before"), _moment(query, "after")
    if request.seen_until is not None:
        snapshot_time = request.seen_until.timestamp()
        before = snapshot_time if before is None else min(before, snapshot_time)
    matching = [
        record
        for record in reversed(records)
        if (before is None or record["_created"] <= before)
        and (after is None or record["_created"] >= after)
        and keep(record)
    ]
    pages = -(-len(matching) // per_page)
    start = (page - 1) * per_page
    return Response(
        {
            "data": [show(record) for record in matching[start : start + per_page]],
            "page_meta": {
                "current": page,
                "previous": page - 1 if page > 1 else None,
                "next": page + 1 if page < pages else None,
                "per_page": per_page,
                "pages": pages,
                "count": len(matching),
            },
        }
    )


def matching(request: Request, *names: str) -> Callable[[Record], bool]:
    """Accepts the records whose fields equal the filters of the query with these names."""
    filters = {name: value for name in names if (value := request.query.get(name))}
    return lambda record: all(record[name] == value for name, value in filters.items())


def _positive_integer(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
        raise bad_request(f"{name} is invalid")
    return int(text)


def _moment(query: Mapping[str, str], name: str) -> float | None:
    text = query.get(name, "")
    if not text:
        return None
    moment = read_time(text)
    if moment is None:
        raise bad_request(f"{name} is invalid")
    if name == "before" and _DATE.fullmatch(text):
        moment += timedelta(days=1, microseconds=-1)
    return moment.timestamp()
