"""What the type of a field says: optional, a tuple, a model, money."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeGuard

import attrs

from glomo.money import Money
from glomo.serialization.model import Model, fields_of, wire_name


def is_optional(kind: Any) -> bool:
    """Whether a type is `X | None`."""
    if not isinstance(kind, types.UnionType) and typing.get_origin(kind) is not typing.Union:
        return False
    members = typing.get_args(kind)
    return len(members) == 2 and type(None) in members


def without_none(kind: Any) -> Any:
    """The `X` of `X | None`; any other type as it is."""
    if not is_optional(kind):
        return kind
    return next(member for member in typing.get_args(kind) if member is not type(None))


def is_tuple(kind: Any) -> bool:
    """Whether a type is `tuple[X, ...]`."""
    return typing.get_origin(kind) is tuple and typing.get_args(kind)[-1] is Ellipsis


def is_model(kind: Any) -> TypeGuard[type[Model]]:
    """Whether a type is a model of the API's objects."""
    return isinstance(kind, type) and issubclass(kind, Model)


def kind_in(owner: Mapping[str, Any], a: attrs.Attribute[Any]) -> Any:
    """The type of a field as it is read: a neighbour may choose it, and it may always be null
    unless the object is nothing without it.
    """
    variants = a.metadata.get("variants")
    if variants is not None:
        tag = owner.get(a.metadata["tag"])
        return variants.get(tag if type(tag) is str else None, Mapping[str, Any]) | None
    kind: Any = a.type
    return kind | None if is_always_sent(a) else kind


def is_always_sent(a: attrs.Attribute[Any]) -> bool:
    """Whether the API sends a field with every object, so that its type says nothing of `None`."""
    return bool(a.metadata.get("always"))


@cache
def strict_fields(cls: Any) -> frozenset[str]:
    """The fields of a model that are read as they are or not at all: identity, status and money.

    Identity and status are the fields without a default, and any other field whose type knows
    nothing to read in place of what does not fit. Money is what is of type `Money`, what is
    called an amount, the currency beside an amount, and every object that holds money.
    """
    fields = fields_of(cls)
    names = {a.name for a in fields}
    return frozenset(
        wire_name(a)
        for a in fields
        if a.default is attrs.NOTHING
        or not (is_optional(a.type) or is_tuple(a.type) or is_always_sent(a))
        or _is_amount(a.name)
        or (a.name.endswith("currency") and f"{a.name.removesuffix('currency')}amount" in names)
        or _holds_money(a.type)
    )


def _is_amount(name: str) -> bool:
    return name == "amount" or name.endswith("_amount")


def _holds_money(kind: Any) -> bool:
    if kind is Money:
        return True
    if is_model(kind):
        return any(_is_amount(a.name) or _holds_money(a.type) for a in fields_of(kind))
    return any(_holds_money(member) for member in typing.get_args(kind))
