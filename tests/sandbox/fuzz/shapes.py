"""Whether a response has the shape that the description gives it."""

from __future__ import annotations

from typing import Any

import httpx
import jsonschema

from tests.contract.description import Described, Schema, merged, resolved

_KEPT = frozenset(
    {
        "type",
        "properties",
        "required",
        "items",
        "enum",
        "minimum",
        "maximum",
        "pattern",
        "additionalProperties",
    }
)


def check(operation: Described, response: httpx.Response) -> None:
    """Raise AssertionError for a 500, or for a body outside the described shape."""
    where = f"{operation.name} {response.status_code} {response.text[:2_000]}"
    assert response.status_code < 500, where
    body = response.json()
    if response.is_success or "id" in body:  # a 422 of refunds has the refund as its body
        problems = list(_validator(operation).iter_errors(body))
        assert not problems, f"{where}: {[f'{one.json_path} {one.message}' for one in problems]}"
        return
    assert isinstance(body, dict), where
    messages = [body[name] for name in ("message", "error") if name in body]
    assert messages, where
    assert all(isinstance(one, str) and one for one in messages), where


_WIDER = {"#/components/schemas/Subscription": "#/components/schemas/CreateSubscriptionResponse"}
"""Where the description has an older shape too, and says itself that the newer one occurs."""

_VALIDATORS: dict[str, Any] = {}


def _validator(operation: Described) -> Any:
    if operation.id not in _VALIDATORS:
        schema = True if operation.response is None else _plain(operation.response)
        if operation.documented != "wholly":
            schema = _open(schema)
        _VALIDATORS[operation.id] = jsonschema.Draft202012Validator(schema)
    return _VALIDATORS[operation.id]


def _plain(schema: Schema) -> dict[str, Any]:
    """The schema in standard words. Its alternatives overlap, so `oneOf` means `anyOf`."""
    schema = resolved(_widened(schema))
    if "allOf" in schema:  # of what its parts say of one field, the last one counts
        schema = merged({**schema, "allOf": [_widened(one) for one in schema["allOf"]]})
    plain = {name: value for name, value in schema.items() if name in _KEPT}
    for name in ("anyOf", "oneOf", "variants"):
        if name in schema:
            plain["anyOf"] = [_plain(one) for one in schema[name]]
    if "properties" in plain:
        plain["properties"] = {name: _plain(one) for name, one in plain["properties"].items()}
    for name in ("items", "additionalProperties"):
        if isinstance(plain.get(name), dict):
            plain[name] = _plain(plain[name])
    return plain


def _widened(schema: Schema) -> Schema:
    reference = schema.get("$ref")
    return {**schema, "$ref": _WIDER[reference]} if reference in _WIDER else schema


def _open(schema: Any) -> Any:
    """The schema without its enumerations: of what is known in part, these are what was seen."""
    if isinstance(schema, dict):
        return {name: _open(value) for name, value in schema.items() if name != "enum"}
    return [_open(one) for one in schema] if isinstance(schema, list) else schema
