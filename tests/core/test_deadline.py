"""`timeout=` is the call once it has its turn: attempts and pauses. Nothing is sent after it."""

from typing import Any

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glomo import errors
from glomo.http.transport import WireRequest, WireResponse

from .fakes import (
    PAYOUT_PARAMS,
    ScriptedTransport,
    client,
    lost,
    payout,
    refused,
    silence,
    wire_response,
)
from .virtual_time import now, run

GOOD = wire_response(200, payout())


class Slow:
    """Each attempt takes its time, and then fails or not."""

    def __init__(self, *steps: tuple[float, str]) -> None:
        self.steps = list(steps)
        self.at: list[float] = []
        self.took: list[float] = []

    async def send(self, request: WireRequest, timeout: float) -> WireResponse:
        self.at.append(now())
        try:
            return await self.respond(timeout)
        finally:
            self.took.append(now() - self.at[-1])

    async def respond(self, timeout: float) -> WireResponse:
        seconds, outcome = self.steps.pop(0) if self.steps else (0.1, "good")
        with anyio.move_on_after(timeout):
            await anyio.sleep(seconds)
        if timeout <= seconds:
            raise lost()
        match outcome:
            case "lost":
                raise lost()
            case "refused":
                raise refused()
            case "good":
                return GOOD
            case "empty list":
                return wire_response(200, {"data": []})
            case "duplicate":
                return wire_response(409, {"message": "Record already exists"})
            case "wait":
                return wire_response(429, retry_after="3")
        return wire_response(int(outcome))

    def discard_connections(self) -> None: ...

    def reset(self) -> None: ...

    async def aclose(self) -> None: ...


OUTCOMES = ("lost", "refused", "good", "empty list", "duplicate", "wait", "500", "503", "400")
STEPS = st.lists(st.tuples(st.floats(0, 40), st.sampled_from(OUTCOMES)), max_size=12)


@settings(max_examples=300, deadline=None)
@given(STEPS, st.floats(0.01, 90), st.booleans(), st.sampled_from((None, 1, 20, 3000)))
def test_a_call_ends_in_time_and_sends_nothing_after(
    steps: list[tuple[float, str]], timeout: float, creates: bool, limit: int | None
) -> None:
    transport = Slow(*steps)

    async def act() -> tuple[float, float]:
        glomo = client(transport, rate_limit=limit, max_retries=10)
        began = now()
        try:
            if creates:
                await glomo.payouts.create(**PAYOUT_PARAMS, timeout=timeout)
            else:
                await glomo.payouts.retrieve("payout_1", timeout=timeout)
        except errors.GlomoError:
            pass
        return began, now()

    began, ended = run(act)
    first = transport.at[0] if transport.at else began
    # With a limit, waiting for turns is not counted; the test below has the rule for that.
    if limit is None:
        assert ended - first <= timeout + 1e-6
        assert all(at - first < timeout for at in transport.at)
    assert sum(transport.took) <= timeout + 1e-6


async def test_what_was_not_sent_says_so() -> None:
    transport = ScriptedTransport(GOOD)
    glomo = client(transport, rate_limit=1)
    await glomo.payouts.retrieve("payout_1")
    with pytest.raises(errors.DeadlineError, match="not sent") as caught:
        await glomo.payouts.create(**PAYOUT_PARAMS, queue_timeout=30)
    assert isinstance(caught.value, TimeoutError)
    assert caught.value.attempts == 0
    assert len(transport.sent) == 1


async def test_a_place_in_flight_that_stays_taken_is_a_deadline_too() -> None:
    glomo = client(ScriptedTransport(silence), max_in_flight=1)
    async with anyio.create_task_group() as group:
        group.start_soon(_ignore, glomo.payouts.retrieve("payout_1", timeout=100))
        await anyio.sleep(1)
        with pytest.raises(errors.DeadlineError, match=r"not sent.*in flight"):
            await glomo.payouts.create(**PAYOUT_PARAMS, queue_timeout=5)
        group.cancel_scope.cancel()


async def _ignore(call: Any) -> None:
    await call


@pytest.mark.parametrize(("method", "seconds"), [("GET", 10.0), ("POST", 20.0)])
async def test_an_attempt_may_take_half_and_one_that_is_final_all(
    method: str, seconds: float
) -> None:
    glomo = client(ScriptedTransport(silence), max_retries=0, timeout=20)
    began = now()
    with pytest.raises(errors.GlomoError):
        await glomo.request(method, "/v1/new")
    assert now() - began == pytest.approx(seconds)


@pytest.mark.parametrize("timeout", [0, -1, None, "5", True, float("nan"), [5]])
async def test_a_timeout_is_a_positive_number(timeout: Any) -> None:
    transport = ScriptedTransport()
    with pytest.raises(errors.ParameterError, match="timeout"):
        await client(transport).payouts.retrieve("payout_1", timeout=timeout)
    assert transport.sent == []


async def test_a_call_s_timeout_takes_the_place_of_the_client_s() -> None:
    transport = ScriptedTransport(silence, silence)
    glomo = client(transport, timeout=1000)
    began = now()
    with pytest.raises(errors.ResponseLostError):
        await glomo.payouts.retrieve("payout_1", timeout=3)
    assert now() - began <= 3
