"""A description of the API in the form that the project keeps: what a client can be held to.

Prose, authorship and errors are left out; they change without anything changing for a client.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_PROSE = frozenset({"description", "summary", "tags", "security", "deprecated", "title"})
_NAMES = frozenset({"properties", "schemas", "parameters", "examples", "value", "example"})
"""Objects whose keys are names of the API, not words of OpenAPI."""


def load(path: Path) -> dict[str, Any]:
    """Read a description and reduce it to the project's form."""
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return reduced(document)


def reduced(document: Mapping[str, Any]) -> dict[str, Any]:
    """The description without prose, extensions, tags and error responses."""
    slim = _without_prose(document)
    return {
        "openapi": slim["openapi"],
        "info": {"title": "Glomo API", "version": slim["info"]["version"]},
        "servers": slim["servers"],
        "paths": {
            path: {
                method: {**operation, "responses": _successes(operation["responses"])}
                for method, operation in item.items()
            }
            for path, item in slim["paths"].items()
        },
        "components": slim["components"],
    }


def _successes(responses: Mapping[str, Any]) -> dict[str, Any]:
    return {status: response for status, response in responses.items() if status.startswith("2")}


def _without_prose(value: Any, *, names: bool = False) -> Any:
    if isinstance(value, list):
        return [_without_prose(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _without_prose(entry, names=not names and key in _NAMES)
        for key, entry in value.items()
        if names or not (key in _PROSE or key.startswith("x-"))
    }


def dereferenced(document: Mapping[str, Any]) -> dict[str, Any]:
    """The description with every `$ref` replaced by what it names.

    A schema that contains itself is cut off where it comes back to itself.
    """

    def walk(value: Any, seen: tuple[str, ...]) -> Any:
        if isinstance(value, list):
            return [walk(entry, seen) for entry in value]
        if not isinstance(value, dict):
            return value
        own = {key: walk(entry, seen) for key, entry in value.items() if key != "$ref"}
        reference = value.get("$ref")
        if not isinstance(reference, str):
            return own
        if reference in seen:
            return own
        target: Any = document
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]
        return {**walk(target, (*seen, reference)), **own}

    return {**document, "paths": walk(document["paths"], ())}
