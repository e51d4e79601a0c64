"""A 2xx response that is not the response to the request is never returned as its result."""

from __future__ import annotations

from typing import Any

import pytest

from glomo import AsyncGlomo, errors
from glomo.http.operation import Operation, Replay
from glomo.id_prefixes import BY_MODEL
from glomo.models.undocumented import UndocumentedResponse

from ..contract.description import Described
from ..contract.sdk import operations as sdk_operations
from ..core.fakes import ScriptedTransport, client, page, wire_response
from .call_arguments import CallArguments
from .calls import CALLS
from .exchange import DESCRIBED, call, fit
from .responses import response

OPERATIONS = {n: op for n, op in sdk_operations().items() if isinstance(op, Operation)}
WRITES = [
    name
    for name, op in OPERATIONS.items()
    if op.replay is not Replay.SAFE and op.result is not UndocumentedResponse
]
COMPARING = [
    name
    for name in WRITES
    if OPERATIONS[name].echoes or OPERATIONS[name].lookup or DESCRIBED[name].path.count("{")
]
ANOTHER_KIND = {"id": "setl_1", "status": "success", "amount": 1, "currency": "USD"}
NOT_COMPARABLE = {
    # Nothing in their responses must equal what was asked.
    "api_keys.rotate",
    "bank_account_validations.create",
    "quotes.create",
    "settlements.create",
}

pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated. use:DeprecationWarning")


def _right(name: str) -> tuple[Any, Any, CallArguments]:
    """The response to the first call of an operation: all of it, and the object inside."""
    op, arguments = OPERATIONS[name], CALLS[name][0]
    body = response(DESCRIBED[name])
    inner = body[op.unwrap] if op.unwrap else body
    fit(op, inner, arguments)
    return body, inner, arguments


async def _answer_with(name: str, body: Any) -> tuple[Any, ScriptedTransport]:
    """The result or the error of a call that gets one response, and an empty list for look-ups."""
    arguments = CALLS[name][0]

    async def respond(request: Any) -> Any:
        read = request.method == "GET"
        return wire_response(200, page()) if read else wire_response(200, body)

    transport = ScriptedTransport(*[respond] * 12)
    glomo: AsyncGlomo = client(transport, max_retries=1, rng=lambda: 0.0)
    described: Described = DESCRIBED[name]
    try:
        return await call(glomo, described, arguments), transport
    except errors.GlomoError as error:
        return error, transport


def _assert_unknown(outcome: Any, transport: ScriptedTransport, name: str) -> None:
    assert isinstance(outcome, errors.OutcomeUnknownError), outcome
    assert not outcome.carried_out
    assert transport.discards > 0
    if OPERATIONS[name].replay is Replay.NONE:
        assert len(transport.sent) == 1


@pytest.mark.parametrize("name", WRITES)
async def test_the_right_response_is_returned(name: str) -> None:
    body, _, _ = _right(name)
    outcome, transport = await _answer_with(name, body)
    assert type(outcome) is OPERATIONS[name].result
    assert len(transport.sent) == 1


def test_every_write_compares_what_it_can() -> None:
    assert {*WRITES} - {*COMPARING} == NOT_COMPARABLE


@pytest.mark.parametrize("name", COMPARING)
async def test_another_object_of_the_same_kind_is_refused(name: str) -> None:
    op = OPERATIONS[name]
    compared = op.lookup.compare if op.lookup is not None else op.echoes
    _, right, arguments = _right(name)
    sent = {**arguments.kwargs, **arguments.in_body}
    places = [
        shown_as
        for field, shown_as in compared.items()
        if _at(sent, field) is not None and _at(right, shown_as) is not None
    ]
    if right.get("id") in arguments.args:
        places.append("id")
    for place in places:
        body, other, _ = _right(name)
        _change(other, place)
        outcome, transport = await _answer_with(name, body)
        _assert_unknown(outcome, transport, name)


@pytest.mark.parametrize("name", [n for n in WRITES if OPERATIONS[n].result.__name__ in BY_MODEL])
async def test_another_kind_of_object_is_refused(name: str) -> None:
    body, other, _ = _right(name)
    if name == "settlements.create":
        other["id"] = "payout_9"
    else:
        other.clear()
        other.update(ANOTHER_KIND)
    outcome, transport = await _answer_with(name, body)
    _assert_unknown(outcome, transport, name)


@pytest.mark.parametrize("body", [page(), [], b"null", True, {"available": {"USD": 1}}])
@pytest.mark.parametrize("name", WRITES)
async def test_what_is_no_object_of_the_operation_was_not_carried_out_for_sure(
    name: str, body: Any
) -> None:
    outcome, transport = await _answer_with(name, body)
    _assert_unknown(outcome, transport, name)


@pytest.mark.parametrize("name", ["payouts.create", "orders.create", "refunds.create"])
async def test_an_object_that_shows_nothing_of_what_was_asked_is_looked_up(name: str) -> None:
    """A withdrawal's id is one of a payout, too."""
    _, right, _ = _right(name)
    outcome, transport = await _answer_with(name, {"id": right["id"], "status": right["status"]})
    assert isinstance(outcome, errors.OutcomeUnknownError)
    assert isinstance(outcome.__cause__, errors.ResponseMismatchError)
    assert "request_id=" in transport.sent[-1].url


async def test_two_fields_that_fit_stand_for_a_request_id() -> None:
    kwargs = CALLS["payouts.create"][0].kwargs
    few = {name: kwargs[name] for name in ("beneficiary_id", "source_currency")}
    body = {"id": "payout_1", "status": "queued", **few}
    outcome, _ = await _answer_with("payouts.create", body)
    assert outcome.id == "payout_1"
    del body["source_currency"]
    outcome, _ = await _answer_with("payouts.create", body)
    assert isinstance(outcome, errors.OutcomeUnknownError)


@pytest.mark.parametrize(
    ("shown", "same"),
    [("1234567890", True), ("XXXXXX7890", True), ("****7890", True), ("9934567890", False)],
)
async def test_an_account_number_may_be_shown_masked(shown: str, same: bool) -> None:
    body, beneficiary, _ = _right("beneficiaries.create")
    beneficiary["bank_account"]["account_number"] = shown
    outcome, _ = await _answer_with("beneficiaries.create", body)
    assert isinstance(outcome, errors.OutcomeUnknownError) is not same


def _at(value: Any, place: str) -> Any:
    for name in place.split("."):
        value = value.get(name) if isinstance(value, dict) else getattr(value, name, None)
    return value


def _change(value: Any, place: str) -> None:
    *way, last = place.split(".")
    for name in way:
        value = value[name]
    shown = value[last]
    value[last] = shown + 1 if isinstance(shown, int) else f"{shown}9"
