"""What a new description of the API changes, by operation, and what in the SDK that touches.

    python -m tests.contract.drift NEW.json            # list the changes
    python -m tests.contract.drift NEW.json --renew    # and make NEW.json the project's copy

Both descriptions are reduced to what a client can be held to (`openapi.reduced`) and flattened into
facts: one line for each place of a request or a response, such as `request.payment_rail enum`. The
facts that differ are the changes. Every changed operation names its method and the files of its
calls and models, then what the contract test would say against the new description.

The exit code is 0 if nothing changed, 1 if something did, 2 if NEW.json cannot be read.
"""

from __future__ import annotations

import argparse
import inspect
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from glomo.pagination import ListOperation

from .description import Parameter, Schema, kind, merged, parameters_of, table
from .misfits import in_request, in_response
from .openapi import dereferenced, load
from .sdk import hints, method
from .sdk import operations as sdk_operations

COPY = Path(__file__).parent / "data" / "api.json"

_LIMITS = ("format", "minimum", "maximum", "minLength", "maxLength", "pattern", "default")
_DEEPEST = 12

Facts = Mapping[str, str]
"""What is known of an operation: place and aspect, and what the description says of it."""


# ------------------------------------------------------------------ facts


def facts(document: Mapping[str, Any]) -> dict[str, Facts]:
    """The facts of every operation, by operation id."""
    return {
        operation["operationId"]: dict(_of_operation(path, method, operation))
        for path, item in dereferenced(document)["paths"].items()
        for method, operation in item.items()
    }


