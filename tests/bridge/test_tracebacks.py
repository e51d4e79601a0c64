"""Tracebacks lead from the caller's line to the code that failed, without the bridge's."""

from __future__ import annotations

import contextlib
import gc
import signal
import traceback
import weakref
from collections.abc import AsyncIterator

import pytest

from .service import Client, Refused, interrupt_caller_and_hang


def modules_of(error: BaseException) -> list[str]:
    frames = traceback.walk_tb(error.__traceback__)
    return [frame.f_globals["__name__"] for frame, _ in frames]


def functions_of(error: BaseException) -> list[str]:
    return [entry.name for entry in traceback.extract_tb(error.__traceback__)]


def test_only_the_callers_frames_and_the_clients_are_left(client: Client) -> None:
    with pytest.raises(Refused) as caught:
        client.fail()
    assert functions_of(caught.value) == [
        "test_only_the_callers_frames_and_the_clients_are_left",
        "fail",  # the synchronous method
        "fail",  # the asynchronous one
    ]


def test_an_iterations_too(client: Client) -> None:
    async def pages() -> AsyncIterator[int]:
        yield 1
        raise Refused

    with pytest.raises(Refused) as caught:
        list(client.bridge.iterate(pages()))
    assert not [name for name in modules_of(caught.value) if name.startswith("glomo_sync")]
    assert functions_of(caught.value)[-1] == "pages"


async def test_a_refusals_too(client: Client) -> None:
    with pytest.raises(RuntimeError) as caught:
        client.echo("blocks")
    assert functions_of(caught.value)[-1] == "echo"


def test_an_interruption_shows_the_signal_handler_and_not_the_wait(client: Client) -> None:
    class TimeLimitExceeded(Exception):
        """Not a TimeoutError, which is an OSError: asyncio drops those while it wakes its loop."""

    def handle(number: int, frame: object) -> None:
        raise TimeLimitExceeded

    client.echo("start")
    before = signal.signal(signal.SIGUSR1, handle)
    try:
        with pytest.raises(TimeLimitExceeded) as caught:
            client.bridge.call(lambda: interrupt_caller_and_hang(signal.SIGUSR1))
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert functions_of(caught.value) == [
        "test_an_interruption_shows_the_signal_handler_and_not_the_wait",
        "handle",
    ]


def test_an_environment_variable_brings_the_bridges_frames_back(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLOMO_SYNC_FULL_TRACEBACK", "1")
    with pytest.raises(Refused) as caught:
        client.fail()
    modules = modules_of(caught.value)
    assert "glomo_sync._bridge" in modules
    assert "glomo_sync._call" in modules


def test_an_error_frees_what_it_held_as_soon_as_it_is_dropped(client: Client) -> None:
    class Argument:
        pass

    async def fail(argument: Argument) -> None:
        raise Refused

    def call() -> weakref.ref[Argument]:
        argument = Argument()
        with contextlib.suppress(Refused):
            client.bridge.call(lambda: fail(argument))
        return weakref.ref(argument)

    client.echo("start")
    gc.disable()
    try:
        freed = call()
        client.echo("let the loop go on to something else")
        assert freed() is None
    finally:
        gc.enable()
