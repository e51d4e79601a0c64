"""What comes back from a call, and what a call may see."""

from __future__ import annotations

import asyncio
import contextvars
import threading

import anyio
import pytest

from glomo import errors

from .service import Client, Refused, loop_threads


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
    bystander_waits, release = threading.Event(), threading.Event()
    answers: list[str] = []

    async def wait_for_release() -> str:
        bystander_waits.set()
        while not release.is_set():
            await anyio.lowlevel.checkpoint()
        return "undisturbed"

    bystander = threading.Thread(
        target=lambda: answers.append(client.bridge.call(wait_for_release))
    )
    bystander.start()
    bystander_waits.wait()
    (before,) = loop_threads()

    async def leave() -> None:
        await anyio.lowlevel.checkpoint()
        raise kind("from the task")

    with pytest.raises(kind, match="from the task"):
        client.bridge.call(leave)
    release.set()
    bystander.join()
    assert answers == ["undisturbed"]
    assert loop_threads() == [before]


def test_a_loop_that_was_lost_is_replaced(client: Client) -> None:
    """A SystemExit in a task of the client's own ends asyncio's loop; nothing can prevent it."""

    async def leave() -> None:
        raise SystemExit("in a child task")

    async def lose_the_loop() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(leave)
            await anyio.sleep_forever()

    in_flight = threading.Event()
    outcomes: list[BaseException] = []

    async def hang() -> None:
        in_flight.set()
        await anyio.sleep_forever()

    def bystand() -> None:
        try:
            client.bridge.call(hang)
        except BaseException as error:
            outcomes.append(error)

    client.echo("before")
    bystander = threading.Thread(target=bystand)
    bystander.start()
    in_flight.wait()
    with pytest.raises(BaseException) as caught:  # noqa: PT011
        client.bridge.call(lose_the_loop)
    bystander.join()

    assert isinstance(caught.value, errors.OutcomeUnknownError | BaseExceptionGroup)
    (outcome,) = outcomes
    assert isinstance(outcome, errors.OutcomeUnknownError)
    assert outcome.operation.endswith("hang")
    assert client.echo("after") == "after"
    assert client.service.resets == 1


def test_a_cancellation_inside_the_client_does_not_leak_asyncios_exception(client: Client) -> None:
    async def cancelled_from_within() -> None:
        raise asyncio.CancelledError

    with pytest.raises(errors.OutcomeUnknownError):
        client.bridge.call(cancelled_from_within)
