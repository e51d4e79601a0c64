"""Reads are tried again after anything; creates without a key only if nothing can have happened."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from glomo import AsyncGlomo, errors

from .fakes import (
    Outcome,
    ScriptedTransport,
    client,
    lost,
    payout,
    refused,
    silence,
    too_large,
    wire_response,
)

GOOD = wire_response(200, payout())
BENEFICIARY = {
    "category": "payout",
    "beneficiary": {
        "name": "Acme",
        "type": "business",
        "address": {
            "address_line1": "1 Road",
            "city": "Pune",
            "state": "MH",
            "country_code": "IND",
            "postal_code": "411001",
        },
    },
    "upi_account": {"upi_id": "acme@bank"},
}
Act = Callable[[AsyncGlomo], Awaitable[Any]]


async def read(glomo: AsyncGlomo) -> Any:
    return await glomo.payouts.retrieve("payout_1")


async def add(glomo: AsyncGlomo) -> Any:
    return await glomo.beneficiaries.create(**BENEFICIARY)  # type: ignore[arg-type]


FAILURES: dict[str, Callable[[], Outcome]] = {
    "no connection": refused,
    "429": lambda: wire_response(429),
    "lost": lost,
    "500": lambda: wire_response(500),
    "502 page": lambda: wire_response(502, b"<html>Bad Gateway</html>"),
    "503": lambda: wire_response(503, {"message": "down"}),
    "504": lambda: wire_response(504),
    "599": lambda: wire_response(599),
    "408": lambda: wire_response(408),
    "time-out": lambda: silence,
    "garbage": lambda: wire_response(200, b"<html>hello</html>"),
    "empty": lambda: wire_response(200),
    "cut": lambda: wire_response(200, b'{"id": "payout_1", "sta'),
    "not UTF-8": lambda: wire_response(200, b'{"id": "\xff"}'),
    "101": lambda: wire_response(101),
}
NOTHING_HAPPENED = {"no connection", "429"}


@pytest.mark.parametrize("kind", FAILURES)
async def test_a_read_is_tried_again(kind: str) -> None:
    # One attempt may take half of a call's time, so there is time for one time-out only.
    times = 1 if kind == "time-out" else 3
    transport = ScriptedTransport(*[FAILURES[kind]() for _ in range(times)], GOOD)
    assert (await read(client(transport))).id == "payout_1"
    assert len(transport.sent) == times + 1


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("no connection", errors.ConnectError),
        ("429", errors.RateLimitError),
        ("lost", errors.ResponseLostError),
        ("500", errors.InternalServerError),
        ("502 page", errors.BadGatewayError),
        ("503", errors.UnavailableError),
        ("504", errors.GatewayTimeoutError),
        ("599", errors.ServerError),
        ("408", errors.StatusError),
        ("time-out", errors.ResponseLostError),
        ("garbage", errors.DecodingError),
        ("empty", errors.DecodingError),
    ],
)
async def test_a_read_that_keeps_failing_raises_what_it_is(
    kind: str, error: type[Exception]
) -> None:
    transport = ScriptedTransport(*[FAILURES[kind]() for _ in range(50)])
    with pytest.raises(error):
        await read(client(transport, max_retries=2))
    if kind != "429":  # being told to slow down is no failure: only time ends that
        assert len(transport.sent) <= 3


@pytest.mark.parametrize("kind", sorted(NOTHING_HAPPENED))
async def test_a_create_without_a_key_is_tried_again_if_nothing_happened(kind: str) -> None:
    good = wire_response(201, {"id": "bene_1", "status": "active"})
    transport = ScriptedTransport(FAILURES[kind](), FAILURES[kind](), good)
    assert (await add(client(transport))).id == "bene_1"


CREATED_ELSEWHERE: dict[str, Callable[[], Outcome]] = {
    "303": lambda: wire_response(303, location="/v2/beneficiaries/bene_1"),
    "no id": lambda: wire_response(201, {"id": "", "status": "active"}),
}


@pytest.mark.parametrize("kind", sorted((FAILURES | CREATED_ELSEWHERE).keys() - NOTHING_HAPPENED))
async def test_a_create_without_a_key_is_never_sent_again_otherwise(kind: str) -> None:
    transport = ScriptedTransport((FAILURES | CREATED_ELSEWHERE)[kind]())
    with pytest.raises(errors.OutcomeUnknownError) as caught:
        await add(client(transport))
    assert len(transport.sent) == 1
    assert caught.value.operation == "beneficiaries.create"
    assert "beneficiaries.list()" in caught.value.how_to_find_out
    assert caught.value.how_to_find_out in str(caught.value)
    assert caught.value.request_id is None
    assert isinstance(caught.value.__cause__, errors.GlomoError)


async def test_a_create_without_a_key_after_harmless_failures_still_is_sent_once() -> None:
    transport = ScriptedTransport(refused(), wire_response(429), lost())
    with pytest.raises(errors.OutcomeUnknownError) as caught:
        await add(client(transport))
    assert caught.value.attempts == 3


@pytest.mark.parametrize("act", [read, add])
async def test_an_answer_too_large_is_not_asked_for_again(act: Act) -> None:
    transport = ScriptedTransport(too_large())
    expected = errors.ResponseTooLargeError if act is read else errors.OutcomeUnknownError
    with pytest.raises(expected):
        await act(client(transport))
    assert len(transport.sent) == 1


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 410, 422, 301, 302, 307])
@pytest.mark.parametrize("act", [read, add])
async def test_a_refusal_is_final(act: Act, status: int) -> None:
    transport = ScriptedTransport(
        wire_response(status, {"message": "no"}, location="https://evil.test")
    )
    with pytest.raises(errors.StatusError) as caught:
        await act(client(transport))
    assert caught.value.status == status
    assert len(transport.sent) == 1


async def test_a_lock_is_waited_for() -> None:
    lock = wire_response(409, {"error": "Conflict", "message": "Refund is being processed"})
    terse = wire_response(409, {"error": "Refund is being processed"})
    good = wire_response(201, {"id": "bene_1", "status": "active"})
    transport = ScriptedTransport(lock, terse, good)
    assert (await add(client(transport))).id == "bene_1"
    assert transport.at[1] > transport.at[0]


async def test_a_lock_that_stays_is_a_conflict() -> None:
    lock = wire_response(409, {"message": "Refund is being processed"})
    with pytest.raises(errors.ConflictError):
        await add(client(ScriptedTransport(*[lock] * 5)))


async def test_an_untyped_request_is_not_repeated_unless_told_so() -> None:
    transport = ScriptedTransport(lost())
    with pytest.raises(errors.OutcomeUnknownError):
        await client(transport).request("post", "/v1/new-things", body={"a": 1})
    assert transport.methods == ["POST /v1/new-things"]
    transport = ScriptedTransport(lost(), wire_response(200, {"rate": 1.5}))
    collected = await client(transport).request("GET", "/v1/new-things")
    assert str(collected["rate"]) == "1.5"


@pytest.mark.parametrize(
    ("after", "least"),
    [
        ("7", 7),
        ("0", 0),
        ("2.5", 2.5),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
        ("soon", 0),
        ("-3", 0),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_is_honoured(status: int, after: str, least: float) -> None:
    transport = ScriptedTransport(wire_response(status, retry_after=after), GOOD)
    await read(client(transport, rng=lambda: 0.0))
    assert transport.at[1] - transport.at[0] == pytest.approx(least)


async def test_retry_after_beyond_the_deadline_gives_up_at_once() -> None:
    transport = ScriptedTransport(wire_response(429, {"message": "slow down"}, retry_after="61"))
    glomo = client(transport, timeout=60)
    with pytest.raises(errors.RateLimitError, match="slow down"):
        await read(glomo)
    assert glomo._driver.clock() == 1000.0


async def test_no_answer_stops_a_client_for_days() -> None:
    transport = ScriptedTransport(wire_response(429, retry_after="999999"), GOOD)
    glomo = client(transport, rate_limit=3000)
    with pytest.raises(errors.RateLimitError):
        await read(glomo)
    assert (await glomo.payouts.retrieve("payout_1", timeout=120)).id == "payout_1"
    assert transport.at[1] - transport.at[0] == pytest.approx(60)


async def test_pauses_grow_and_are_bounded() -> None:
    transport = ScriptedTransport(*[wire_response(503)] * 8, GOOD)
    await read(client(transport, max_retries=8, timeout=600))
    pauses = [b - a for a, b in zip(transport.at, transport.at[1:], strict=False)]
    assert pauses == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
