"""No minute ever holds more attempts than the limit, whatever the pattern of arrivals."""

import threading
from bisect import bisect_left
from functools import partial
from typing import Any

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glomo import RateLimiter, errors
from glomo.http.limiter import SLACK
from glomo.http.transport import WireRequest, WireResponse

from .fakes import (
    PAYOUT_PARAMS,
    ScriptedTransport,
    body_of,
    client,
    lost,
    page,
    payout,
    wire_response,
)
from .virtual_time import now

GOOD = wire_response(200, payout())


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def most_in_a_minute(times: list[float]) -> int:
    """The most sends in any window of 60 seconds, its end left out."""
    times = sorted(times)
    return max(
        (bisect_left(times, start + 60 - 1e-6) - n for n, start in enumerate(times)), default=0
    )


ARRIVALS = st.lists(
    st.tuples(
        st.floats(0, 70), st.integers(1, 40), st.sampled_from((None, None, None, 0.0, 5.0, 61.0))
    ),
    max_size=25,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from((1, 2, 3, 7, 59, 60, 61, 100, 119, 120, 300)), ARRIVALS)
def test_no_minute_holds_more_than_the_limit(
    limit: int, arrivals: list[tuple[float, int, float | None]]
) -> None:
    clock = Clock()
    limiter = RateLimiter(limit, clock=clock)
    sent: list[float] = []
    for pause, count, hold in arrivals:
        clock.now += pause
        if hold is not None:
            limiter.hold(hold)
            until = clock.now + hold
            wait = limiter.reserve(float("inf"))
            assert wait is not None
            assert clock.now + wait >= until - 1e-9
            sent.append(clock.now + wait)
        for _ in range(count):
            wait = limiter.reserve(float("inf"))
            assert wait is not None
            sent.append(clock.now + wait)
    assert most_in_a_minute(sent) <= limit


