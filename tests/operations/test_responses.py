"""What every operation reads, as described and as the API may change it."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest
import respx

from glomo import AsyncGlomo
from glomo.errors import DecodingError
from glomo.http.operation import Operation
from glomo.pagination import ListOperation
from glomo.serialization.codec import strict, structure
from glomo.serialization.json import parse_json
from glomo.serialization.model import Model
from glomo_sync import Glomo

from ..contract.description import Described, operations
from ..contract.sdk import fields
from ..contract.sdk import operations as sdk_operations
from .call_arguments import CallArguments
from .calls import CALLS
from .exchange import DESCRIBED, FIRST_CALL, call, call_blocking, respond_with
from .reading import assert_says
from .responses import LATER, Shape, places, response, variants, with_null

pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated. use:DeprecationWarning")

MANDATORY = {"id", "status", "account_id", "merchant_id", "bank_code"}
"""What tells an object from all others, and where it stands: without it, it cannot be used."""

MANDATORY_INSIDE = {"quotes.create": {("quotes", 0, "id")}}
"""The same, where the object is not the response itself."""

EVERY = pytest.mark.parametrize("described", operations(), ids=lambda described: described.name)


def _model(described: Described) -> type[Model]:
    op = sdk_operations()[described.name]
    model: type[Model] = op.item if isinstance(op, ListOperation) else op.result
    return model


def _inner(described: Described, body: Any) -> Any:
    """The object inside a response."""
    op = sdk_operations()[described.name]
    if isinstance(op, ListOperation):
        return (body if isinstance(body, list) else body["data"])[0]
    return body[op.unwrap] if op.unwrap else body


def _outer(described: Described, body: Any, inner: Any) -> Any:
    """The response with another object inside."""
    op = sdk_operations()[described.name]
    if isinstance(op, ListOperation):
        return [inner] if isinstance(body, list) else {**body, "data": [inner]}
    return {**body, op.unwrap: inner} if op.unwrap else inner


SHAPES = [
    pytest.param(described, Shape(variant=n), id=f"{described.name}-{n}")
    for described in operations()
    for n in range(variants(described))
]


@pytest.mark.parametrize(("described", "shape"), SHAPES)
async def test_a_response_is_read_as_it_is_described(
    glomo: AsyncGlomo, router: respx.MockRouter, described: Described, shape: Shape
) -> None:
    body = response(described, shape)
    arguments = CALLS[described.name][0]
    respond_with(router, described, body, arguments)
    with strict():  # nothing that is described may be passed over
        result = await call(glomo, described, arguments)
    assert type(result) is _model(described)
    assert_says(result, _inner(described, body))
    if described.response is not None:
        assert set(result.extra) == set()


@FIRST_CALL
def test_the_synchronous_client_reads_the_same(
    blocking: Glomo, router: respx.MockRouter, described: Described, arguments: CallArguments
) -> None:
    body = response(described)
    respond_with(router, described, body, arguments)
    result = call_blocking(blocking, described, arguments)
    assert type(result) is _model(described)
    assert_says(result, _inner(described, body))


@FIRST_CALL
async def test_fields_that_the_api_adds_are_kept(
    glomo: AsyncGlomo, router: respx.MockRouter, described: Described, arguments: CallArguments
) -> None:
    body = response(described, Shape(later=True))
    respond_with(router, described, body, arguments)
    result = await call(glomo, described, arguments)
    assert_says(result, _inner(described, body))
    (name,) = LATER
    assert result.extra[name] == LATER[name]


@FIRST_CALL
async def test_values_that_the_api_adds_to_enumerations_pass_through(
    glomo: AsyncGlomo, router: respx.MockRouter, described: Described, arguments: CallArguments
) -> None:
    body = response(described, Shape(strange=True))
    respond_with(router, described, body, arguments)
    result = await call(glomo, described, arguments)
    assert_says(result, _inner(described, body))


def _mandatory(described: Described) -> set[str]:
    """The fields that an object is refused without: those that tell whose it is, too."""
    op = sdk_operations()[described.name]
    return MANDATORY | {
        *(op.lookup.compare.values() if isinstance(op, Operation) and op.lookup else ())
    }


@FIRST_CALL
async def test_everything_optional_may_be_null_at_once(
    glomo: AsyncGlomo, router: respx.MockRouter, described: Described, arguments: CallArguments
) -> None:
    body = response(described)
    inner = _inner(described, body)
    kept = _mandatory(described)
    nulls = {name: value if name in kept else None for name, value in inner.items()}
    respond_with(router, described, _outer(described, body, nulls), arguments)
    result = await call(glomo, described, arguments)
    assert_says(result, nulls)


@FIRST_CALL
async def test_everything_optional_may_be_left_out_at_once(
    glomo: AsyncGlomo, router: respx.MockRouter, described: Described, arguments: CallArguments
) -> None:
    body = response(described)
    kept = _mandatory(described)
    few = {name: v for name, v in _inner(described, body).items() if name in kept}
    respond_with(router, described, _outer(described, body, few), arguments)
    result = await call(glomo, described, arguments)
    assert_says(result, few)


@EVERY
def test_each_optional_field_may_be_null_at_any_depth(described: Described) -> None:
    mandatory = {(name,) for name in MANDATORY} | MANDATORY_INSIDE.get(described.name, set())
    for n in range(variants(described)):
        inner = _inner(described, response(described, Shape(variant=n)))
        for path in set(places(inner)) - mandatory:
            read(described, with_null(inner, path))


@EVERY
def test_half_an_amount_is_an_error_and_not_a_loss(described: Described) -> None:
    inner = _inner(described, response(described))
    for path in places(inner):
        if _at(inner, path).keys() == {"amount", "currency"}:
            with pytest.raises(DecodingError, match="currency"):
                read(described, with_null(inner, (*path, "currency")))


@pytest.mark.parametrize(
    ("name", "field"),
    [("balances.retrieve", "available"), ("withdrawals.create", "fx_fees")],
)
@pytest.mark.parametrize("half", ["amount", "currency"])
def test_half_an_amount_in_a_list_is_named_by_its_place(name: str, field: str, half: str) -> None:
    amount = {"amount": 1000, "currency": "USD"}
    inner = _inner(DESCRIBED[name], response(DESCRIBED[name]))
    body = {**inner, field: [amount, {**amount, half: None}]}
    with pytest.raises(DecodingError) as caught:
        read(DESCRIBED[name], body)
    assert caught.value.path.endswith(f".{field}[1].{half}")


def read(described: Described, inner: Any) -> Model:
    """The object as the codec reads it from JSON."""
    return structure(parse_json(json.dumps(inner).encode()), _model(described))


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        value = value[key]
    return value if isinstance(value, dict) else {}


@EVERY
def test_only_what_tells_objects_apart_is_mandatory(described: Described) -> None:
    model_fields = fields(_model(described))
    assert {name for name, a in model_fields.items() if a.default is attrs.NOTHING} <= MANDATORY
