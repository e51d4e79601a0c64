"""Never twice: finding out what an attempt whose answer was lost has done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glomo.errors import ParameterError, StatusError
from glomo.money import Money
from glomo.serialization.model import OMIT, OpenEnum
from glomo.serialization.values import is_list, is_object

from .operation import Call, Lookup, Operation, Replay


def effective_body(call: Call) -> Mapping[str, Any]:
    """The fields that are sent: those of the method, and `extra_body` in their place."""
    body, extra = call.body or {}, call.options.get("extra_body")
    if not extra:
        return body
    return {**body, **{name: value for name, value in extra.items() if value is not OMIT}}


def request_id_of(op: Operation[Any], body: Mapping[str, Any]) -> str | None:
    """The idempotency key that is sent, for operations that have one.

    Raises:
        ParameterError: there is none, so that a second attempt could create a second object.
    """
    if op.replay is not Replay.REQUEST_ID:
        return None
    given = body.get("request_id")
    if isinstance(given, str) and given.strip():
        return given
    raise ParameterError(
        f"{op.name}: request_id must be text that is not empty, not {given!r}; "
        "leave it out to have one made",
        parameter="request_id",
        operation=op.name,
    )


def is_duplicate(error: StatusError) -> bool:
    """Whether the API says that the request_id was used before."""
    return error.status in (400, 409) and "already exist" in _said(error)


def is_lock(error: StatusError) -> bool:
    """Whether the API is still busy with the object: wait and try again."""
    return error.status == 409 and "being processed" in _said(error)


def _said(error: StatusError) -> str:
    return f"{error.message} {error.error or ''}".lower()


def rows_of(value: Any) -> list[dict[str, Any]] | None:
    """The objects of a look-up's answer; `None` if it is no list, which is not an empty one."""
    rows: Any = value.get("data") if is_object(value) else value
    if not is_list(rows) or not all(is_object(row) for row in rows):
        return None
    return rows


def pick(rows: list[dict[str, Any]], request_id: str) -> dict[str, Any] | None:
    """The one object that holds the request_id.

    An object that does not show its request_id counts only if it is the only one: a server that
    ignored the filter would answer with others' objects.
    """
    for row in rows:
        if row.get("request_id") == request_id:
            return row
    if len(rows) == 1 and "request_id" not in rows[0]:
        return rows[0]
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
        if wanted is None or exists is None or _same(wanted, exists, exact=field.endswith("_id")):
            continue
        if field != shown_as and field.endswith("_id") and _prefix(wanted) != _prefix(exists):
            continue  # ids of two kinds: whether they mean one object cannot be told
        found[field] = (wanted, exists)
    return found


def _same(wanted: object, exists: object, *, exact: bool) -> bool:
    if isinstance(wanted, OpenEnum):
        wanted = wanted.value
    if isinstance(wanted, str) and isinstance(exists, str) and not exact:
        return wanted.casefold() == exists.casefold()
    return wanted == exists


def _prefix(id: object) -> str:
    return str(id).rpartition("_")[0]


def describe(found: Mapping[str, tuple[object, object]]) -> str:
    """The differences as a sentence's end: `source_amount (asked 100, exists 200)`."""
    return ", ".join(
        f"{field} (asked {_show(asked)}, exists {_show(exists)})"
        for field, (asked, exists) in found.items()
    )


def _show(value: object) -> str:
    return str(value) if isinstance(value, (int, str, Money)) else repr(value)


def how_to_find_out(op: Operation[Any], request_id: str | None) -> str:
    """What to tell the caller of a call whose outcome is unknown."""
    if request_id is not None:
        return (
            f"Call it again with request_id={request_id!r}: it will not be done twice. "
            "Or look for that request_id in the list."
        )
    return op.find_out or "Read the object, or the list, before calling it again."
