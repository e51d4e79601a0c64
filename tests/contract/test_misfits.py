"""The comparison with the description finds what it is there to find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from glomo.money import Money
from glomo.serialization.model import Model, Omit, OpenEnum, Params, model

from .description import Schema, merged
from .misfits import in_request, in_response


class Colour(OpenEnum):
    RED = "red"


@model
class Inner(Model):
    rate: Decimal | None = None


@model
class Thing(Model):
    colour: Colour | None = None
    at: datetime | None = None
    amount: int | None = None
    price: Money | None = None
    inner: tuple[Inner, ...] = ()


@model
class InnerParams(Params):
    name: str


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties}


TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
MONEY = _object(amount=NUMBER, currency=TEXT)


def test_what_fits_is_no_misfit() -> None:
    schema = _object(
        colour={"type": ["string", "null"], "enum": ["red", None]},
        at={"type": "string", "format": "timestamp"},
        amount=NUMBER,
        price=MONEY,
        inner={"type": "array", "items": {"allOf": [_object(rate=NUMBER)]}},
    )
    assert not list(in_response(schema, Thing, "thing"))


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        (_object(size=NUMBER), "thing.size"),
        (_object(colour={"type": "string", "enum": ["red", "blue"]}), "thing.colour"),
        (_object(amount={"type": "string", "enum": ["one"]}), "thing.amount"),
        (_object(amount={"type": "string"}), "thing.amount"),
        (_object(amount={"type": "boolean"}), "thing.amount"),
        (_object(at={"type": "string", "format": "date"}), "thing.at"),
        (_object(price=_object(amount=NUMBER, currency=TEXT, bearer=TEXT)), "thing.price"),
        (_object(inner=_object(rate=NUMBER)), "thing.inner"),
        (_object(inner={"type": "array", "items": _object(rate=TEXT)}), "thing.inner[].rate"),
        (_object(inner={"type": "array", "items": _object(bps=NUMBER)}), "thing.inner[].bps"),
        (_object(amount={"type": "array", "items": NUMBER}), "thing.amount"),
        (_object(amount={"type": "object"}), "thing.amount"),
        ({"allOf": [MONEY, {"anyOf": [_object(at=TEXT)]}]}, "thing.currency"),
    ],
)
def test_a_misfit_in_a_response_is_found_at_its_place(schema: Schema, place: str) -> None:
    assert place in [where for where, _ in in_response(schema, Thing, "thing")]


@pytest.mark.parametrize(
    ("schema", "hint", "place"),
    [
        (_object(name=TEXT, size=NUMBER), InnerParams | Mapping[str, Any] | Omit, "it.size"),
        (_object(name=NUMBER), InnerParams | Mapping[str, Any], "it.name"),
        (_object(name=TEXT), Mapping[str, Any], "it"),
        (_object(name=TEXT), InnerParams, "it"),
        ({"type": "array", "items": _object(size=TEXT)}, Sequence[InnerParams], "it[].size"),
        ({"type": "array", "items": TEXT}, str | Omit, "it"),
        ({"type": "string", "enum": ["blue"]}, Colour | str, "it"),
        ({"type": "string", "enum": ["red"]}, str, "it"),
        ({"type": "string", "format": "timestamp"}, str, "it"),
        (NUMBER, str, "it"),
        (TEXT, int, "it"),
    ],
)
def test_a_misfit_in_a_request_is_found_at_its_place(schema: Schema, hint: Any, place: str) -> None:
    assert place in [where for where, _ in in_request(schema, hint, "it")]


def test_what_only_responses_have_is_not_asked_for() -> None:
    schema = _object(name=TEXT, id={"type": "string", "readOnly": True})
    assert not list(in_request(schema, InnerParams | Mapping[str, Any], "it"))


def test_the_parts_of_a_schema_come_together() -> None:
    schema = {
        "allOf": [
            _object(a={"type": "string", "enum": ["x"]}, b=TEXT),
            {"oneOf": [_object(c=TEXT), _object(a={"enum": ["y"]})]},
        ]
    }
    together = merged(schema)["properties"]
    assert set(together) == {"a", "b", "c"}
    assert together["a"]["enum"] == ["x", "y"]
