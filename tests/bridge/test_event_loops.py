"""Other event loops, and loops that end under their callers."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Iterator

import anyio
import anyio.to_thread
import pytest

import glomo_sync
from glomo import errors

from .service import Client, in_thread, loop_threads

uvloop = pytest.importorskip("uvloop", reason="uvloop does not exist for this platform")


@pytest.fixture(autouse=True)
def the_usual_loop_afterwards() -> Iterator[None]:
    yield
    glomo_sync.set_event_loop_factory(asyncio.new_event_loop)


@pytest.fixture(params=["asyncio", "uvloop"])
def client(request: pytest.FixtureRequest) -> Iterator[Client]:
    factories = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
    glomo_sync.set_event_loop_factory(factories[request.param])
    with Client() as client:
        client.echo("start")
        assert type(client.service.loop).__module__.startswith(request.param)
        yield client


def test_a_call_returns_and_raises(client: Client) -> None:
    assert client.echo("namaste") == "namaste"
    with pytest.raises(Exception, match="too little"):
        client.fail("too little")


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt])
def test_a_task_that_leaves_does_not_end_the_loop(
    client: Client, kind: type[BaseException]
) -> None:
    async def leave() -> None:
        raise kind

    async def start_a_task() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(leave)
            await anyio.sleep_forever()

    before = loop_threads()
    with pytest.raises(BaseExceptionGroup):
        client.bridge.call(start_a_task)
    assert client.echo("still here") == "still here"
    assert loop_threads() == before


def test_callers_of_a_loop_that_is_stopped_again_and_again_are_all_let_go(client: Client) -> None:
    """However the stop and a call meet, the call ends: with its result, or unknown."""
    done = threading.Event()
    outcomes: set[str] = set()

    async def stop_the_loop() -> None:
        asyncio.get_running_loop().stop()

    def work() -> None:
        while not done.is_set():
            try:
                outcomes.add(client.echo("result"))
            except errors.OutcomeUnknownError:
                outcomes.add("unknown")

    callers = [in_thread(work) for _ in range(6)]
    stops = 0
    while stops < 40 or "result" not in outcomes:  # until the callers have had their turn
        with contextlib.suppress(errors.OutcomeUnknownError):
            client.bridge.call(stop_the_loop)
        stops += 1
    done.set()
    for caller in callers:
        caller.join(100)
    assert not [caller for caller in callers if caller.is_alive()]
    assert outcomes <= {"result", "unknown"}
    assert client.echo("after") == "after"


def test_a_cancelled_host_task_does_not_reach_into_the_loop_of_a_call(client: Client) -> None:
    """In anyio's worker threads (those of Starlette and FastAPI) anyio ties a call to the scope of
    the task that awaits the thread, which runs in another event loop."""
    in_flight, release = threading.Event(), threading.Event()
    results: list[str] = []
    ended = threading.Event()

    async def slow() -> str:
        in_flight.set()
        while not release.is_set():
            await anyio.lowlevel.checkpoint()
        return "finished"

    def blocking() -> None:
        try:
            results.append(client.bridge.call(slow))
        finally:
            ended.set()

    async def main() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(lambda: anyio.to_thread.run_sync(blocking, abandon_on_cancel=True))
            while not in_flight.is_set():
                await anyio.lowlevel.checkpoint()
            tasks.cancel_scope.cancel()
        assert not ended.is_set()
        release.set()

    anyio.run(main)
    assert ended.wait(30)
    assert results == ["finished"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")
def test_uvloop_forks_too() -> None:
    from .service import run_script
    from .test_fork import PRELUDE

    run_script(
        PRELUDE
        + """
import uvloop, glomo_sync
glomo_sync.set_event_loop_factory(uvloop.new_event_loop)
works()
assert type(client.service.loop).__module__.startswith("uvloop")
join(*[in_child(works) for _ in range(4)])
works()
client.close()
"""
    )
