"""Objects that travel: models as plain JSON values and back, and what pydantic asks them.

The plain form is the API's own: its names, amounts in minor units, times in UTC. It is complete,
null where the API sent nothing, but for credentials (a merchant's token, a new secret key): those
leave an object only by its attribute.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from glomo.errors import DecodingError
from glomo.money import Money
from glomo.serialization.kinds import is_always_sent, is_tuple, without_none
from glomo.serialization.model import Model, OpenEnum, fields_of, is_credential, wire_name


def to_plain(value: Any) -> Any:
    """A value of a model as JSON has it: dictionaries, lists, text, numbers, true, false, null."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return str(value)  # a member of an enumeration is its text
    if isinstance(value, Model):
        return model_to_plain(value)
    if isinstance(value, Money):
        return {"amount": value.minor, "currency": value.currency}
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): to_plain(entry) for key, entry in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, (list, tuple)):
        return [to_plain(entry) for entry in value]  # pyright: ignore[reportUnknownVariableType]
    return value


def model_to_plain(model: Model) -> dict[str, Any]:
    """A model by the API's names; fields that the SDK does not know come last."""
    plain: dict[str, Any] = {}
    cls: Any = type(model)
    listed = _by_currency(cls)
    for a in fields_of(cls):
        if a.name == "extra" or is_credential(a):
            continue
        value = getattr(model, a.name)
        if a.name in listed:  # which the API sends as a list of amounts
            value = None if value is None else list(value.values())
        plain[wire_name(a)] = to_plain(value)
    # A field that did not fit is in `extra` as it came, and that is what the API said.
    plain.update(to_plain(dict(model.extra)))
    return plain


@cache
def _by_currency(cls: Any) -> frozenset[str]:
    """The fields that hold an amount for each currency."""
    hints = typing.get_type_hints(cls)
    return frozenset(name for name, kind in hints.items() if kind == Mapping[str, Money])


def model_to_json(model: Model) -> str:
    """The same as JSON text."""
    return json.dumps(model_to_plain(model), ensure_ascii=False, separators=(",", ":"))


def _number(value: Decimal) -> int | float | str:
    """A number as JSON has it, if it is the same number then; or else its text."""
    if value == value.to_integral_value() and abs(value.adjusted()) < 30:
        return int(value)
    return float(value) if Decimal(str(float(value))) == value else str(value)


# ------------------------------------------------------------------ pydantic


def pydantic_schema(cls: type[Model]) -> dict[str, Any]:
    """The core schema that pydantic asks a model for, made without pydantic.

    It takes an object of the class, or its plain form; in JSON it is the plain form. In a
    `model_dump()` that stays in Python the object stays itself.
    """

    def validate(value: Any) -> Any:
        if isinstance(value, cls):
            return value
        try:
            return cls.from_dict(value)
        except DecodingError as error:
            raise ValueError(str(error)) from None  # which pydantic reports as its own

    return {
        "type": "function-plain",
        "function": {"type": "no-info", "function": validate},
        "serialization": {
            "type": "function-plain",
            "function": model_to_plain,
            "when_used": "json",
        },
    }


def json_schema(kind: Any) -> dict[str, Any]:
    """The JSON schema of a model's plain form, for OpenAPI pages that frameworks make."""
    return _schema(kind, ())


_LEAVES: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Decimal: {"type": "number"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    Money: {
        "type": "object",
        "properties": {"amount": {"type": "integer"}, "currency": {"type": "string"}},
        "required": ["amount", "currency"],
    },
}


def _schema(kind: Any, within: tuple[Any, ...]) -> dict[str, Any]:
    inner = without_none(kind)
    if inner is not kind:
        return {"anyOf": [_schema(inner, within), {"type": "null"}]}
    if kind in _LEAVES:
        return dict(_LEAVES[kind])
    if is_tuple(kind):
        return {"type": "array", "items": _schema(typing.get_args(kind)[0], within)}
    if kind == Mapping[str, Money]:
        return {"type": "array", "items": dict(_LEAVES[Money])}
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        return {"anyOf": [_schema(member, within) for member in typing.get_args(kind)]}
    if isinstance(kind, type) and issubclass(kind, OpenEnum):
        # Not as an enum: the API may add values.
        return {"type": "string", "examples": [str(member) for member in kind]}
    if isinstance(kind, type) and issubclass(kind, Model) and kind not in within:
        return _model_schema(kind, (*within, kind))
    return {"type": "object"} if typing.get_origin(kind) is not None else {}


def _model_schema(cls: type[Model], within: tuple[Any, ...]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    properties = {
        wire_name(a): _schema(hints[a.name] | None if is_always_sent(a) else hints[a.name], within)
        for a in fields_of(cls)
        if a.name != "extra" and not is_credential(a)
    }
    return {
        "type": "object",
        "title": cls.__name__,
        "properties": properties,
        "required": [*properties],
        "additionalProperties": True,
    }
