"""Setting a state twice is setting it once; a refusal after a lost answer is looked up."""

from typing import Any

import pytest

from glomo import errors
from glomo.sandbox import sandbox_key

from .fakes import Outcome, ScriptedTransport, client, lost, payout, refused, silence, wire_response

TOO_LATE = wire_response(400, {"message": "Payout cannot be cancelled in its current state"})
CANCELLED = wire_response(200, payout(status="cancelled"))
PAID = wire_response(200, payout(status="success"))
SET = "PATCH /v1/payouts/payout_1/cancel"
LOOK = "GET /v1/payouts/payout_1"


async def cancel(*script: Outcome, **settings: Any) -> tuple[Any, ScriptedTransport]:
    transport = ScriptedTransport(*script)
    try:
        result = await client(transport, **settings).payouts.cancel("payout_1")
    except errors.GlomoError as error:
        result = error
    assert transport.script == []
    return result, transport


@pytest.mark.parametrize(
    "failure",
    [
        refused(),
        wire_response(429),
        lost(),
        wire_response(500),
        wire_response(408),
        silence,
        wire_response(200, b"<"),
    ],
    ids=range(7),
)
async def test_it_is_sent_again_after_anything(failure: Outcome) -> None:
    result, transport = await cancel(failure, CANCELLED)
    assert result.status == "cancelled"
    assert transport.methods == [SET, SET]


@pytest.mark.parametrize("status", [400, 404, 409, 422])
async def test_a_refusal_after_a_lost_answer_is_looked_up(status: int) -> None:
    refusal = wire_response(status, {"message": "no"})
    result, transport = await cancel(lost(), refusal, CANCELLED)
    assert result.status == "cancelled"
    assert transport.methods == [SET, SET, LOOK]
    error, _ = await cancel(lost(), refusal, PAID)
    assert isinstance(error, errors.StatusError)
    assert error.status == status


async def test_a_refusal_of_the_first_attempt_is_raised() -> None:
    error, transport = await cancel(refused(), TOO_LATE)
    assert isinstance(error, errors.BadRequestError)
    assert transport.methods == [SET, SET]


@pytest.mark.parametrize("status", [401, 403, 302])
async def test_a_refusal_that_says_nothing_of_the_state_leaves_it_unknown(status: int) -> None:
    error, _ = await cancel(lost(), wire_response(status))
    assert isinstance(error, errors.OutcomeUnknownError)


@pytest.mark.parametrize(
    "failure", [lost(), wire_response(500), wire_response(401), wire_response(404)]
)
async def test_a_lookup_in_vain_leaves_it_unknown(failure: Outcome) -> None:
    times = 1 if getattr(failure, "status", 500) < 500 else 2
    error, _ = await cancel(lost(), TOO_LATE, *[failure] * times, max_retries=1)
    assert isinstance(error, errors.OutcomeUnknownError)


async def test_attempts_all_lost_leave_it_unknown() -> None:
    error, _ = await cancel(lost(), lost(), max_retries=1)
    assert isinstance(error, errors.OutcomeUnknownError)
    assert error.attempts == 2


async def mock(status: str, *script: Outcome, key: str = "sk-unit") -> tuple[Any, list[str]]:
    transport = ScriptedTransport(*script)
    glomo = client(transport, api_key=key)
    try:
        result = await glomo.payouts.mock_update_status("payout_1", status=status)
    except errors.GlomoError as error:
        result = error
    return result, transport.methods


async def test_mocks_are_refused_with_a_production_key_only() -> None:
    error, sent = await mock("success", key=sandbox_key(env="production"))
    assert isinstance(error, errors.ProductionKeyError)
    assert sent == []
    for key in (sandbox_key(), "sk-unit"):
        result, sent = await mock("success", PAID, key=key)
        assert result.status == "success"


async def test_mocks_are_repeated_and_looked_up_like_states() -> None:
    refusal = wire_response(400, {"message": "State change not allowed"})
    result, sent = await mock("success", lost(), refusal, PAID)
    assert result.status == "success"
    assert sent[-1] == LOOK
    result, sent = await mock("pending", lost(), refusal, wire_response(200, payout()))
    assert result.status == "in_progress"
    result, sent = await mock("failed", lost(), refusal, PAID)
    assert isinstance(result, errors.BadRequestError)