def _of_operation(
    path: str, method: str, operation: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    yield "goes to", f"{method.upper()} {path}"
    for parameter in operation.get("parameters", ()):
        where = f"{parameter['in']}.{parameter['name']}"
        yield from _of_schema(parameter["schema"], where)
        yield f"{where} required", str(parameter.get("required", False)).lower()
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        yield "request media type", media
        yield from _of_schema(content["schema"], "request")
    for status, response in operation["responses"].items():
        yield "response status", status
        for content in response.get("content", {}).values():
            yield from _of_schema(content["schema"], "response")


def _of_schema(schema: Schema, where: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    schema = merged(schema)
    nullable = isinstance(schema.get("type"), list) and "null" in schema["type"]
    yield f"{where} type", f"{kind(schema) or 'any'}{' or null' if nullable else ''}"
    for name in _LIMITS:
        if name in schema:
            yield f"{where} {name}", str(schema[name])
    if "enum" in schema:
        yield f"{where} enum", _listed(schema["enum"])
    for n, variant in enumerate(schema.get("variants", ())):
        if "required" in variant:
            yield f"{where} required in variant {n + 1}", _listed(variant["required"])
        # What holds in one alternative only; the rest is told of all of them together.
        together = dict(_of_schema({**schema, "variants": ()}, where, depth))
        for fact, value in _of_schema(variant, where, depth):
            if together.get(fact) != value and fact != f"{where} required":
                yield f"{fact} in variant {n + 1}", value
    if "required" in schema and "variants" not in schema:
        yield f"{where} required", _listed(schema["required"])
    if depth < _DEEPEST:
        for name, inner in schema.get("properties", {}).items():
            yield from _of_schema(inner, f"{where}.{name}", depth + 1)
        if "items" in schema:
            yield from _of_schema(schema["items"], f"{where}[]", depth + 1)


def _listed(values: Sequence[Any]) -> str:
    return ", ".join(sorted("null" if value is None else str(value) for value in values))


# ------------------------------------------------------------------ changes


@frozen
class Change:
    """One operation's changes. `kind` is `new`, `gone` or `changed`."""

    operation_id: str
    kind: str
    lines: tuple[str, ...] = ()


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What differs between two reduced descriptions, operation by operation."""
    old, new = facts(before), facts(after)
    changes_: list[Change] = []
    for name in sorted(old | new):
        if name not in old:
            changes_.append(Change(name, "new", (f"goes to: {new[name]['goes to']}",)))
        elif name not in new:
            changes_.append(Change(name, "gone", (f"went to: {old[name]['goes to']}",)))
        elif lines := tuple(_differences(old[name], new[name])):
            changes_.append(Change(name, "changed", lines))
    return changes_


def _differences(old: Facts, new: Facts) -> Iterator[str]:
    for fact in sorted(old.keys() | new.keys()):
        was, now = old.get(fact), new.get(fact)
        if was == now:
            continue
        if was is None:
            yield f"added    {fact}: {now}"
        elif now is None:
            yield f"removed  {fact}: {was}"
        elif fact.endswith((" enum", " required")) or " required in " in fact:
            yield f"changed  {fact}: {_set_difference(was, now)}"
        else:
            yield f"changed  {fact}: {was} -> {now}"


def _set_difference(was: str, now: str) -> str:
    old, new = (dict.fromkeys(text.split(", ")) for text in (was, now))
    signs = [f"+ {v}" for v in new if v not in old] + [f"- {v}" for v in old if v not in new]
    return ", ".join(signs)


# ------------------------------------------------------------------ the SDK


def touched(change: Change, document: Mapping[str, Any]) -> Iterator[str]:
    """What in the SDK a change touches: method, files, and where the types stop fitting."""
    names = {row["operation_id"]: row["client_method"] for row in table()}
    name = names.get(change.operation_id)
    if name is None:
        yield "no method: add a row to data/operations.csv, and the method"
        return
    yield f"method: glomo.{name}"
    op, calls = sdk_operations().get(name), method("glomo", name)
    if op is None or calls is None:
        yield "no such method yet"
        return
    result = op.item if isinstance(op, ListOperation) else op.result
    files = dict.fromkeys([_file(inspect.unwrap(calls)), _file(result)])
    yield f"files: {', '.join(file for file in files if file)}"
    if change.kind != "gone":
        for where, problem in _misfits(change.operation_id, name, op, document):
            yield f"contract: {where}: {problem}"


def _file(of: Any) -> str:
    try:
        path = Path(inspect.getsourcefile(of) or "")
    except TypeError:
        return ""
    root = Path(__file__).parents[2]
    return str(path.relative_to(root)) if path.is_relative_to(root) else ""


def _misfits(
    operation_id: str, name: str, op: Any, document: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    parameters, body, response = _in_document(operation_id, document)
    calls = method("glomo", name)
    assert calls is not None
    types = hints(calls)
    sent = [(p.name, p.schema) for p in parameters if p.place == "query"]
    if body is not None:
        properties = merged(body).get("properties", {}).items()
        sent += [(name, s) for name, s in properties if not merged(s).get("readOnly")]
    for parameter, schema in sent:
        where = f"{name} {parameter}"
        if parameter in types:
            yield from in_request(schema, types[parameter], where)
        else:
            yield where, "is no parameter"
    if response is None:
        return
    shape = merged(response)
    if isinstance(op, ListOperation):
        is_page = shape.get("type") != "array"
        items = shape["properties"]["data"]["items"] if is_page else shape["items"]
        yield from in_response(items, op.item, f"{name} ->")
    else:
        inner = shape["properties"][op.unwrap] if op.unwrap else shape
        yield from in_response(inner, op.result, f"{name} ->")


def _in_document(
    operation_id: str, document: Mapping[str, Any]
) -> tuple[tuple[Parameter, ...], Schema | None, Schema | None]:
    """Parameters, body and response of an operation in a description."""
    (operation,) = (
        operation
        for item in dereferenced(document)["paths"].values()
        for operation in item.values()
        if operation["operationId"] == operation_id
    )
    bodies = operation.get("requestBody", {}).get("content", {}).values()
    responses = [
        content["schema"]
        for response in operation["responses"].values()
        for content in response.get("content", {}).values()
    ]
    return (
        parameters_of(operation),
        next((content["schema"] for content in bodies), None),
        responses[0] if responses else None,
    )


# ------------------------------------------------------------------ command


def report(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """The lines that the command prints."""
    changes_ = changes(before, after)
    for change in changes_:
        yield f"{change.operation_id}: {change.kind}"
        for line in change.lines:
            yield f"  {line}"
        for line in touched(change, after):
            yield f"  -> {line}"
    yield f"{len(changes_)} operations differ" if changes_ else "nothing changed"


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare a description with the project's copy."""
    parser = argparse.ArgumentParser(prog="python -m tests.contract.drift", description=__doc__)
    parser.add_argument("new", type=Path, metavar="NEW.json")
    parser.add_argument("--renew", action="store_true", help="make NEW.json the project's copy")
    options = parser.parse_args(arguments)
    try:
        after = load(options.new)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"{options.new}: not an OpenAPI description: {error!r}", file=sys.stderr)
        return 2
    before = load(COPY)
    print("\n".join(report(before, after)))
    if options.renew:
        COPY.write_text(json.dumps(after, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return 1 if changes(before, after) else 0


if __name__ == "__main__":
    sys.exit(main())
