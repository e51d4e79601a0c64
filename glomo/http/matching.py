"""Whether an object of the API is the one that a request asked for.

A 2xx is no proof: a connection out of step delivers another request's response, and a list that
ignores its filter shows other people's objects. These functions compare what was asked with what
is there. They serve the protocol of a call and the batch runner alike.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from functools import cache
from typing import Any, TypeVar, cast

from glomo import id_prefixes
from glomo._errors_base import preview, printable
from glomo.money import Money
from glomo.serialization.model import OMIT, Model, OpenEnum, Params, fields_of, wire_name

from .operation import Operation, Replay

Row = TypeVar("Row", bound=Mapping[str, Any])

_MASK = re.compile(r"[*•]|[Xx]{3}")
_SEPARATORS = re.compile(r"[\s-]")
_KINDS = frozenset(own for prefixes in id_prefixes.BY_MODEL.values() for own in prefixes)

IDENTITIES = ("id", "merchant_id", "account_id")
"""The field that tells an object from all others; every model has one of them at most."""

TIES = 2
"""Fields that must be shown, and equal what was asked, by an object without its `request_id`."""

_COME_TO_NOTHING = ("failed", "cancelled", "expired")

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
        wanted = _at(asked, field) if "." in field else asked.get(field)
        exists = _at(existing, shown_as) if "." in shown_as else existing.get(shown_as)
        if wanted is None or wanted is OMIT or exists is None or wanted == exists:
            continue
        if _equal(field, wanted, exists):
            continue
        if field != shown_as and field.endswith("_id") and _prefix(wanted) != _prefix(exists):
            continue  # ids of two kinds: whether they mean one object cannot be told
        differing[field] = (wanted, exists)
    return differing


def _at(value: Any, place: str) -> Any:
    """What is at a place such as `bank_account.account_number`; `None` if nothing is."""
    for name in place.split("."):
        if isinstance(value, Mapping):
            value = value.get(name)  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        else:
            value = getattr(value, name, None) if isinstance(value, Params) else None
    return None if value is OMIT else value  # pyright: ignore[reportUnknownVariableType]


def _equal(field: str, wanted: object, exists: object) -> bool:
    if isinstance(wanted, OpenEnum):
        wanted = wanted.value
    if isinstance(wanted, Money):
        wanted = wanted.minor
    if isinstance(wanted, str) and isinstance(exists, str):
        if field.endswith("account_number"):  # which may be shown masked
            return _is_same_account(wanted, exists)
        if not field.endswith("_id"):
            return _folded(wanted) == _folded(exists)
    return wanted == exists


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _is_same_account(wanted: str, exists: str) -> bool:
    """Whether two account numbers may be one: case and separators aside; a mask tells nothing."""
    return bool(_MASK.search(exists)) or _SEPARATORS.sub("", wanted).casefold() == (
        _SEPARATORS.sub("", exists).casefold()
    )


def describe(differing: Differences) -> str:
    """The differences as the end of a sentence: `source_amount (asked 100, exists 200)`."""
    return ", ".join(
        f"{field} (asked {_render(asked)}, exists {_render(exists)})"
        for field, (asked, exists) in differing.items()
    )


def _render(value: object) -> str:
    return printable(str(value)) if isinstance(value, (str, Money)) else preview(value)


def mismatch(
    op: Operation[Any],
    path: Mapping[str, str],
    body: Mapping[str, Any],
    request_id: str | None,
    value: Any,
) -> str:
    """Why the object of a 2xx response cannot be the response to a request; `""` if it can.

    Checked are the kind of the object, the id in the path, the `request_id`, and the fields that
    the operation compares.

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
    if _is_of_another_kind(op, id, value):
        return "it is an object of another kind"
    if id == "":
        return "its id is empty"
    for asked in path.values():
        # Of another kind, it is a part of the object in the path, such as a customer's account.
        if isinstance(id, str) and id != asked and _prefix(id) == _prefix(asked):
            return f"it shows {preview(id)}, not {preview(asked)}"
    if request_id is not None and shown_key is not None and shown_key != request_id:
        return "it shows another request_id"
    compare = op.lookup.compare if op.lookup is not None else op.echoes
    differing = differences(compare, body, value)
    if differing:
        return f"it differs in {', '.join(differing)}"
    if request_id is not None and shown_key is None:
        return _untied(op, compare, body, value)
    return ""


def _is_of_another_kind(op: Operation[Any], id: object, value: Mapping[str, Any]) -> bool:
    """Whether an object cannot be of an operation's kind, by its id or by the fields it has."""
    own = id_prefixes.BY_MODEL.get(op.result.__name__)
    if own is not None and not str(id).startswith(own) and _prefix(id) in _KINDS:
        return True
    if op.replay is Replay.SAFE:
        return False
    names = wire_names(op.result)
    return bool(names) and bool(value) and names.isdisjoint(value)


def _untied(
    op: Operation[Any],
    compare: Mapping[str, str],
    body: Mapping[str, Any],
    value: Mapping[str, Any],
) -> str:
    """What an object lacks that shows no `request_id`, to be the one that was asked for.

    One field alone, such as a purpose code, is that of many objects.
    """
    if body.get("quote_id") is not None and value.get("quote_id") is None:
        # The quote stands for the amounts: without it, nothing else tells this object from others.
        return "it shows neither its request_id nor its quote_id"
    names = wire_names(op.result)
    asked = [compare[name] for name in compare if body.get(name) is not None]
    asked = [name for name in asked if name in names]
    shown = [name for name in asked if value.get(name) is not None]
    if len(shown) < min(TIES, len(asked)):
        return f"it shows no request_id, and too little of what was asked: {', '.join(asked)}"
    return ""


def shows_identity(result: type[Any], value: Any) -> bool:
    """Whether a response is an object of the result's kind for sure, even if it does not fit."""
    if value.__class__ is not dict:
        return False
    names = wire_names(result)
    ids = [value[name] for name in IDENTITIES if name in names and name in value]
    own = id_prefixes.BY_MODEL.get(result.__name__)
    return any(own is None or str(id).startswith(own) for id in ids)


def _prefix(id: object) -> str:
    """How an id begins, with its underscore."""
    kind, underscore, _ = str(id).partition("_")
    return kind + underscore


def wire_names(result: type[Any]) -> frozenset[str]:
    """The names of a model's fields in the API's JSON; none if its response is not documented."""
    return _wire_names(cast("Hashable", result))


@cache
def _wire_names(result: Hashable) -> frozenset[str]:
    if not (isinstance(result, type) and issubclass(result, Model)):
        return frozenset()
    names = {a.name: wire_name(a) for a in fields_of(result)}
    names.pop("extra", None)
    return frozenset() if "value" in names else frozenset(names.values())


def rows_of(value: Any) -> list[dict[str, Any]] | None:
    """The objects of a list response; `None` if it is no list, which is not an empty one."""
    rows: Any = value.get("data") if value.__class__ is dict else value
    if rows.__class__ is not list or any(row.__class__ is not dict for row in rows):
        return None
    return rows


def pick(rows: Iterable[Row], request_id: str) -> Row | None:
    """The object that holds the `request_id`.

    Of several, one that has come to nothing counts last. An object that does not show its
    request_id counts only if it is the only one: a server that ignores the filter would send
    others' objects.
    """
    rows = sorted(rows, key=lambda row: row.get("status") in _COME_TO_NOTHING)
    for row in rows:
        if row.get("request_id") == request_id:
            return row
    if len(rows) == 1 and rows[0].get("request_id") is None and "request_id" not in rows[0]:
        return rows[0]
    return None
