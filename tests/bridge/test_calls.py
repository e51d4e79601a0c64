"""What comes back from a call, and what a call may see."""

from __future__ import annotations

import asyncio
import contextvars
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import anyio
import pytest

from glomo import errors

from .service import Client, Pages, Refused, in_thread, loop_threads, run_script


@contextmanager
def bystander(client: Client) -> Iterator[list[str]]:
    """Another thread's call, in flight from beginning to end of the block."""
    in_flight, release = threading.Event(), threading.Event()
    results: list[str] = []

    async def slow() -> str:
        in_flight.set()
        while not release.is_set():
            await anyio.lowlevel.checkpoint()
        return "undisturbed"

    thread = in_thread(lambda: results.append(client.bridge.call(slow)))
    in_flight.wait()
    yield results
    release.set()
    thread.join()


def test_a_call_returns_what_the_coroutine_returned(client: Client) -> None:
    assert client.echo("namaste") == "namaste"


def test_a_call_raises_what_the_coroutine_raised(client: Client) -> None:
    with pytest.raises(Refused, match="too little"):
        client.fail("too little")
    assert client.echo("still here") == "still here"


def test_any_awaitable_will_do(client: Client) -> None:
    async def future() -> str:
        return "done"

    assert client.bridge.call(lambda: asyncio.ensure_future(future())) == "done"


def test_an_error_before_the_first_await_reaches_the_caller(client: Client) -> None:
    def wrong() -> asyncio.Future[None]:
        raise Refused("not even a coroutine")

    with pytest.raises(Refused):
        client.bridge.call(wrong)


def test_making_a_client_starts_no_thread() -> None:
    with Client() as client:
        assert loop_threads() == []
        client.echo("now")
        assert len(loop_threads()) == 1


def test_the_loop_runs_in_a_thread_that_does_not_keep_the_process_alive(client: Client) -> None:
    client.echo("start")
    assert [thread.daemon for thread in loop_threads()] == [True]


def test_a_call_sees_the_callers_context_variables_and_keeps_its_own(client: Client) -> None:
    tenant = contextvars.ContextVar("tenant", default="nobody")
    tenant.set("acme")

    async def read_and_write() -> str:
        seen = tenant.get()
        tenant.set("changed by the call")
        return seen

    assert client.bridge.call(read_and_write) == "acme"
    assert tenant.get() == "acme"


def test_each_thread_brings_its_own_context(client: Client) -> None:
    tenant = contextvars.ContextVar("tenant", default="nobody")
    seen: dict[str, str] = {}

    async def read() -> str:
        await anyio.lowlevel.checkpoint()
        return tenant.get()

    def work(name: str) -> None:
        tenant.set(name)
        seen[name] = client.bridge.call(read)

    threads = [threading.Thread(target=work, args=(f"tenant-{n}",)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {f"tenant-{n}": f"tenant-{n}" for n in range(5)}


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt, GeneratorExit])
def test_a_base_exception_reaches_its_caller_and_nobody_else(
    client: Client, kind: type[BaseException]
) -> None:
    async def leave() -> None:
        await anyio.lowlevel.checkpoint()
        raise kind("from the task")

    with bystander(client) as results:
        (before,) = loop_threads()
        with pytest.raises(kind, match="from the task"):
            client.bridge.call(leave)
    assert results == ["undisturbed"]
    assert loop_threads() == [before]


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt])
def test_nor_does_one_in_a_task_that_the_call_started(
    client: Client, kind: type[BaseException]
) -> None:
    """asyncio itself throws these out of the loop, which would end it for everybody."""

    async def leave() -> None:
        raise kind("from a child task")

    async def start_a_task() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(leave)
            await anyio.sleep_forever()

    with bystander(client) as results:
        (before,) = loop_threads()
        with pytest.raises(BaseExceptionGroup) as caught:
            client.bridge.call(start_a_task)
    assert caught.value.subgroup(kind)
    assert results == ["undisturbed"]
    assert loop_threads() == [before]


def test_a_loop_that_was_lost_is_replaced(client: Client) -> None:
    in_flight = threading.Event()
    outcomes: list[BaseException] = []

    async def hang() -> None:
        in_flight.set()
        await anyio.sleep_forever()

    async def stop_the_loop() -> None:
        asyncio.get_running_loop().stop()
        await anyio.sleep_forever()

    def call_and_hang() -> None:
        try:
            client.bridge.call(hang)
        except errors.GlomoError as error:
            outcomes.append(error)

    client.echo("before")
    caller = in_thread(call_and_hang)
    in_flight.wait()
    with pytest.raises(errors.OutcomeUnknownError):
        client.bridge.call(stop_the_loop)
    caller.join()

    (outcome,) = outcomes
    assert isinstance(outcome, errors.OutcomeUnknownError)
    assert outcome.operation.endswith("hang")
    assert client.echo("after") == "after"
    assert client.service.resets == 1


@pytest.mark.skipif(os.name != "posix", reason="limits its own open files")
def test_a_loop_that_cannot_start_says_why_and_can_start_later() -> None:
    run_script("""
import resource
from tests.bridge.service import Client, loop_threads

client = Client()
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
try:
    client.echo("no file descriptors left")
except OSError as error:
    assert "open files" in str(error), error
else:
    raise AssertionError("started a loop without a file descriptor")
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
assert client.echo("now") == "now"
""")


def test_an_iteration_does_not_go_on_in_another_loop(client: Client) -> None:
    async def stop_the_loop() -> None:
        asyncio.get_running_loop().stop()
        await anyio.sleep_forever()

    pages = client.bridge.iterate(Pages(300).pages())
    next(pages)
    with pytest.raises(errors.OutcomeUnknownError):
        client.bridge.call(stop_the_loop)
    with pytest.raises(errors.ClosedError, match="Start the iteration again"):
        next(pages)
    assert client.echo("after") == "after"


def test_a_cancellation_inside_the_client_does_not_leak_asyncios_exception(client: Client) -> None:
    async def cancelled_from_within() -> None:
        raise asyncio.CancelledError

    with pytest.raises(errors.OutcomeUnknownError):
        client.bridge.call(cancelled_from_within)
