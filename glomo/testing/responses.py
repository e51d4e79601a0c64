"""respx, primed with a valid response for every operation: for tests that want no state.

    with glomo.testing.router() as router:
        async with AsyncGlomo("sk-test") as glomo:
            await charge(glomo)
        assert router.calls.last.request.url.path == "/api/v1/orders"

A response shows what the request asked for: the id in its path and the fields of its body.
"""

from __future__ import annotations

import json
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import httpx

from glomo import resources
from glomo.http.matching import wire_names
from glomo.http.operation import Operation
from glomo.id_prefixes import BY_MODEL
from glomo.pagination import ListOperation
from glomo.resources.base import Resource
from glomo.serialization.model import Model
from glomo.settings import DEFAULT_BASE_URL

from .samples import sample

try:
    import respx
except ImportError as error:
    raise ImportError("glomo.testing.router needs respx: pip install respx") from error


_MONEY = {"amount": 100, "currency": "USD"}


def router(base_url: str = DEFAULT_BASE_URL) -> respx.MockRouter:
    """A respx router, to be used as a context manager. Routes added to it come first.

    Args:
        base_url: the address that the client under test has.
    """
    mock = respx.MockRouter(base_url=base_url, assert_all_called=False)
    # Fixed paths before those with an id in them: `/payouts/mock` is no payout.
    for operation, prefix in sorted(_operations(), key=lambda entry: entry[0].path.count("{")):
        pattern = re.sub(
            r"{\w+}", "[^/]+", re.escape(operation.path).replace(r"\{", "{").replace(r"\}", "}")
        )
        method = (
            operation.operation.method if isinstance(operation, ListOperation) else operation.method
        )
        mock.route(method=method, path__regex=f"{pattern}$").mock(
            side_effect=_responder(operation, prefix)
        )
    return mock


def _operations() -> Iterator[tuple[Operation[Any] | ListOperation[Any], str]]:
    """Every operation, and what the ids of its resource start with."""
    for module_info in pkgutil.iter_modules(resources.__path__):
        if module_info.name.startswith("_") or module_info.name == "base":
            continue
        module = import_module(f"{resources.__name__}.{module_info.name}")
        classes = [
            value
            for value in vars(module).values()
            if isinstance(value, type) and issubclass(value, Resource) and value is not Resource
        ]
        prefix = next((cls.id_prefixes[0] for cls in classes if cls.id_prefixes), "obj_")
        for value in vars(module).values():
            if isinstance(value, (Operation, ListOperation)):
                yield value, prefix


def _responder(operation: Operation[Any] | ListOperation[Any], prefix: str) -> Any:
    def respond(request: httpx.Request) -> httpx.Response:
        if isinstance(operation, ListOperation):
            body: Any = {
                "data": [_object(operation.item, prefix)],
                "page_meta": {"current": 1, "previous": None, "next": None, "count": 1},
            }
            return httpx.Response(200, json=body)
        body = _object(operation.result, prefix)
        parameters = _request_parameters(request)
        names = wire_names(operation.result)
        # Of a model whose fields are not known, any may be there.
        body |= {
            name: v
            for name, v in parameters.items()
            if name != "id" and (name in names or not names)
        }
        for name, shown_as in {**operation.echoes, "request_id": "request_id"}.items():
            if name in parameters:
                _put(body, shown_as, parameters[name])
        ids = [part for part in request.url.path.split("/") if part.startswith(_prefix(body))]
        if ids and "id" in body:
            body["id"] = ids[0]
        status = 201 if operation.method == "POST" else 200
        return httpx.Response(status, json={operation.unwrap: body} if operation.unwrap else body)

    return respond


def _object(model: Any, prefix: str) -> dict[str, Any]:
    if not (isinstance(model, type) and issubclass(model, Model)):
        return {"id": f"{prefix}1"}
    prefixes = BY_MODEL.get(model.__name__)
    body = sample(model, id=f"{prefixes[0]}1" if prefixes else f"{prefix}1")
    names = wire_names(model)
    return {name: value for name, value in body.items() if name in names} if names else body


def _prefix(body: dict[str, Any]) -> str:
    return f"{str(body.get('id')).partition('_')[0]}_"


def _put(body: dict[str, Any], place: str, value: Any) -> None:
    *parents, last = place.split(".")
    for name in parents:
        inner: Any = body.get(name) or ({**_MONEY} if last in _MONEY else {})
        body[name] = inner
        body = inner
    body[last] = value


def _request_parameters(request: httpx.Request) -> dict[str, Any]:
    if not request.headers.get("content-type", "").startswith("application/json"):
        return {}
    body: dict[str, Any] = json.loads(request.content)
    return {name: value for name, value in body.items() if isinstance(value, (str, int))}
