"""Whether an object of the API is the one that a request asked for.

A 2xx is no proof: a connection out of step delivers another request's response, and a list that
ignores its filter shows other people's objects. These functions compare what was asked with what
is there. They serve the protocol of a call and the batch runner alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast

from glomo._errors_base import printable, shown
from glomo.money import Money
from glomo.serialization.model import OpenEnum

from .operation import Operation

Row = TypeVar("Row", bound=Mapping[str, Any])

_MASK = re.compile(r"[*•]|[Xx]{3}")
_SEPARATORS = re.compile(r"[\s-]")

Differences = Mapping[str, tuple[object, object]]
"""For each field that differs, what was asked and what exists."""


def differences(
    compare: Mapping[str, str], asked: Mapping[str, Any], existing: Mapping[str, Any]
) -> Differences:
    """The fields in which what exists is not what was asked.

    Only fields that were asked for are compared. A field that the API does not show (null: not
    settled yet) says nothing.

    Args:
        compare: the object's field that must equal each field of the request. A dot leads into an
            object inside.
        asked: the request's body.
        existing: the object as the API shows it.
    """
    differing: dict[str, tuple[object, object]] = {}
    for field, shown_as in compare.items():
        wanted, exists = _value(asked, field), _value(existing, shown_as)
        if wanted is None or exists is None or wanted == exists:
            continue
        if _equal(wanted, exists, exact=field.endswith("_id")):
            continue
        if field.endswith("account_number") and _same_account(str(wanted), str(exists)):
            continue
        if field != shown_as and field.endswith("_id") and _prefix(wanted) != _prefix(exists):
            continue  # ids of two kinds: whether they mean one object cannot be told
        differing[field] = (wanted, exists)
    return differing


def _value(source: Mapping[str, Any], field: str) -> Any:
    if "." not in field:
        return source.get(field)
    value: Any = source
    for name in field.split("."):
        if not isinstance(value, Mapping):
            return None
        value = cast("Mapping[str, Any]", value).get(name)
    return value


def _same_account(wanted: str, exists: str) -> bool:
    """Whether two account numbers may be one: case and separators aside; a mask tells nothing."""
    return bool(_MASK.search(exists)) or _SEPARATORS.sub("", wanted).casefold() == (
        _SEPARATORS.sub("", exists).casefold()
    )


def _equal(wanted: object, exists: object, *, exact: bool) -> bool:
    if isinstance(wanted, OpenEnum):
        wanted = wanted.value
    if isinstance(wanted, Money):
        wanted = wanted.minor
    if isinstance(wanted, str) and isinstance(exists, str) and not exact:
        return wanted.casefold() == exists.casefold()
    return wanted == exists


def _prefix(id: object) -> str:
    return str(id).partition("_")[0]


def describe(differing: Differences) -> str:
    """The differences as the end of a sentence: `source_amount (asked 100, exists 200)`."""
    return ", ".join(
        f"{field} (asked {_render(asked)}, exists {_render(exists)})"
        for field, (asked, exists) in differing.items()
    )


def _render(value: object) -> str:
    return printable(str(value)) if isinstance(value, (str, Money)) else shown(value)


def mismatch(
    op: Operation[Any],
    path: Mapping[str, str],
    body: Mapping[str, Any],
    request_id: str | None,
    value: Any,
) -> str:
    """Why the object of a 2xx response cannot be the response to a request; `""` if it can.

    Checked are the id in the path, the `request_id`, and the fields that the operation compares.

    Args:
        op: the operation.
        path: the call's path parameters.
        body: the fields that were sent.
        request_id: the idempotency key that was sent, if any.
        value: the response's JSON value, unwrapped.
    """
    if value.__class__ is not dict:
        return "" if request_id is None or value is None else "it is no object"
    id, shown_key = value.get("id"), value.get("request_id")
    by_itself = shown_key is not None and id is not None  # as what a create makes
    if request_id is not None and not by_itself and _is_another_kind(id, body, value):
        return "it is an object of another kind"
    for asked in path.values():
        # Of another kind, it is a part of the object in the path, such as a customer's account.
        if isinstance(id, str) and id != asked and _prefix(id) == _prefix(asked):
            return f"it shows {shown(id)}, not {shown(asked)}"
    if request_id is not None and shown_key is not None and shown_key != request_id:
        return "it shows another request_id"
    if body.get("quote_id") is not None and shown_key is None and value.get("quote_id") is None:
        # The quote stands for the amounts: without it, nothing else tells this object from others.
        return "it shows neither its request_id nor its quote_id" if request_id else ""
    compare = op.lookup.compare if op.lookup is not None else op.echoes
    differing = differences(compare, body, value)
    return f"it differs in {', '.join(differing)}" if differing else ""


def _is_another_kind(id: object, body: Mapping[str, Any], value: Mapping[str, Any]) -> bool:
    """Whether a create shows a page, or an object like one that the request refers to."""
    if id is None:
        return value.get("data").__class__ is list
    referred = {_prefix(sent) for field, sent in body.items() if field.endswith("_id")}
    return "_" in str(id) and _prefix(id) in referred


def rows_of(value: Any) -> list[dict[str, Any]] | None:
    """The objects of a list response; `None` if it is no list, which is not an empty one."""
    rows: Any = value.get("data") if value.__class__ is dict else value
    if rows.__class__ is not list or any(row.__class__ is not dict for row in rows):
        return None
    return rows


def pick(rows: Iterable[Row], request_id: str) -> Row | None:
    """The object that holds the `request_id`.

    An object that does not show its request_id counts only if it is the only one: a server that
    ignores the filter would send others' objects.
    """
    rows = list(rows)
    for row in rows:
        if row.get("request_id") == request_id:
            return row
    if len(rows) == 1 and rows[0].get("request_id") is None and "request_id" not in rows[0]:
        return rows[0]
    return None
