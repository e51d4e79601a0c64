"""Many threads on one client."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import anyio

from .service import Client, Refused, in_thread, loop_threads


def test_a_hundred_threads_get_their_own_answers(client: Client) -> None:
    start = Barrier(100)

    def work(number: int) -> list[str]:
        start.wait()
        return [client.echo(f"{number}/{turn}") for turn in range(10)]

    with ThreadPoolExecutor(100) as pool:
        results = list(pool.map(work, range(100)))
    assert results == [[f"{number}/{turn}" for turn in range(10)] for number in range(100)]
    assert len(loop_threads()) == 1


def test_the_first_calls_of_many_threads_start_one_loop() -> None:
    for _ in range(10):
        with Client() as client:
            start = Barrier(10)

            def work(_: int, client: Client = client, start: Barrier = start) -> str:
                start.wait()
                return client.echo("first")

            with ThreadPoolExecutor(10) as pool:
                assert list(pool.map(work, range(10))) == ["first"] * 10
            assert len(loop_threads()) == 1
            assert client.service.resets == 0


def test_calls_of_several_threads_are_in_flight_together(client: Client) -> None:
    arrived = 0

    async def meet() -> int:
        nonlocal arrived
        arrived += 1
        while arrived < 20:  # a bridge that took turns would never get past this
            await anyio.lowlevel.checkpoint()
        return arrived

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(lambda _: client.bridge.call(meet), range(20))) == [20] * 20


def test_errors_go_to_the_thread_that_caused_them(client: Client) -> None:
    outcomes: dict[int, str] = {}

    def work(number: int) -> None:
        try:
            if number % 2:
                client.fail(str(number))
            outcomes[number] = client.echo(str(number))
        except Refused as error:
            outcomes[number] = f"refused {error}"

    threads = [in_thread(lambda number=number: work(number)) for number in range(20)]  # type: ignore[misc]
    for thread in threads:
        thread.join()
    assert outcomes == {n: f"refused {n}" if n % 2 else str(n) for n in range(20)}
