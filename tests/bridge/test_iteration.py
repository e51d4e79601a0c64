"""Pagers and other iterators across the bridge."""

from __future__ import annotations

import contextlib
import gc
import threading
from collections.abc import AsyncIterator

import anyio
import pytest

from glomo import errors
from glomo_sync._pager import SyncPager

from .service import Client, Pages, Refused, interrupt_caller_and_hang, loop_threads


@pytest.fixture
def pages() -> Pages:
    return Pages(count=1000, per_page=100)


def test_a_pager_gives_every_item_in_order(client: Client, pages: Pages) -> None:
    assert list(SyncPager(client.bridge, pages)) == list(range(1000))


def test_it_crosses_the_bridge_once_a_page(
    client: Client, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    crossings = 0
    cross = client.bridge._cross

    def count(*arguments: object) -> object:
        nonlocal crossings
        crossings += 1
        return cross(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(client.bridge, "_cross", count)
    assert sum(1 for _ in SyncPager(client.bridge, pages)) == 1000
    assert crossings == 11  # ten pages, and the news that there are no more


def test_pages_are_read_in_the_loop_and_only_when_asked_for(client: Client, pages: Pages) -> None:
    items = iter(SyncPager(client.bridge, pages))
    assert pages.read == []
    for _ in range(100):
        next(items)
    assert pages.read == [0]
    next(items)
    assert pages.read == [0, 100]
    (loop_thread,) = loop_threads()
    assert pages.threads == {loop_thread.ident}


def test_making_a_pager_starts_no_thread(client: Client, pages: Pages) -> None:
    iter(SyncPager(client.bridge, pages))
    SyncPager(client.bridge, pages).pages()
    assert loop_threads() == []


def test_pages_first_and_collect(client: Client, pages: Pages) -> None:
    pager = SyncPager(client.bridge, pages)
    assert [len(page) for page in pager.pages()] == [100] * 10
    assert pager.first() == 0
    assert pager.collect(limit=3) == [0, 1, 2]
    assert len(pager.collect()) == 1000
    assert SyncPager(client.bridge, Pages(count=0)).first() is None


def test_a_pager_can_be_iterated_again(client: Client, pages: Pages) -> None:
    pager = SyncPager(client.bridge, pages)
    assert list(pager) == list(pager)


def test_leaving_a_loop_early_closes_the_asynchronous_iterator(
    client: Client, pages: Pages
) -> None:
    for item in SyncPager(client.bridge, pages):
        if item == 150:
            break
    gc.collect()
    assert pages.closed.wait(30)
    assert pages.read == [0, 100]


def test_closing_the_client_completes_the_closing_of_iterators() -> None:
    pages = Pages(count=1000)
    with Client() as client, contextlib.closing(client.bridge.iterate(pages.pages())) as iterator:
        next(iterator)
    assert pages.closed.is_set()


def test_an_iterator_may_be_dropped_in_the_loops_own_thread(client: Client, pages: Pages) -> None:
    held = [client.bridge.iterate(pages.pages())]
    next(held[0])

    async def drop() -> None:
        held.clear()
        gc.collect()

    client.bridge.call(drop)
    assert pages.closed.wait(30)
    assert client.echo("still here") == "still here"


def test_generator_exit_never_enters_the_asynchronous_iterator(client: Client) -> None:
    seen: list[type[BaseException]] = []
    done = threading.Event()

    async def numbers() -> AsyncIterator[int]:
        try:
            yield 1
            await anyio.sleep_forever()
        except BaseException as error:
            seen.append(type(error))
            raise
        finally:
            await anyio.lowlevel.checkpoint()  # only a proper aclose lets this await
            done.set()

    iterator = client.bridge.iterate(numbers())
    next(iterator)
    iterator.close()
    assert done.wait(30)
    assert seen == [GeneratorExit]  # aclose's own, in the loop's thread


def test_a_hanging_asynchronous_iterator_delays_closing_by_the_grace_only() -> None:
    async def numbers() -> AsyncIterator[int]:
        try:
            yield 1
        finally:
            await anyio.sleep_forever()

    with Client(grace=0.01) as client:
        for _ in client.bridge.iterate(numbers()):
            break
    assert loop_threads() == []


def test_an_error_in_a_page_reaches_the_loop_body(client: Client) -> None:
    async def numbers() -> AsyncIterator[int]:
        yield 1
        raise Refused("page two")

    seen: list[int] = []
    with pytest.raises(Refused, match="page two"):
        seen.extend(client.bridge.iterate(numbers()))
    assert seen == [1]


def test_ctrl_c_during_a_page_ends_the_iteration(client: Client) -> None:
    async def numbers() -> AsyncIterator[int]:
        yield 1
        await interrupt_caller_and_hang()

    with pytest.raises(KeyboardInterrupt) as interrupt:
        list(client.bridge.iterate(numbers(), "payouts.list"))
    assert any(note.startswith("payouts.list: ") for note in interrupt.value.__notes__)
    assert client.echo("next") == "next"


def test_an_iteration_does_not_go_on_after_close(pages: Pages) -> None:
    client = Client()
    iterator = client.bridge.iterate(pages.pages())
    next(iterator)
    client.close()
    with pytest.raises(errors.ClosedError):
        next(iterator)


def test_an_exhausted_iterator_stays_exhausted(client: Client) -> None:
    iterator = client.bridge.iterate(Pages(count=1).pages())
    assert list(iterator) == [(0,)]
    assert list(iterator) == []


def test_plain_asynchronous_iterators_work_too(client: Client) -> None:
    class Two:
        left = 2

        def __aiter__(self) -> Two:
            return self

        async def __anext__(self) -> int:
            if not self.left:
                raise StopAsyncIteration
            self.left -= 1
            return self.left

    assert list(client.bridge.iterate(Two())) == [1, 0]
    for _ in client.bridge.iterate(Two()):
        break


def test_repr_names_the_pager(client: Client, pages: Pages) -> None:
    assert repr(SyncPager(client.bridge, pages)).startswith("SyncPager(")
