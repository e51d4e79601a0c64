"""Rules that hold for all models: amounts, what is always sent, names in editors."""

from __future__ import annotations

import inspect
import pkgutil
import re
import typing
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import attrs
import pytest

import glomo.models
from glomo import Money
from glomo.serialization.kinds import is_always_sent
from glomo.serialization.model import Model, OpenEnum

from .description import Schema, merged, operations
from .sdk import alternatives, fields, hints, is_a
from .sdk import operations as sdk_operations


def _modules() -> list[Any]:
    return [
        import_module(f"glomo.models.{info.name}")
        for info in pkgutil.iter_modules(glomo.models.__path__)
    ]


MODELS: dict[str, type[Model]] = {
    name: value
    for module in _modules()
    for name, value in vars(module).items()
    if is_a(value, Model) and value is not Model
}
EVERY_MODEL = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)


def _amounts(model: type[Model]) -> Iterator[tuple[str, str]]:
    """The amounts in minor units, each with the name that the one rule gives their `Money`."""
    for a in attrs.fields(model):
        is_number = int in alternatives(hints(model)[a.name])
        if is_number and re.fullmatch(r"(\w+_)?amount", a.name):
            yield a.name, a.name.removesuffix("_amount") if a.name != "amount" else "money"


def test_there_are_amounts() -> None:
    assert sum(1 for model in MODELS.values() for _ in _amounts(model)) > 20


@EVERY_MODEL
def test_every_amount_is_money_under_one_rule(model: type[Model]) -> None:
    for amount, name in _amounts(model):
        of = inspect.getattr_static(model, name, None)
        assert isinstance(of, property), f"{model.__name__}.{amount} has no {name}"
        hint = typing.get_type_hints(of.fget)["return"]
        always = {a.name: is_always_sent(a) for a in attrs.fields(model)}[amount]
        assert hint == (Money if always else Money | None), f"{model.__name__}.{name}"


def _shown(schema: Schema, model: type[Model]) -> Iterator[tuple[str, Schema]]:
    properties = merged(schema).get("properties", {})
    model_fields = fields(model)
    for name, a in model_fields.items():
        if is_always_sent(a):
            yield f"{model.__name__}.{name}", properties.get(name, {"type": "missing"})


@pytest.mark.parametrize("described", operations(), ids=lambda described: described.name)
def test_what_is_typed_as_always_sent_is_described_and_not_nullable(described: Any) -> None:
    if described.response is None or described.documented != "wholly":
        return
    op: Any = sdk_operations()[described.name]
    schema = merged(described.response)
    model = getattr(op, "item", None) or op.result
    if described.is_list:
        items = schema.get("items") or schema["properties"]["data"]["items"]
    else:
        items = schema["properties"][op.unwrap] if op.unwrap else schema
    for where, field in _shown(items, model):
        kind = merged(field).get("type")
        assert kind != "missing", f"{where} is not in the description"
        assert not (isinstance(kind, list) and "null" in kind), f"{where} may be null"


def _literals() -> Iterator[tuple[str, frozenset[str], type[OpenEnum]]]:
    for module in _modules():
        for name, value in vars(module).items():
            enum = vars(module).get(name.removesuffix("Name").removesuffix("Value"))
            is_literal = typing.get_origin(value) is typing.Literal
            if is_literal and isinstance(enum, type) and issubclass(enum, OpenEnum):
                yield name, frozenset(typing.get_args(value)), enum


LITERALS = list(_literals())


def test_editors_complete_many_names() -> None:
    assert len(LITERALS) >= 12


@pytest.mark.parametrize(("name", "values", "enum"), LITERALS, ids=[n for n, _, _ in LITERALS])
def test_the_names_that_editors_complete_are_those_of_the_enumeration(
    name: str, values: frozenset[str], enum: type[OpenEnum]
) -> None:
    members = {member.value for member in enum}
    # What can only be read is not offered to be sent.
    legacy = {"partially_paid", "pending"}
    assert values <= members
    assert members - values <= legacy, name
