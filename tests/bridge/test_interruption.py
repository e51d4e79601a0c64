"""Ctrl-C, time limits of a worker, and other exceptions that a signal brings."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import anyio
import pytest

from glomo import errors
from glomo_sync._call import Call

from .service import (
    Client,
    Payout,
    Refused,
    in_thread,
    interrupt_caller_and_hang,
    signal_main_thread,
)


class TimeLimitExceeded(Exception):
    """As Celery raises from a signal handler."""


@pytest.fixture
def time_limit() -> Iterator[int]:
    def exceed(number: int, frame: object) -> None:
        raise TimeLimitExceeded

    before = signal.signal(signal.SIGUSR1, exceed)
    yield signal.SIGUSR1
    signal.signal(signal.SIGUSR1, before)


def await_main_thread_in(
    function: Callable[..., Any], *, called_by: Callable[..., Any] | None = None
) -> None:
    while True:
        frame: FrameType | None = sys._current_frames()[threading.main_thread().ident or 0]
        while frame is not None and frame.f_code is not function.__code__:
            frame = frame.f_back
        caller = frame.f_back if frame else None
        if caller and (called_by is None or caller.f_code is called_by.__code__):
            return


def notes_of(error: BaseException) -> str:
    return "\n".join(error.__notes__)


def test_ctrl_c_cancels_the_call_and_waits_until_it_has_ended(client: Client) -> None:
    ended: list[str] = []

    async def create() -> None:
        try:
            await interrupt_caller_and_hang()
        finally:
            with anyio.CancelScope(shield=True):
                for _ in range(5):
                    await anyio.lowlevel.checkpoint()
            ended.append("cleaned up")

    with pytest.raises(KeyboardInterrupt) as interrupt:
        client.bridge.call(create)
    assert ended == ["cleaned up"]
    assert "outcome is unknown" in notes_of(interrupt.value)
    assert "create" in notes_of(interrupt.value)
    assert "request_id" in notes_of(interrupt.value)


def test_the_client_works_after_ctrl_c(client: Client) -> None:
    with pytest.raises(KeyboardInterrupt):
        client.bridge.call(interrupt_caller_and_hang)
    assert client.echo("next") == "next"


def test_ctrl_c_does_not_hide_a_call_that_completed_all_the_same(client: Client) -> None:
    async def create() -> Payout:
        signal_main_thread()
        with anyio.CancelScope(shield=True):
            for _ in range(50):
                await anyio.lowlevel.checkpoint()
        return Payout("payout_5JU9yv0l")

    with pytest.raises(KeyboardInterrupt) as interrupt:
        client.bridge.call(create)
    assert "had completed" in notes_of(interrupt.value)
    assert "Payout payout_5JU9yv0l" in notes_of(interrupt.value)


def test_ctrl_c_tells_how_a_call_failed_meanwhile(client: Client) -> None:
    async def create() -> None:
        try:
            await interrupt_caller_and_hang()
        except asyncio.CancelledError:
            raise Refused("the bank said no") from None

    with pytest.raises(KeyboardInterrupt) as interrupt:
        client.bridge.call(create)
    assert "Refused: the bank said no" in notes_of(interrupt.value)


def test_what_the_client_notes_on_its_cancellation_is_passed_on(client: Client) -> None:
    async def create() -> None:
        try:
            await interrupt_caller_and_hang()
        except asyncio.CancelledError as cancelled:
            cancelled.add_note("request_id: invoice-17")
            raise

    with pytest.raises(KeyboardInterrupt) as interrupt:
        client.bridge.call(create)
    assert "request_id: invoice-17" in interrupt.value.__notes__


def test_a_time_limit_is_treated_like_ctrl_c(client: Client, time_limit: int) -> None:
    ended = threading.Event()

    async def create() -> None:
        try:
            await interrupt_caller_and_hang(time_limit)
        finally:
            ended.set()

    with pytest.raises(TimeLimitExceeded) as interrupt:
        client.bridge.call(create)
    assert ended.is_set()
    assert "outcome is unknown" in notes_of(interrupt.value)


def test_a_second_ctrl_c_stops_waiting(client: Client) -> None:
    finish = threading.Event()

    async def stubborn() -> None:
        try:
            await interrupt_caller_and_hang()
        finally:
            signal_main_thread()
            with anyio.CancelScope(shield=True):
                while not finish.is_set():
                    await anyio.lowlevel.checkpoint()

    with pytest.raises(KeyboardInterrupt) as interrupt:
        client.bridge.call(stubborn)
    finish.set()
    assert isinstance(interrupt.value.__context__, KeyboardInterrupt)
    assert "outcome is unknown" in notes_of(interrupt.value)


def test_a_call_that_will_not_end_is_not_waited_for_beyond_the_grace() -> None:
    finish = threading.Event()

    async def stubborn() -> None:
        try:
            await interrupt_caller_and_hang()
        finally:
            with anyio.CancelScope(shield=True):
                while not finish.is_set():
                    await anyio.lowlevel.checkpoint()

    with Client(grace=0.01) as client:
        with pytest.raises(KeyboardInterrupt) as interrupt:
            client.bridge.call(stubborn)
        finish.set()
    assert "outcome is unknown" in notes_of(interrupt.value)


def test_a_call_that_is_interrupted_before_it_begins_is_never_sent(client: Client) -> None:
    client.echo("start")
    blocked, unblock = threading.Event(), threading.Event()
    began: list[str] = []

    async def block_the_loop() -> None:
        blocked.set()
        unblock.wait()

    async def create() -> None:
        began.append("sent")

    def interrupt() -> None:
        # The loop is held up until the cancellation is on its way, so the call cannot have begun.
        await_main_thread_in(Call.wait)
        signal_main_thread()
        await_main_thread_in(Call.wait, called_by=Call.give_up)
        unblock.set()

    blocker = in_thread(lambda: client.bridge.call(block_the_loop))
    blocked.wait()
    interrupter = in_thread(interrupt)
    with pytest.raises(KeyboardInterrupt) as interrupted:
        client.bridge.call(create)
    interrupter.join()
    blocker.join()
    assert began == []
    assert "nothing was sent" in notes_of(interrupted.value)


def test_ctrl_c_on_one_client_leaves_the_calls_of_other_threads_alone(client: Client) -> None:
    in_flight, release = threading.Event(), threading.Event()
    answers: list[str] = []

    async def slow() -> str:
        in_flight.set()
        while not release.is_set():
            await anyio.lowlevel.checkpoint()
        return "undisturbed"

    bystander = in_thread(lambda: answers.append(client.bridge.call(slow)))
    in_flight.wait()
    with pytest.raises(KeyboardInterrupt):
        client.bridge.call(interrupt_caller_and_hang)
    release.set()
    bystander.join()
    assert answers == ["undisturbed"]


def test_an_interruption_is_no_outcome_unknown_error(client: Client) -> None:
    """Code that catches GlomoError to go on must not swallow the user's Ctrl-C."""
    with pytest.raises(KeyboardInterrupt) as interrupt:
        client.bridge.call(interrupt_caller_and_hang)
    assert not isinstance(interrupt.value, errors.GlomoError)
