"""Never twice: finding out what an attempt whose answer was lost has done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glomo.codec import is_list, is_object
from glomo.errors import StatusError
from glomo.model import OpenEnum
from glomo.money import Money

from .operation import Lookup


def is_duplicate(error: StatusError) -> bool:
    """Whether the API says that the request_id was used before."""
    return error.status in (400, 409) and "already exist" in error.message.lower()


def is_lock(error: StatusError) -> bool:
    """Whether the API is still busy with the object: wait and try again."""
    return error.status == 409 and "being processed" in error.message.lower()


def pick(value: Any, request_id: str) -> dict[str, Any] | None:
    """The one object of a look-up's answer that holds the request_id.

    An object that does not show its request_id counts only if it is the only one: a server that
    ignored the filter would answer with others' objects.
    """
    rows: Any = value.get("data") if is_object(value) else value
    if not is_list(rows):
        return None
    objects = [row for row in rows if is_object(row)]
    named = [row for row in objects if row.get("request_id") == request_id]
    if named:
        return named[0]
    if len(objects) == 1 and "request_id" not in objects[0]:
        return objects[0]
    return None


def differences(
    lookup: Lookup, asked: Mapping[str, Any], existing: Mapping[str, Any]
) -> dict[str, tuple[object, object]]:
    """The fields in which what exists is not what was asked.

    Only fields that were asked for are compared; one that the API does not show (null: not settled
    yet) says nothing.
    """
    found: dict[str, tuple[object, object]] = {}
    for field, shown_as in lookup.compare.items():
        wanted, exists = asked.get(field), existing.get(shown_as)
        if wanted is None or exists is None or _same(wanted, exists):
            continue
        found[field] = (wanted, exists)
    return found


def _same(wanted: object, exists: object) -> bool:
    if isinstance(wanted, OpenEnum):
        wanted = wanted.value
    if isinstance(wanted, str) and isinstance(exists, str):
        return wanted.casefold() == exists.casefold()
    return wanted == exists


def describe(found: Mapping[str, tuple[object, object]]) -> str:
    """The differences as a sentence's end: `source_amount (asked 100, exists 200)`."""
    return ", ".join(
        f"{field} (asked {_show(asked)}, exists {_show(exists)})"
        for field, (asked, exists) in found.items()
    )


def _show(value: object) -> str:
    return str(value) if isinstance(value, (int, str, Money)) else repr(value)
