"""Lists: filters on the time of creation, pages, and the description of a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Reversible
from datetime import datetime

from .clock import read_time
from .refusals import bad_request
from .store import Record, public
from .wire import Answer

_PER_PAGE = 20
_MOST = 100


def page_of(
    records: Reversible[Record],
    query: Mapping[str, str],
    keep: Callable[[Record], bool] = lambda _: True,
) -> Answer:
    """A page of the records that `keep` accepts, newest first, with its `page_meta`."""
    page = _whole(query, "page", 1)
    per_page = min(_whole(query, "per_page", _PER_PAGE), _MOST)
    before, after = _moment(query, "before"), _moment(query, "after")
    kept = [
        record
        for record in reversed(records)
        if (before is None or record["_created"] < before)
        and (after is None or record["_created"] > after)
        and keep(record)
    ]
    pages = -(-len(kept) // per_page)
    start = (page - 1) * per_page
    return Answer(
        {
            "data": [public(record) for record in kept[start : start + per_page]],
            "page_meta": {
                "current": page,
                "previous": page - 1 if page > 1 else None,
                "next": page + 1 if page < pages else None,
                "per_page": per_page,
                "pages": pages,
                "count": len(kept),
            },
        }
    )


def _whole(query: Mapping[str, str], name: str, default: int) -> int:
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
    moment: datetime | None = read_time(text)
    if moment is None:
        raise bad_request(f"{name} is invalid")
    return moment.timestamp()
