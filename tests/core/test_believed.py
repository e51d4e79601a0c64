"""Creates without an idempotency key: another request's response is not taken for their own."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from glomo import AsyncGlomo
from glomo.errors import OutcomeUnknownError
from glomo.http.operation import Operation, Replay
from glomo.http.transport import WireRequest

from ..contract.description import operations as described_operations
from ..contract.sdk import operations
from ..operations.calls import CALLS
from ..operations.responses import response
from .fakes import ScriptedTransport, wire_response

DESCRIBED = {described.name: described for described in described_operations()}
ECHOING = [
    pytest.param(op, field, id=f"{op.name}-{field}")
    for op in operations().values()
    if isinstance(op, Operation) and op.replay is Replay.NONE and op.name != "documents.create"
    for field in op.echoes
]


def at(value: Any, field: str) -> Any:
    for name in field.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def put(value: dict[str, Any], field: str, new: object) -> None:
    *outer, name = field.split(".")
    for step in outer:
        value = value.setdefault(step, {})
    value[name] = new


def fitting(op: Operation[Any], sent: dict[str, Any]) -> dict[str, Any]:
    """The described response, as the response to what was sent."""
    sample: dict[str, Any] = deepcopy(response(DESCRIBED[op.name]))
    inner = sample[op.unwrap] if op.unwrap else sample
    for field, shown_as in op.echoes.items():
        if at(sent, field) is not None:
            put(inner, shown_as, at(sent, field))
    return sample


async def create(op: Operation[Any], field: str, shown: Any) -> tuple[Any, ScriptedTransport]:
    """The call, with a response that shows what `shown` makes of the field that was sent."""
    call = next(c for c in CALLS[op.name] if at(c.kwargs, field) is not None)

    def respond(request: WireRequest) -> Any:
        body = json.loads(request.content)
        sample = fitting(op, body)
        inner = sample[op.unwrap] if op.unwrap else sample
        put(inner, op.echoes[field], shown(at(body, field)))
        return wire_response(201, sample)

    transport = ScriptedTransport(respond)
    glomo = AsyncGlomo("sk-unit", transport=transport, rate_limit=None)
    resource, _, method = op.name.partition(".")
    return await getattr(getattr(glomo, resource), method)(*call.args, **call.kwargs), transport


def another(value: Any) -> Any:
    if isinstance(value, int):
        return value + 1
    other = {"USD": "EUR", "payout": "lrs"}
    return other.get(value, f"{value}9")


@pytest.mark.filterwarnings("ignore:.* is deprecated. use:DeprecationWarning")
@pytest.mark.parametrize(("op", "field"), ECHOING)
async def test_a_response_that_shows_something_else_leaves_the_outcome_unknown(
    op: Operation[Any], field: str
) -> None:
    with pytest.raises(OutcomeUnknownError, match=f"it differs in {field}"):
        await create(op, field, another)
    _, transport = await create(op, field, lambda value: value)
    assert len(transport.sent) == 1
    if not op.echoes[field].endswith(".currency"):  # half an amount cannot be read
        _, transport = await create(op, field, lambda _: None)
        assert len(transport.sent) == 1, "what is not shown says nothing"


@pytest.mark.parametrize(
    "shown", ["DE89 3704 0044 0532 0130 00", "de89-37040044", "****3000", "XXXX"]
)
async def test_an_account_number_may_be_shown_in_another_form(shown: str) -> None:
    op: Any = operations()["beneficiaries.create"]
    call = CALLS[op.name][0]
    number = "DE8937040044" if "-" in shown else "DE89370400440532013000"
    kwargs = deepcopy(dict(call.kwargs))
    kwargs["bank_account"] = {**kwargs["bank_account"], "account_number": number}

    def respond(request: WireRequest) -> Any:
        sample = fitting(op, json.loads(request.content))
        sample["bank_account"]["account_number"] = shown
        return wire_response(201, sample)

    glomo = AsyncGlomo("sk-unit", transport=ScriptedTransport(respond), rate_limit=None)
    assert (await glomo.beneficiaries.create(**kwargs)).id


def test_creates_that_move_money_or_name_a_payee_are_compared() -> None:
    compared = {param.values[0].name for param in ECHOING}  # type: ignore[union-attr]
    assert compared >= {
        "beneficiaries.create",
        "internal_transfers.create",
        "withdrawals.create",
        "balance_conversions.create",
        "payment_links.create",
        "subscriptions.create",
    }
