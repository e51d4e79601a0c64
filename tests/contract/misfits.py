"""Where types of the SDK do not fit the API's description."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from glomo.money import Money
from glomo.serialization.model import Model, OpenEnum, Params

from .description import Schema, kind, merged, sent, values
from .sdk import alternatives, fields, hints, is_a

RATES = frozenset({"rate", "bps", "fx_rate"})
"""Numbers that may have a fraction. All others are minor units, days or counts."""

_MONEY = {"amount", "currency"}
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")


def in_response(schema: Schema, hint: Any, where: str) -> Iterator[tuple[str, str]]:
    """Where what is read does not fit: pairs of place and problem."""
    schema = merged(schema)
    types = alternatives(hint)
    described = kind(schema)
    if described is None:
        return
    if described == "array":
        yield from _in_array(schema, types, where)
    elif described == "object":
        yield from _in_object(schema, types, where)
    elif described == "string" and values(schema):
        # Currencies are text: a sum in one that is new must still be readable as money.
        if not (where.endswith("currency") and str in types):
            yield from _in_enumeration(schema, types, where)
    elif (wanted := _leaf(schema, described, where)) not in types:
        enumerated = wanted is str and any(is_a(f, OpenEnum) for f in types)
        dated = wanted is str and date in types and _DATE.match(str(schema.get("example")))
        if not enumerated and not dated:
            yield where, f"is {_names(types)}, not {wanted.__name__}"


def _in_array(schema: Schema, types: Sequence[Any], where: str) -> Iterator[tuple[str, str]]:
    items = schema["items"]
    if Mapping[str, Money] in types and set(merged(items)["properties"]) == _MONEY:
        return
    inner = [typing.get_args(f)[0] for f in types if typing.get_origin(f) is tuple]
    if not inner:
        yield where, f"is {_names(types)}, not a tuple"
    else:
        yield from in_response(items, inner[0], f"{where}[]")


def _in_object(schema: Schema, types: Sequence[Any], where: str) -> Iterator[tuple[str, str]]:
    properties = schema.get("properties")
    models = [f for f in types if is_a(f, Model)]
    if properties is None:
        if not models and not any(typing.get_origin(f) is not None or f is Any for f in types):
            yield where, f"is {_names(types)}, not a mapping"
    elif Money in types and set(properties) == _MONEY:
        return
    elif len(models) != 1:
        yield where, f"is {_names(types)}, not a model"
    else:
        yield from _in_model(properties, models[0], where)


def _in_model(
    properties: Mapping[str, Schema], model: type[Model], where: str
) -> Iterator[tuple[str, str]]:
    model_fields = fields(model)
    for name, schema in properties.items():
        place = f"{where}.{name}"
        if name not in model_fields:
            yield place, f"is not a field of {model.__name__}"
            continue
        attribute = model_fields[name]
        if "variants" in attribute.metadata:
            tag = merged(properties[attribute.metadata["tag"]])
            models = attribute.metadata["variants"]
            if len(set(models.values())) < len(models):
                yield place, "has one model for several variants"
            # The description gives the variants in the order of the values that choose them.
            for value, variant in zip(values(tag), merged(schema)["variants"], strict=True):
                yield from in_response(
                    {"type": "object", **variant}, models.get(value), f"{place}<{value}>"
                )
        else:
            yield from in_response(schema, hints(model)[attribute.name], place)


def _in_enumeration(schema: Schema, types: Sequence[Any], where: str) -> Iterator[tuple[str, str]]:
    enums = [f for f in types if is_a(f, OpenEnum)]
    spelled = literals(types)
    if len(enums) > 1 or not (enums or spelled):
        yield where, f"is {_names(types)}, not an enumeration"
    for value in schema["enum"]:
        if value is None:
            continue
        if enums and not enums[0](value).known:
            yield where, f"{enums[0].__name__} lacks {value!r}"
        if spelled and value not in spelled:
            yield where, f"its Literal lacks {value!r}"


def literals(types: Sequence[Any]) -> list[object]:
    """The values that an editor can complete."""
    return [
        value
        for f in types
        if typing.get_origin(f) is typing.Literal
        for value in typing.get_args(f)
        if not isinstance(value, OpenEnum)
    ]


def _leaf(schema: Schema, described: str, where: str) -> type:
    name = where.rpartition(".")[2]
    if name == "fx_rate" or (name in RATES and described in ("integer", "number")):
        return Decimal  # an fx_rate is text in one description and a number in another
    if described == "string":
        formats = {
            "date-time": datetime,
            "timestamp": datetime,
            "date": date,
            "decimal": Decimal,
        }
        return formats.get(schema.get("format", ""), str)
    if described == "boolean":
        return bool
    return int


def _names(types: Sequence[Any]) -> str:
    return " | ".join(getattr(f, "__name__", str(f)) for f in types)


# ------------------------------------------------------------------ requests


def in_request(schema: Schema, hint: Any, where: str) -> Iterator[tuple[str, str]]:
    """Where what is sent does not fit: a mapping is always taken, a model must be whole."""
    schema = merged(schema)
    types = alternatives(hint)
    described = kind(schema)
    if described == "array":
        inner = [typing.get_args(f)[0] for f in types if typing.get_origin(f) is Sequence]
        if not inner:
            yield where, f"is {_names(types)}, not a sequence"
        else:
            yield from in_request(schema["items"], inner[0], f"{where}[]")
    elif described == "object":
        yield from _in_params(schema, types, where)
    elif schema.get("format") == "binary" or described is None:
        return
    elif schema.get("enum"):
        yield from _in_enumeration(schema, types, where)
    elif (wanted := _sent_leaf(schema, described)) not in types:
        enumerated = wanted is str and any(is_a(f, OpenEnum) for f in types)
        spelled = [type(value) for value in literals(types)]
        timed = wanted is str and datetime in types and _TIME.match(str(schema.get("example")))
        if not enumerated and not timed and set(spelled) != {wanted}:
            yield where, f"is {_names(types)}, not {wanted.__name__}"


def _in_params(schema: Schema, types: Sequence[Any], where: str) -> Iterator[tuple[str, str]]:
    if not any(typing.get_origin(f) is not None for f in types):
        yield where, f"is {_names(types)}, and no mapping"
    if "properties" not in schema:
        return
    models = [f for f in types if is_a(f, Params)]
    if len(models) != 1:
        yield where, f"is {_names(types)}, not a model of a request"
        return
    model_fields = fields(models[0])
    for name, inner in sent(schema):
        if name not in model_fields:
            yield f"{where}.{name}", f"is not a field of {models[0].__name__}"
        else:
            yield from in_request(
                inner, hints(models[0])[model_fields[name].name], f"{where}.{name}"
            )


def _sent_leaf(schema: Schema, described: str) -> type:
    return _leaf(schema, described, "") if described != "number" else int
