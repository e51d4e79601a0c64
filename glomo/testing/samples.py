"""A valid object of every model: only what the API always sends, with plausible values."""

from __future__ import annotations

import types
import typing
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs

from glomo.money import Money
from glomo.serialization.model import Model, OpenEnum, fields_of, wire_name

_TIME = "2026-09-09T07:00:09Z"
_TEXTS = {"currency": "USD", "country": "IND", "email": "a@example.com"}
_SIMPLE: dict[Any, Any] = {
    int: 10_000,
    bool: False,
    Decimal: "1.5",
    datetime: _TIME,
    date: _TIME[:10],
    Money: {"amount": 10_000, "currency": "USD"},
}


def sample(model: type[Model], *, id: str = "obj_1") -> dict[str, Any]:
    """An object of the model as the API sends it.

    Args:
        model: the model's class.
        id: for its `id`, if it has one.
    """
    attrs.resolve_types(typing.cast("type[attrs.AttrsInstance]", model))
    values: dict[str, Any] = {}
    for attribute in fields_of(model):
        if attribute.name == "extra" or "variants" in attribute.metadata:
            continue
        if attribute.name == "id":
            values["id"] = id
        elif attribute.default is attrs.NOTHING or attribute.name in ("status", "created_at"):
            values[wire_name(attribute)] = _value(attribute.name, attribute.type)
    return values


def _value(name: str, kind: Any) -> Any:
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        kind = next(member for member in typing.get_args(kind) if member is not type(None))
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if kind is str:
        return next((text for word, text in _TEXTS.items() if word in name), f"{name} 1")
    if isinstance(kind, type) and issubclass(kind, OpenEnum):
        return next(iter(kind)).value
    if isinstance(kind, type) and issubclass(kind, Model):
        return sample(kind)
    return [] if typing.get_origin(kind) is tuple else {}
