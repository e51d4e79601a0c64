"""Whatever goes wrong on the way, nothing is created twice, and what is said is true.

A model server commits by its rules; faults strike before the commit or after it, in any order.
"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glomo import errors
from glomo.http.transport import WireRequest, WireResponse

from .fakes import (
    PAYOUT_PARAMS,
    body_of,
    client,
    lost,
    page,
    payout,
    query_of,
    refused,
    too_large,
    wire_response,
)
from .test_replay_safe_and_none import BENEFICIARY
from .virtual_time import run

BEFORE = ("refused", "429", "500 before", "lost before", "too poor", "401")
AFTER = ("500 after", "lost after", "garbage after", "cut after", "empty after", "too large after")
FAULTS = st.lists(st.sampled_from(("none", *BEFORE, *AFTER)), max_size=14)


class Server:
    """Payouts by request_id, as the API keeps them, and beneficiaries, which have no key."""

    def __init__(self, faults: list[str], *, with_key: bool = True) -> None:
        self.faults = list(faults)
        self.with_key = with_key
        self.payouts: list[dict[str, Any]] = []

    async def send(self, request: WireRequest, timeout: float) -> WireResponse:
        fault = self.faults.pop(0) if self.faults else "none"
        harmless = self.before(fault)
        if harmless is not None:
            return harmless
        good = self.carry_out(request)
        match fault:
            case "500 after":
                return wire_response(500, {"error": "Internal Server Error"})
            case "lost after":
                raise lost()
            case "garbage after":
                return wire_response(200, b"<html>proxy</html>")
            case "cut after":
                return WireResponse(good.status, {}, good.body[:-1])
            case "empty after":
                return wire_response(good.status)
            case "too large after":
                raise too_large()
        return good

    def before(self, fault: str) -> WireResponse | None:
        match fault:
            case "refused":
                raise refused()
            case "lost before":
                raise lost()
            case "429":
                return wire_response(429)
            case "500 before":
                return wire_response(503)
            case "401":
                return wire_response(401)
            case "too poor":
                return wire_response(400, {"message": "short", "code": "INSUFFICIENT_BALANCE"})
        return None

    def carry_out(self, request: WireRequest) -> WireResponse:
        if request.method == "GET":
            wanted = query_of(request)["request_id"]
            return wire_response(
                200, page(*(row for row in self.payouts if row["request_id"] == wanted))
            )
        sent = body_of(request)
        if self.with_key and any(row["request_id"] == sent["request_id"] for row in self.payouts):
            return wire_response(409, {"error": "Conflict", "message": "Record already exists"})
        new = {**payout(**sent), "id": f"made_{len(self.payouts)}", "status": "active"}
        self.payouts.append(new)
        return wire_response(201, new)

    def discard_connections(self) -> None: ...

    def reset(self) -> None: ...

    async def aclose(self) -> None: ...


@settings(max_examples=400, deadline=None)
@given(FAULTS, st.integers(0, 4), st.sampled_from((0.0, 0.5, 1.0)))
def test_a_key_creates_at_most_one_and_the_answer_is_true(
    faults: list[str], retries: int, jitter: float
) -> None:
    server = Server(faults)

    async def act() -> Any:
        glomo = client(server, max_retries=retries, rng=lambda: jitter)
        try:
            return await glomo.payouts.create(**PAYOUT_PARAMS)
        except errors.GlomoError as error:
            return error

    outcome = run(act)
    assert len(server.payouts) <= 1
    if isinstance(outcome, errors.GlomoError):
        # Whoever gets anything but "unknown" may forget the payout: it must not exist.
        assert not server.payouts or isinstance(outcome, errors.OutcomeUnknownError), (
            faults,
            outcome,
        )
        if isinstance(outcome, errors.OutcomeUnknownError):
            assert outcome.request_id == "r-1"
    else:
        assert [row["id"] for row in server.payouts] == [outcome.id]
        assert outcome.source_amount == PAYOUT_PARAMS["source_amount"]


@settings(max_examples=150, deadline=None)
@given(FAULTS, FAULTS)
def test_calling_again_with_the_same_key_settles_it(first: list[str], second: list[str]) -> None:
    server = Server(first)

    async def act() -> Any:
        glomo = client(server)
        for faults in (first, second, []):
            server.faults = list(faults)
            try:
                result = await glomo.payouts.create(**PAYOUT_PARAMS)
            except errors.GlomoError as error:
                result = error
        return result

    outcome = run(act)
    assert len(server.payouts) == 1
    assert outcome.id == server.payouts[0]["id"]


@settings(max_examples=150, deadline=None)
@given(FAULTS, st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_key_used_for_two_payouts_creates_one(faults: list[str], one: int, two: int) -> None:
    server = Server([])

    async def act() -> Any:
        glomo = client(server)
        await glomo.payouts.create(**{**PAYOUT_PARAMS, "source_amount": one})
        server.faults = list(faults)
        try:
            return await glomo.payouts.create(**{**PAYOUT_PARAMS, "source_amount": two})
        except errors.GlomoError as error:
            return error

    outcome = run(act)
    assert [row["source_amount"] for row in server.payouts] == [one]
    if not isinstance(outcome, errors.GlomoError):
        assert one == two
    if isinstance(outcome, errors.IdempotencyConflictError):
        assert one != two


@settings(max_examples=300, deadline=None)
@given(FAULTS, st.integers(0, 4))
def test_without_a_key_there_is_at_most_one_too(faults: list[str], retries: int) -> None:
    server = Server(faults, with_key=False)

    async def act() -> Any:
        try:
            return await client(server, max_retries=retries).beneficiaries.create(
                **BENEFICIARY  # type: ignore[arg-type]
            )
        except errors.GlomoError as error:
            return error

    outcome = run(act)
    assert len(server.payouts) <= 1
    if not isinstance(outcome, errors.GlomoError):
        assert len(server.payouts) == 1
    elif server.payouts:
        assert isinstance(outcome, errors.OutcomeUnknownError)


@pytest.mark.parametrize("fault", AFTER)
def test_the_model_server_does_commit_before_it_loses_the_answer(fault: str) -> None:
    server = Server([fault])

    async def act() -> Any:
        return await client(server).payouts.create(**PAYOUT_PARAMS)

    assert run(act).id == "made_0"
    assert len(server.payouts) == 1
