"""Closing clients: completely, once, and without harm to the others."""

from __future__ import annotations

import copy
import gc
import pickle
import threading

import anyio
import pytest

from glomo import errors

from .service import Client, Service, in_thread, loop_threads


def test_closing_closes_the_asynchronous_client_in_its_loop_and_ends_the_thread() -> None:
    client = Client()
    client.echo("hello")
    client.close()
    assert client.service.closes == 1
    assert loop_threads() == []


def test_closing_twice_closes_once() -> None:
    client = Client()
    client.echo("hello")
    client.close()
    client.close()
    assert client.service.closes == 1
    assert client.bridge.closed


def test_two_threads_closing_close_once() -> None:
    client = Client()
    client.echo("hello")
    threads = [in_thread(client.close) for _ in range(8)]
    for thread in threads:
        thread.join()
    assert client.service.closes == 1


def test_a_call_after_close_says_that_the_client_is_closed() -> None:
    client = Client()
    client.echo("hello")
    client.close()
    with pytest.raises(errors.ClosedError, match=r"closed.*Glomo\(\)"):
        client.echo("too late")


def test_an_unused_client_closes_without_a_thread_and_refuses_calls_too() -> None:
    client = Client()
    client.close()
    assert client.service.closes == 0
    with pytest.raises(errors.ClosedError):
        client.echo("too late")
    assert loop_threads() == []


def test_clients_share_one_thread_and_closing_one_leaves_the_other() -> None:
    with Client() as first, Client() as second:
        assert (first.echo("1"), second.echo("2")) == ("1", "2")
        (shared,) = loop_threads()
        first.close()
        assert second.echo("still here") == "still here"
        assert loop_threads() == [shared]


def test_a_new_client_works_after_all_were_closed() -> None:
    for _ in range(3):
        with Client() as client:
            assert client.echo("again") == "again"
        assert loop_threads() == []


def test_closing_lets_a_call_in_flight_finish() -> None:
    client = Client()
    in_flight = threading.Event()
    results: list[str] = []

    async def finish_once_closing() -> str:
        in_flight.set()
        while not client.bridge.closed:
            await anyio.lowlevel.checkpoint()
        for _ in range(20):
            await anyio.lowlevel.checkpoint()
        client.service.log.append("paid")
        return "paid"

    caller = in_thread(lambda: results.append(client.bridge.call(finish_once_closing)))
    in_flight.wait()
    client.close()
    caller.join()
    assert results == ["paid"]
    assert client.service.log == ["paid", "closed"]


def test_a_call_that_outlasts_the_grace_is_cancelled_and_its_outcome_unknown() -> None:
    client = Client(grace=0.0)
    in_flight = threading.Event()
    outcomes: list[BaseException] = []

    async def hang() -> None:
        in_flight.set()
        await anyio.sleep_forever()

    def call() -> None:
        try:
            client.bridge.call(hang)
        except BaseException as error:
            outcomes.append(error)

    caller = in_thread(call)
    in_flight.wait()
    client.close()
    caller.join()
    (outcome,) = outcomes
    assert isinstance(outcome, errors.OutcomeUnknownError)
    assert "closed" in str(outcome)
    assert "request_id" in outcome.how_to_find_out


def test_an_error_while_closing_is_raised_and_the_thread_ends_all_the_same() -> None:
    class Stubborn(Service):
        async def aclose(self) -> None:
            await super().aclose()
            raise OSError("socket trouble")

    client = Client(Stubborn())
    client.echo("hello")
    with pytest.raises(OSError, match="socket trouble"):
        client.close()
    assert loop_threads() == []


def test_calls_that_race_with_close_either_work_or_are_refused() -> None:
    for _ in range(20):
        client = Client()
        client.echo("start")
        outcomes: list[str] = []

        def call(client: Client = client, outcomes: list[str] = outcomes) -> None:
            try:
                outcomes.append(client.echo("answer"))
            except errors.ClosedError:
                outcomes.append("refused")

        callers = [in_thread(call) for _ in range(4)]
        client.close()
        for caller in callers:
            caller.join()
        assert len(outcomes) == 4
        assert set(outcomes) <= {"answer", "refused"}
        assert client.service.closes == 1


def test_a_client_that_is_dropped_is_closed_without_anyone_waiting() -> None:
    client = Client()
    client.echo("hello")
    (thread,) = loop_threads()
    service = client.service
    del client
    gc.collect()
    thread.join(30)  # the last client takes the thread along
    assert not thread.is_alive()
    assert service.closes == 1


def test_a_client_may_be_dropped_in_the_loops_own_thread(client: Client) -> None:
    class Telling(Service):
        async def aclose(self) -> None:
            await super().aclose()
            closed.set()

    closed = threading.Event()
    dropped = [Client(Telling())]
    dropped[0].echo("hello")

    async def drop() -> None:
        dropped.clear()
        gc.collect()

    client.bridge.call(drop)
    assert closed.wait(30)
    assert client.echo("still here") == "still here"


def test_closing_from_the_loops_own_thread_does_not_wait_for_itself(client: Client) -> None:
    other = Client()
    other.echo("hello")

    async def close_other() -> None:
        other.close()

    client.bridge.call(close_other)
    with pytest.raises(errors.ClosedError):
        other.echo("too late")
    client.echo("still here")


def test_a_bridge_refuses_to_be_pickled_or_copied(client: Client) -> None:
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(client.bridge)
    with pytest.raises(TypeError, match="cannot be pickled"):
        copy.copy(client.bridge)
