"""Ctrl-C, time limits of a worker, and other exceptions that a signal brings."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from types import FrameType
from typing import Any

import anyio
import pytest
from anyio import from_thread

from glomo import errors

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


def await_main_thread_in(function: Callable[..., Any]) -> None:
    while True:
        frame: FrameType | None = sys._current_frames()[threading.main_thread().ident or 0]
        while frame is not None:
            if frame.f_code is function.__code__:
                return
            frame = frame.f_back


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
        await_main_thread_in(from_thread.run)
        signal_main_thread()

    blocker = in_thread(lambda: client.bridge.call(block_the_loop))
    blocked.wait()
    interrupter = in_thread(interrupt)
    with pytest.raises(KeyboardInterrupt) as interrupted:
        client.bridge.call(create)  # the loop is held up, so the call cannot have begun
    interrupter.join()
    unblock.set()
    blocker.join()
    assert client.echo("by now it would have begun") == "by now it would have begun"
    assert began == []
    assert "nothing was sent" in notes_of(interrupted.value)


def test_ctrl_c_on_one_client_leaves_the_calls_of_other_threads_alone(client: Client) -> None:
    in_flight, release = threading.Event(), threading.Event()
    results: list[str] = []

    async def slow() -> str:
        in_flight.set()
        while not release.is_set():
            await anyio.lowlevel.checkpoint()
        return "undisturbed"

    bystander = in_thread(lambda: results.append(client.bridge.call(slow)))
    in_flight.wait()
    with pytest.raises(KeyboardInterrupt):
        client.bridge.call(interrupt_caller_and_hang)
    release.set()
    bystander.join()
    assert results == ["undisturbed"]


def test_an_interruption_is_no_outcome_unknown_error(client: Client) -> None:
    """Code that catches GlomoError to go on must not swallow the user's Ctrl-C."""
    with pytest.raises(KeyboardInterrupt) as interrupt:
        client.bridge.call(interrupt_caller_and_hang)
    assert not isinstance(interrupt.value, errors.GlomoError)


@pytest.mark.parametrize("kind", [RuntimeError, CancelledError])
def test_no_exception_of_a_signal_handler_is_taken_for_the_end_of_the_loop(
    client: Client, kind: type[Exception]
) -> None:
    """anyio raises these two itself when a loop has ended, and then the call is made again."""

    def handle(number: int, frame: object) -> None:
        raise kind("from the handler")

    began: list[str] = []

    async def create() -> None:
        began.append("sent")
        await interrupt_caller_and_hang(signal.SIGUSR1)

    before = signal.signal(signal.SIGUSR1, handle)
    try:
        with pytest.raises(kind, match="from the handler") as interrupt:
            client.bridge.call(create)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert began == ["sent"]
    assert "outcome is unknown" in notes_of(interrupt.value)


def test_an_interrupted_call_does_not_hold_up_the_closing(client: Client) -> None:
    """Not even one that the interruption kept from ever reaching the loop."""

    def interrupted_at_once(call: object, function: object) -> None:
        raise KeyboardInterrupt

    client.echo("start")
    session = client.bridge._session
    assert session is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session.thread, "run", interrupted_at_once)
        with pytest.raises(KeyboardInterrupt) as interrupt:
            client.echo("never sent")
    assert "nothing was sent" in notes_of(interrupt.value)
    client.echo("lets the loop come round")
    assert session.calls == set()
