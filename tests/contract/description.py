"""The API's description, from the copy of its facts in `data/`."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from attrs import frozen

Schema = Mapping[str, Any]

_DATA = Path(__file__).parent / "data"
_API: Any = json.loads((_DATA / "api.json").read_text("utf-8"))
_PARTLY: Any = json.loads((_DATA / "partly_known.json").read_text("utf-8"))


@frozen
class Parameter:
    """A parameter of a path or a query."""

    name: str
    place: str
    schema: Schema


@frozen
class Described:
    """An operation as it is described.

    `name` is its client method. `response` is `None` if nothing is known of what it responses.
    """

    id: str
    name: str
    method: str
    path: str
    documented_path: str
    replay: str
    documented: str
    parameters: tuple[Parameter, ...]
    body: Schema | None
    multipart: bool
    response: Schema | None

    @property
    def resource(self) -> str:
        return self.name.partition(".")[0]

    @property
    def is_list(self) -> bool:
        """Whether the response is a page of objects, or a bare list."""
        if self.response is None:
            return False
        response = merged(self.response)
        return response.get("type") == "array" or (
            set(response.get("properties", ())) >= {"data"}
            and (response["properties"]["data"].get("type") == "array")
        )


def versioned(path: str) -> str:
    """The path with its version: `/v1`, unless it says another."""
    return path if path.startswith("/v2/") else f"/v1{path}"


def table() -> list[dict[str, str]]:
    """The rows of `operations.csv`: what each operation is called here, and how it is replayed."""
    with (_DATA / "operations.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def operations() -> tuple[Described, ...]:
    """Every operation."""
    described = {
        entry["operationId"]: (method.upper(), path, entry)
        for source in (_API, _PARTLY)
        for path, methods in source["paths"].items()
        for method, entry in methods.items()
    }
    rows = table()
    assert {row["operation_id"] for row in rows} == set(described)
    return tuple(_operation(row, *described[row["operation_id"]]) for row in rows)


def _operation(row: Mapping[str, str], method: str, path: str, entry: Schema) -> Described:
    assert row["method"] == method
    content = entry.get("requestBody", {}).get("content", {})
    assert len(content) <= 1
    (body,) = (media["schema"] for media in content.values()) if content else (None,)
    (response,) = entry["responses"].values()
    return Described(
        id=row["operation_id"],
        name=row["client_method"],
        method=method,
        path=versioned(row["path"]),
        documented_path=versioned(path),
        replay=row["replay"],
        documented=row["known"],
        parameters=parameters_of(entry),
        body=body,
        multipart="multipart/form-data" in content,
        response=response.get("content", {}).get("application/json", {}).get("schema"),
    )


def parameters_of(operation: Schema) -> tuple[Parameter, ...]:
    """The parameters of an operation, each with its example."""
    parameters = [resolved(parameter) for parameter in operation.get("parameters", ())]
    return tuple(
        Parameter(p["name"], p["in"], {**p["schema"], **_only(p, "example")}) for p in parameters
    )


def _only(schema: Schema, *names: str) -> dict[str, Any]:
    return {name: schema[name] for name in names if name in schema}


def resolved(schema: Schema) -> dict[str, Any]:
    """The schema with what its `$ref` refers to."""
    schema = dict(schema)
    while "$ref" in schema:
        target = _API
        for part in schema.pop("$ref").removeprefix("#/").split("/"):
            target = target[part]
        schema = {**target, **schema}
    return schema


def merged(schema: Schema) -> dict[str, Any]:
    """The schema with its `$ref` and the parts of `allOf`, `oneOf` and `anyOf` put together.

    `variants` are the alternatives, each merged on its own.
    """
    schema = resolved(schema)
    together: dict[str, Any] = {}
    for part in schema.pop("allOf", ()):
        together = _joined(together, merged(part))
    variants = [merged(part) for part in [*schema.pop("oneOf", ()), *schema.pop("anyOf", ())]]
    for variant in variants:
        together = _joined(together, variant)
    together = _joined(together, schema)
    if variants:
        together["variants"] = variants
    return together


def _joined(one: Schema, other: Schema) -> dict[str, Any]:
    joined = {**one, **other}
    if "properties" in one and "properties" in other:
        left, right = one["properties"], other["properties"]
        joined["properties"] = {
            name: _joined(left.get(name, {}), right.get(name, {})) for name in {**left, **right}
        }
    if "enum" in one and "enum" in other:
        joined["enum"] = [*one["enum"], *(v for v in other["enum"] if v not in one["enum"])]
    return joined


def kind(schema: Schema) -> str | None:
    """The JSON type, apart from null. `None` if the description does not say."""
    kinds = schema.get("type")
    if kinds is None:
        return "object" if "properties" in schema else None
    if isinstance(kinds, list):
        (kinds,) = (k for k in kinds if k != "null")
    assert isinstance(kinds, str)
    return kinds


def values(schema: Schema) -> list[str]:
    """The known values of an enumeration of texts."""
    return [value for value in schema.get("enum", ()) if isinstance(value, str)]


def sent(body: Schema) -> Iterator[tuple[str, Schema]]:
    """The properties of a request: all but those that only responses have."""
    for name, schema in merged(body).get("properties", {}).items():
        if not merged(schema).get("readOnly"):
            yield name, schema