@given(st.integers(1, 6000))
def test_an_idle_limiter_lets_a_second_s_worth_go_at_once(limit: int) -> None:
    limiter = RateLimiter(limit, clock=Clock())
    burst = max(1, limit // 60)
    assert [limiter.reserve(1e-6) for _ in range(burst)] == [pytest.approx(0.0, abs=1e-6)] * burst
    assert limiter.reserve(1e-3) is None


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 600))
def test_a_busy_limiter_reaches_its_limit(limit: int) -> None:
    limiter = RateLimiter(limit, clock=Clock())
    waits = [limiter.reserve(float("inf")) for _ in range(10 * limit)]
    assert waits[-1] is not None
    # Ten limits' worth takes ten minutes, less what may go at once, and the slack.
    assert waits[-1] <= 600 * limit / max(1, limit * (1 - SLACK) - max(1, limit // 60))


def test_requests_that_travel_unequally_fast_do_not_arrive_beyond_the_limit() -> None:
    limiter = RateLimiter(3000, clock=Clock())
    waits = [limiter.reserve(float("inf")) or 0.0 for _ in range(9000)]
    # The first have connections to make.
    arrivals = [wait + (0.25 if wait < 0.25 else 0.0) for wait in waits]
    assert 0.97 * 3000 < most_in_a_minute(arrivals) <= 3000


async def test_thousands_of_calls_at_once_all_have_their_turn() -> None:
    sent: list[float] = []

    async def serve(request: WireRequest) -> WireResponse:
        await anyio.sleep(0.3)
        sent.append(now())
        return wire_response(201, payout(request_id=body_of(request)["request_id"]))

    class Serving(ScriptedTransport):
        async def send(self, request: WireRequest, timeout: float) -> WireResponse:
            with anyio.fail_after(timeout):
                return await serve(request)

    glomo = client(Serving(), rate_limit=600, timeout=60)
    payouts: list[str | None] = []

    async def create(number: int) -> None:
        parameters = {**PAYOUT_PARAMS, "request_id": f"r-{number}"}
        payouts.append((await glomo.payouts.create(**parameters)).request_id)

    async with anyio.create_task_group() as group:
        for number in range(4000):
            group.start_soon(create, number)
    assert sorted(payouts, key=str) == sorted(f"r-{number}" for number in range(4000))
    assert sent[-1] - sent[0] > 60 * 6  # far beyond the time-out of any one of them
    assert most_in_a_minute(sent) <= 600


async def test_a_429_in_the_queue_pauses_all_and_fails_none() -> None:
    held: list[float] = []

    class Throttling(ScriptedTransport):
        async def send(self, request: WireRequest, timeout: float) -> WireResponse:
            self.at.append(now())
            await anyio.sleep(0.1)
            if len(self.at) == 100:
                held.append(now())
                return wire_response(429, {"message": "slow down"}, retry_after="20")
            return wire_response(201, payout(request_id=body_of(request)["request_id"]))

    transport = Throttling()
    glomo = client(transport, rate_limit=600, timeout=30)
    async with anyio.create_task_group() as group:
        for number in range(300):
            parameters = {**PAYOUT_PARAMS, "request_id": f"r-{number}"}
            group.start_soon(partial(glomo.payouts.create, **parameters))
    assert len(transport.at) == 301
    [at] = held
    assert [sent for sent in transport.at if at < sent < at + 20] == []


def test_a_place_that_would_come_too_late_is_not_taken() -> None:
    clock = Clock()
    limiter = RateLimiter(1, clock=clock)
    assert limiter.reserve(0) == 0
    for _ in range(100):
        assert limiter.reserve(59) is None
    assert limiter.reserve(60) == 60


@pytest.mark.parametrize("limit", [0, -1, 1.5, True, "60", None])
def test_a_limit_is_a_whole_number(limit: Any) -> None:
    with pytest.raises(ValueError, match="per_minute"):
        RateLimiter(limit)


def test_threads_share_a_limiter_without_taking_a_place_twice() -> None:
    limiter = RateLimiter(60, clock=Clock())
    waits: list[float] = []

    def take() -> None:
        for _ in range(200):
            wait = limiter.reserve(float("inf"))
            assert wait is not None
            waits.append(wait)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(waits)) == 800


async def test_every_attempt_draws_a_token_lookups_and_retries_included() -> None:
    exists = wire_response(409, {"message": "Record already exists"})
    matching_page = wire_response(200, page(payout()))
    transport = ScriptedTransport(lost(), lost(), exists, wire_response(500), matching_page, GOOD)
    glomo = client(transport, rate_limit=2, timeout=1000, rng=lambda: 0.0)
    await glomo.payouts.create(**PAYOUT_PARAMS)
    await glomo.payouts.retrieve("payout_1")
    assert most_in_a_minute(transport.at) <= 2
    assert transport.at[-1] - transport.at[0] >= 120


async def test_many_calls_at_once_keep_to_the_limit_and_all_succeed() -> None:
    transport = ScriptedTransport(*[GOOD] * 150)
    glomo = client(transport, rate_limit=60, timeout=1000)
    async with anyio.create_task_group() as group:
        for _ in range(150):
            group.start_soon(glomo.payouts.retrieve, "payout_1")
    assert most_in_a_minute(transport.at) <= 60
    assert len(transport.sent) == 150


async def test_after_a_429_the_others_wait_too() -> None:
    async def too_many(_: WireRequest) -> WireResponse:
        await anyio.sleep(0.5)  # the others have their places by then
        return wire_response(429, retry_after="20")

    transport = ScriptedTransport(too_many, *[GOOD] * 10)
    glomo = client(transport, rate_limit=60)
    began = now()
    async with anyio.create_task_group() as group:
        for _ in range(10):
            group.start_soon(glomo.payouts.retrieve, "payout_1")
    assert [at - began < 20 for at in transport.at] == [True] + [False] * 10
    assert most_in_a_minute(transport.at) <= 60


async def test_clients_behind_one_address_share_a_limiter() -> None:
    limiter = RateLimiter(2, clock=now)
    transport = ScriptedTransport(*[GOOD] * 6)
    one, two = (client(transport, rate_limit=limiter, timeout=1000) for _ in range(2))
    for _ in range(3):
        await one.payouts.retrieve("payout_1")
        await two.payouts.retrieve("payout_1")
    assert most_in_a_minute(transport.at) <= 2


async def test_without_a_limit_nothing_waits() -> None:
    transport = ScriptedTransport(*[GOOD] * 200)
    glomo = client(transport)
    for _ in range(200):
        await glomo.payouts.retrieve("payout_1")
    assert transport.at[0] == transport.at[-1]


async def test_a_limit_that_leaves_no_time_refuses_at_once() -> None:
    transport = ScriptedTransport(GOOD)
    glomo = client(transport, rate_limit=1, queue_timeout=10)
    await glomo.payouts.retrieve("payout_1")
    began = now()
    with pytest.raises(errors.DeadlineError, match="rate limit has no place within 10 s"):
        await glomo.payouts.retrieve("payout_1")
    assert now() == began
