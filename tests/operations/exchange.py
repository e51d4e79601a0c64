"""One call of an operation: making it, and the request that it should make."""

from __future__ import annotations

import json
import typing
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import httpx
import pytest
import respx
from attrs import evolve

from glomo import AsyncGlomo
from glomo.http.operation import Operation
from glomo.pagination import Pager
from glomo.serialization.model import Params
from glomo_sync import Glomo

from ..contract.description import Described, operations
from ..contract.sdk import alternatives, fields, hints, is_a, method
from ..contract.sdk import operations as sdk_operations
from .call_arguments import CallArguments
from .calls import CALLS

BASE = "https://api.glomopay.com/api"

DESCRIBED = {described.name: described for described in operations()}
CASES = [
    pytest.param(DESCRIBED[name], arguments, id=f"{name}-{n}")
    for name, calls in CALLS.items()
    for n, arguments in enumerate(calls)
]
EVERY_CALL = pytest.mark.parametrize(("described", "arguments"), CASES)
FIRST_CALL = pytest.mark.parametrize(
    ("described", "arguments"),
    [pytest.param(DESCRIBED[name], calls[0], id=name) for name, calls in CALLS.items()],
)


def respond_with(
    router: respx.MockRouter, described: Described, body: Any, arguments: CallArguments
) -> None:
    """Let the API answer the call so. The described sample is made the response to this call."""
    op = sdk_operations()[described.name]
    if isinstance(op, Operation):
        fit(op, body[op.unwrap] if op.unwrap and op.unwrap in body else body, arguments)
    status = 201 if described.method == "POST" else 200
    router.route().mock(return_value=httpx.Response(status, json=body))


def fit(op: Operation[Any], sample: Any, arguments: CallArguments) -> None:
    """Let the sample show the id in the path, and the fields that the SDK compares."""
    if not isinstance(sample, dict):
        return
    prefix = str(sample.get("id")).partition("_")[0]
    for id in arguments.args:
        if id.partition("_")[0] == prefix:
            sample["id"] = id
    compared = op.lookup.compare if op.lookup is not None else op.echoes
    sent = {**arguments.kwargs, **arguments.kwargs.get("extra_body", {}), **arguments.in_body}
    for field, shown_as in {**compared, "request_id": "request_id"}.items():
        wanted = sent
        *outer, name = field.split(".")
        for step in outer:
            wanted = wanted.get(step, {})
        shown: Any = sample
        *outer, shown_name = shown_as.split(".")
        for step in outer:
            shown = shown.get(step) or {}
        if shown.get(shown_name) is not None and wanted.get(name) is not None:
            shown[shown_name] = wanted[name]


async def call(client: AsyncGlomo, described: Described, arguments: CallArguments) -> Any:
    """What the call gives; for a list its first object."""
    resource, _, name = described.name.partition(".")
    pending = getattr(getattr(client, resource), name)(*arguments.args, **arguments.kwargs)
    return await (pending.first() if isinstance(pending, Pager) else pending)


def call_blocking(client: Glomo, described: Described, arguments: CallArguments) -> Any:
    """The same of the synchronous client."""
    resource, _, name = described.name.partition(".")
    result = getattr(getattr(client, resource), name)(*arguments.args, **arguments.kwargs)
    return result.first() if hasattr(result, "first") else result


def assert_request(request: httpx.Request, described: Described, arguments: CallArguments) -> None:
    """Compare the request with what the call should have sent, to the last byte that matters."""
    assert request.method == described.method
    assert str(request.url.copy_with(query=None)) == BASE + _path(described, arguments)
    query, body = _expected(described, arguments)
    assert request.url.params.multi_items() == list(query.items())
    assert request.headers["authorization"] == "Bearer sk-unit"
    assert request.headers["accept"] == "application/json"
    assert request.headers["user-agent"].startswith("glomo-python/")
    if described.multipart:
        return
    if body:
        assert request.headers["content-type"] == "application/json"
        assert json.loads(request.content) == body
    else:
        assert "content-type" not in request.headers
        assert request.content == b""


def _path(described: Described, arguments: CallArguments) -> str:
    path = described.path
    places = [p.name for p in described.parameters if p.place == "path"]
    for place, value in zip(places, arguments.args, strict=False):
        path = path.replace(f"{{{place}}}", value)
    return path


def _expected(
    described: Described, arguments: CallArguments
) -> tuple[dict[str, str], dict[str, Any]]:
    expected_fields = {
        name: _json(v) for name, v in arguments.kwargs.items() if name != "extra_body"
    }
    if described.method in ("GET", "DELETE"):
        return {
            name: str(value) for name, value in {**expected_fields, **arguments.in_query}.items()
        }, {}
    body = {**expected_fields, **arguments.in_body}
    # `None` in the table takes a field out; one that the caller gave is sent as null.
    gone = {name for name, value in arguments.in_body.items() if value is None}
    return {}, {name: value for name, value in body.items() if name not in gone}


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if isinstance(value, date) else value


# ------------------------------------------------------------------ models of requests


def with_models(described: Described, arguments: CallArguments) -> CallArguments:
    """The same call with a model in place of every mapping for which there is one."""
    of = method("glomo", described.name)
    assert of is not None
    types = hints(of)
    kwargs = {name: _model(v, types.get(name)) for name, v in arguments.kwargs.items()}
    return evolve(arguments, kwargs=kwargs)


def _model(value: Any, hint: Any) -> Any:
    for kind in alternatives(hint):
        if is_a(kind, Params) and isinstance(value, Mapping):
            model_fields = fields(kind)
            return kind(
                **{
                    model_fields[name].name: _model(inner, hints(kind)[model_fields[name].name])
                    for name, inner in value.items()
                }
            )
        if typing.get_origin(kind) is Sequence and isinstance(value, list):
            return [_model(entry, typing.get_args(kind)[0]) for entry in value]
    return value
