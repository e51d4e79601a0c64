"""The bound on attempts under way, cancellation, and event loops."""

import asyncio
import logging
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from glomo import AsyncGlomo, errors
from glomo.http.transport import WireRequest, WireResponse

from .fakes import (
    BASE,
    KEY,
    PAYOUT_PARAMS,
    ScriptedTransport,
    client,
    echo,
    lost,
    payout,
    silence,
    wire_response,
)
from .virtual_time import VirtualLoop, now

GOOD = wire_response(200, payout())


class Counting:
    """Counts how many attempts are under way, and how many ever were at once."""

    def __init__(self, seconds: float = 1.0) -> None:
        self.seconds = seconds
        self.under_way = 0
        self.most = 0
        self.ended = 0

    async def send(self, request: WireRequest, timeout: float) -> WireResponse:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            with anyio.move_on_after(timeout):
                await anyio.sleep(self.seconds)
            if timeout <= self.seconds:
                raise lost()
            self.ended += 1
        finally:
            self.under_way -= 1
        return GOOD

    def discard_connections(self) -> None: ...

    def reset(self) -> None: ...

    async def aclose(self) -> None: ...


async def test_never_more_under_way_than_allowed() -> None:
    transport = Counting()
    glomo = client(transport, max_in_flight=7, timeout=1000)
    async with anyio.create_task_group() as group:
        for _ in range(100):
            group.start_soon(glomo.payouts.retrieve, "payout_1")
    assert transport.most == 7
    assert transport.ended == 100


async def test_cancelled_calls_free_their_places() -> None:
    transport = Counting(seconds=10)
    glomo = client(transport, max_in_flight=2, timeout=1000)
    for wait in (0.0, 1.0):
        async with anyio.create_task_group() as group:
            for _ in range(6):  # two under way, four waiting
                group.start_soon(glomo.payouts.retrieve, "payout_1")
            await anyio.sleep(wait)
            group.cancel_scope.cancel()
        assert transport.under_way == 0
    async with anyio.create_task_group() as group:
        for _ in range(2):
            group.start_soon(glomo.payouts.retrieve, "payout_1")
        await anyio.sleep(1)
        assert transport.under_way == 2


async def test_a_waiter_that_gives_up_loses_nobody_s_place() -> None:
    transport = Counting(seconds=10)
    glomo = client(transport, max_in_flight=1, timeout=1000)

    async def impatient() -> None:
        with pytest.raises(errors.DeadlineError):
            await glomo.payouts.retrieve("payout_1", queue_timeout=10.0)

    async with anyio.create_task_group() as group:
        group.start_soon(glomo.payouts.retrieve, "payout_1")
        await anyio.lowlevel.checkpoint()
        for _ in range(5):  # their time ends just when the place comes free
            group.start_soon(impatient)
        group.start_soon(glomo.payouts.retrieve, "payout_1")
    assert transport.ended == 2
    await glomo.payouts.retrieve("payout_1")


async def test_a_place_is_freed_when_a_transport_breaks() -> None:
    transport = ScriptedTransport(RuntimeError("bug"), RuntimeError("bug"), GOOD)
    glomo = client(transport, max_in_flight=1)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="bug"):
            await glomo.payouts.retrieve("payout_1")
    await glomo.payouts.retrieve("payout_1")


async def test_a_place_is_not_held_while_pausing() -> None:
    transport = ScriptedTransport(lost(), echo, echo)
    glomo = client(transport, max_in_flight=1)
    async with anyio.create_task_group() as group:
        group.start_soon(glomo.payouts.retrieve, "payout_1")
        await anyio.sleep(0.1)
        await glomo.payouts.retrieve("payout_2")
        assert [request.url[-8:] for request in transport.sent] == ["payout_1", "payout_2"]


async def cancelled(glomo: AsyncGlomo, call: Any, after: float) -> None:
    with anyio.move_on_after(after) as scope:
        await call
    assert scope.cancelled_caught


async def test_cancelling_a_create_in_flight_is_logged_with_its_key(
    caplog: pytest.LogCaptureFixture,
) -> None:
    glomo = client(ScriptedTransport(silence))
    await cancelled(glomo, glomo.payouts.create(**PAYOUT_PARAMS), 1)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "payouts.create" in caplog.text
    assert "r-1" in caplog.text


async def test_cancelling_a_create_after_a_lost_answer_is_logged_too(
    caplog: pytest.LogCaptureFixture,
) -> None:
    glomo = client(ScriptedTransport(lost()))
    await cancelled(glomo, glomo.payouts.create(**PAYOUT_PARAMS), 0.1)
    assert "outcome unknown" in caplog.text


async def test_cancelling_what_changed_nothing_is_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    glomo = client(ScriptedTransport(silence), rate_limit=1, timeout=1000)
    await cancelled(glomo, glomo.payouts.retrieve("payout_1"), 1)
    await cancelled(
        glomo, glomo.payouts.create(**PAYOUT_PARAMS), 1
    )  # waits for the limit: not sent
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


# ------------------------------------------------------------------ event loops


def test_a_second_loop_while_the_first_is_alive_is_explained() -> None:
    transport = ScriptedTransport(GOOD)
    glomo = AsyncGlomo(KEY, base_url=BASE, transport=transport)
    first, second = VirtualLoop(), VirtualLoop()
    try:
        first.run_until_complete(glomo.payouts.retrieve("payout_1"))
        with pytest.raises(errors.ConfigurationError, match="one client for each loop"):
            second.run_until_complete(glomo.payouts.retrieve("payout_1"))
    finally:
        first.close()
        second.close()
    assert len(transport.sent) == 1


def test_after_the_first_loop_was_closed_the_client_starts_anew() -> None:
    transport = ScriptedTransport(GOOD, GOOD, GOOD)
    glomo = AsyncGlomo(KEY, base_url=BASE, transport=transport)
    for n in range(3):
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(glomo.payouts.retrieve("payout_1"))
        assert transport.resets == n


def test_reset_forgets_a_loop_that_cannot_be_closed() -> None:
    transport = ScriptedTransport(GOOD, GOOD)
    glomo = AsyncGlomo(KEY, base_url=BASE, transport=transport)
    glomo.reset()
    assert transport.resets == 0
    first, second = VirtualLoop(), VirtualLoop()
    try:
        first.run_until_complete(glomo.payouts.retrieve("payout_1"))
        glomo.reset()  # as in a forked child, where the parent's loop looks alive
        second.run_until_complete(glomo.payouts.retrieve("payout_1"))
    finally:
        first.close()
        second.close()
    assert transport.resets == 1


async def test_a_closed_client_says_so() -> None:
    transport = ScriptedTransport(GOOD)
    async with client(transport) as glomo:
        await glomo.payouts.retrieve("payout_1")
    assert transport.closed == 1
    with pytest.raises(errors.ClosedError, match=r"payouts\.retrieve"):
        await glomo.payouts.retrieve("payout_1")
    assert len(transport.sent) == 1
    await glomo.aclose()


async def test_a_client_closed_elsewhere_leaves_the_loop_s_connections_alone() -> None:
    transport = ScriptedTransport()
    await client(transport).aclose()
    assert transport.closed == 0
    assert now() > 0
