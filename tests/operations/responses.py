"""Answers made out of the API's description: from its examples, and as the API may change them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from ..contract.description import Described, Schema, kind, merged, values

LATER: Any = {"later_field": {"nested": [1, "text", None]}}
"""What the API may add to any object."""

STRANGE = "not_known_yet"

_PLAIN = {"string": "text", "integer": 1, "number": 1, "boolean": True, "object": {}, None: {}}
_FORMATS = {"date-time": "2025-01-15T10:00:00Z", "timestamp": "2025-01-15T10:00:00Z"}
# What is known of these says nothing about the response: anything will do.
_UNKNOWN: Any = {"id": "thing_1", "outcome": {"done": True, "entries": [1, 2]}}


@frozen
class Shape:
    """Which of the possible responses to make.

    `variant` picks one alternative where the description has several; `later` adds fields to every
    object; `strange` puts an unknown value into every enumeration.
    """

    variant: int = 0
    later: bool = False
    strange: bool = False


def response(described: Described, shape: Shape = Shape()) -> Any:
    """A response of the operation."""
    if described.response is not None:
        return example(described.response, shape)
    entry = {**_UNKNOWN, **(LATER if shape.later else {})}
    is_list = described.name.partition(".")[2].startswith("list")
    return {"data": [entry], "page_meta": {"next": None}} if is_list else entry


def variants(described: Described) -> int:
    """How many alternatives there are at most in one place of the response."""
    return 1 if described.response is None else _most(described.response)


def _most(schema: Schema) -> int:
    schema = merged(schema)
    inner = [
        *schema.get("properties", {}).values(),
        *([schema["items"]] if "items" in schema else []),
    ]
    return max([len(schema.get("variants", ())), 1, *map(_most, inner)])


def example(schema: Schema, shape: Shape) -> Any:
    """A value for a schema: its example where there is one, or else one made of its parts."""
    schema = merged(schema)
    described = kind(schema)
    if "variants" in schema:
        alternatives = schema["variants"]
        schema = {**schema, **alternatives[shape.variant % len(alternatives)]}
    if described == "array":
        return [example(schema["items"], shape)]
    if described == "object" and "properties" in schema:
        return _object(schema, shape)
    if "example" in schema and not (shape.strange and values(schema)):
        return schema["example"]
    if values(schema):
        return STRANGE if shape.strange else values(schema)[shape.variant % len(values(schema))]
    return _FORMATS.get(schema.get("format", ""), _PLAIN[described])


def _object(schema: Schema, shape: Shape) -> dict[str, Any]:
    properties = schema["properties"]
    examples = {name: example(inner, shape) for name, inner in properties.items()}
    for inner in properties.values():
        # A neighbour names the alternative that was picked.
        if "variants" in merged(inner) and "type" in properties and not shape.strange:
            examples["type"] = values(merged(properties["type"]))[shape.variant]
    return {**examples, **(LATER if shape.later else {})}


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of everything in a JSON value that may be null without taking a meaning away.

    An amount and its currency are one value: without one of them the other says nothing.
    """
    if isinstance(value, dict) and set(value) == {"amount", "currency"}:
        return
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in entries:
        if isinstance(key, str):
            yield (*path, key)
        if isinstance(inner, (dict, list)):
            yield from places(inner, (*path, key))


def with_null(value: Any, path: tuple[str | int, ...]) -> Any:
    """A copy of a JSON value with a null at one place."""
    if not path:
        return None
    key, *rest = path
    inner = with_null(value[key], tuple(rest))
    if isinstance(value, list):
        return [inner if n == key else entry for n, entry in enumerate(value)]
    return {**value, key: inner}
