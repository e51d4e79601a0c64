"""Lists are walked whole, once, at constant memory, though others keep adding to them."""

import gc
import importlib
import pkgutil
import weakref
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import glomo.resources
from glomo import errors
from glomo.http.transport import WireRequest, WireResponse
from glomo.models.payouts import Payout
from glomo.pagination import ListOperation, _newest
from glomo.serialization.model import fields_of

from .fakes import ScriptedTransport, client, page, payout, query_of, wire_response
from .virtual_time import run

START = datetime(2025, 1, 1, tzinfo=UTC)


class Ledger:
    """A list of payouts, newest first, that changes between requests as it is told."""

    def __init__(self, count: int, changes: list[tuple[int, list[int]]] | None = None) -> None:
        self.clock = 0
        self.serial = 0
        self.rows: list[dict[str, Any]] = []
        self.changes = list(changes or [])
        self.queries: list[dict[str, str]] = []
        for _ in range(count):
            self.add(seconds=1)

    def add(self, *, seconds: int) -> None:
        self.clock += seconds
        self.serial += 1
        at = (START + timedelta(seconds=self.clock)).isoformat().replace("+00:00", "Z")
        self.rows.insert(0, payout(id=f"payout_{self.serial}", created_at=at))

    async def send(self, request: WireRequest, timeout: float) -> WireResponse:
        query = query_of(request)
        self.queries.append(query)
        rows = self.rows
        if "before" in query:
            rows = [row for row in rows if row["created_at"] < query["before"]]
        number, size = int(query.get("page", 1)), int(query["per_page"])
        part = rows[(number - 1) * size : number * size]
        more = number + 1 if number * size < len(rows) else None
        page_response = wire_response(200, page(*part, next=more, current=number))
        if self.changes:
            added, deleted = self.changes.pop(0)
            for n in range(added):
                self.add(seconds=n % 2)
            for position in deleted:
                if position < len(self.rows):
                    del self.rows[position]
        return page_response

    def discard_connections(self) -> None: ...

    def reset(self) -> None: ...

    async def aclose(self) -> None: ...


def walk(ledger: Ledger, **filters: Any) -> list[str]:
    async def act() -> list[str]:
        return [payout_.id async for payout_ in client(ledger).payouts.list(**filters)]

    return run(act)


@given(st.integers(0, 60), st.integers(1, 25))
def test_every_object_once_newest_first(count: int, per_page: int) -> None:
    ids = walk(Ledger(count), per_page=per_page)
    assert ids == [f"payout_{n}" for n in range(count, 0, -1)]


@settings(max_examples=100, deadline=None)
@given(
    st.integers(1, 40),
    st.integers(2, 10),
    st.lists(st.integers(0, 2), max_size=30),
)
def test_what_is_added_meanwhile_neither_hides_nor_repeats_anything(
    count: int, per_page: int, added: list[int]
) -> None:
    ledger = Ledger(count, [(n, []) for n in added])
    ids = walk(ledger, per_page=per_page)
    assert len(ids) == len(set(ids))
    assert {f"payout_{n}" for n in range(1, count + 1)} <= set(ids)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(1, 40),
    st.integers(3, 10),
    st.lists(st.tuples(st.integers(0, 2), st.lists(st.integers(0, 40), max_size=2)), max_size=30),
)
def test_deletions_repeat_nothing_and_hide_at_most_what_they_shift(
    count: int, per_page: int, changes: list[tuple[int, list[int]]]
) -> None:
    ledger = Ledger(count, changes)
    ids = walk(ledger, per_page=per_page)
    assert len(ids) == len(set(ids))
    deleted = sum(len(positions) for _, positions in changes)
    original = {f"payout_{n}" for n in range(1, count + 1)}
    assert len(original - set(ids)) <= 2 * deleted


def test_the_first_page_pins_the_rest() -> None:
    ledger = Ledger(5, [(3, []), (3, [])])
    assert walk(ledger, per_page=2) == [f"payout_{n}" for n in (5, 4, 3, 2, 1)]
    newest = (START + timedelta(seconds=6)).isoformat().replace("+00:00", "Z")
    assert [query.get("before") for query in ledger.queries] == [None, newest, newest]
    assert [query.get("page") for query in ledger.queries] == [None, "2", "3"]
    assert {query["per_page"] for query in ledger.queries} == {"2"}


def test_the_caller_s_own_limit_in_time_is_kept() -> None:
    ledger = Ledger(9)
    before = START + timedelta(seconds=5)
    assert walk(ledger, per_page=2, before=before) == [f"payout_{n}" for n in (4, 3, 2, 1)]
    assert {query["before"] for query in ledger.queries} == {"2025-01-01T00:00:05Z"}


def test_starting_further_down_counts_from_there() -> None:
    ledger = Ledger(10)
    assert walk(ledger, per_page=2, page=3) == [f"payout_{n}" for n in (6, 5, 4, 3, 2, 1)]
    assert [query["page"] for query in ledger.queries] == ["3", "4", "5"]


async def test_first_and_collect_ask_for_no_more_than_they_need() -> None:
    ledger = Ledger(250)
    payouts = client(ledger).payouts
    first = await payouts.list().first()
    assert first is not None
    assert first.id == "payout_250"
    assert ledger.queries == [{"per_page": "1"}]
    ledger.queries.clear()
    assert len(await payouts.list().collect(limit=7)) == 7
    assert ledger.queries == [{"per_page": "7"}]
    assert len(await payouts.list().collect(limit=150)) == 150
    assert len(await payouts.list().collect()) == 250
    assert await payouts.list().collect(limit=0) == []
    assert await client(Ledger(0)).payouts.list().first() is None
    with pytest.raises(ValueError, match="negative"):
        await payouts.list().collect(limit=-1)


async def test_the_number_of_a_page_means_the_same_to_all_ways_of_reading() -> None:
    payouts = client(Ledger(250)).payouts
    first = await payouts.list(page=2).first()
    assert first is not None
    assert first.id == "payout_150"
    assert [p.id for p in await payouts.list(page=2).collect(limit=2)] == [
        "payout_150",
        "payout_149",
    ]


async def test_pages_come_as_tuples_and_a_walk_can_be_repeated() -> None:
    pager = client(Ledger(5)).payouts.list(per_page=2)
    for _ in range(2):
        assert [len(objects) async for objects in pager.pages()] == [2, 2, 1]
    assert repr(pager) == "<Pager of payouts.list>"


@pytest.mark.parametrize(
    "meta",
    [
        {"current": 1, "next": 1},
        {"current": 3, "next": 2},
        {"current": None, "next": 2},
        {"next": 2},
        {"current": 1, "next": 2},
        {"current": 1, "next": 0},
        {"current": 1, "next": -5},
    ],
)
async def test_a_list_that_leads_back_ends(meta: dict[str, Any]) -> None:
    rows = {"data": [payout()], "page_meta": meta}
    transport = ScriptedTransport(*[wire_response(200, rows)] * 20)
    collected = await client(transport).payouts.list().collect()
    assert [p.id for p in collected] == ["payout_1"]
    assert len(transport.sent) <= 3


@pytest.mark.parametrize(
    "body",
    [
        [payout()],
        {"data": [payout()]},
        {"data": [payout()], "page_meta": None},
        {"data": [payout()], "page_meta": []},
        {"data": [payout()], "page_meta": {}},
        {"data": [payout()], "page_meta": {"current": 1.0, "next": None, "new": True}},
    ],
)
async def test_lists_without_pages_are_one_page(body: Any) -> None:
    transport = ScriptedTransport(wire_response(200, body))
    assert [p.id for p in await client(transport).payouts.list().collect()] == ["payout_1"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"message": "hello"}, "payouts.data"),
        ({}, "payouts.data"),
        ({"data": None}, "payouts.data"),
        ({"data": [payout(), payout(source_amount=1.5)]}, "payouts[1].source_amount"),
        ({"data": [payout(), 5]}, "payouts[1]"),
        ({"data": [], "page_meta": {"next": "2"}}, "page_meta.next"),
    ],
)
async def test_what_is_no_list_is_an_error_not_an_empty_list(body: Any, path: str) -> None:
    with pytest.raises(errors.DecodingError) as caught:
        await client(ScriptedTransport(wire_response(200, body))).payouts.list().collect()
    assert caught.value.path == path


async def test_a_page_that_fails_is_raised_where_it_is_reached() -> None:
    transport = ScriptedTransport(
        wire_response(200, page(payout(id="payout_2"), next=2)),
        wire_response(200, page(payout(), next=3, current=2)),
        wire_response(403, {"message": "no"}),
    )
    seen: list[str] = []

    async def look() -> None:
        async for payout_ in client(transport).payouts.list():
            seen.append(payout_.id)

    with pytest.raises(errors.PermissionDeniedError):
        await look()
    assert seen == ["payout_2", "payout_1"]


async def test_a_walk_may_be_left_at_any_item() -> None:
    for items in range(1, 9):
        ledger = Ledger(8)
        pager = client(ledger).payouts.list(per_page=2)
        seen = 0
        with anyio.fail_after(50):
            walker = pager.__aiter__()
            async for _ in walker:
                seen += 1
                if seen == items:
                    break
            await walker.aclose()  # type: ignore[attr-defined]
        with anyio.fail_after(50):
            pages = pager.pages()
            await anext(pages)
        await pages.aclose()  # type: ignore[attr-defined]
        assert seen == items
    await anyio.sleep(10)
    assert len(ledger.queries) <= 6


async def test_a_walk_can_be_cancelled_and_timed_out() -> None:
    class Slow(Ledger):
        async def send(self, request: WireRequest, timeout: float) -> WireResponse:
            await anyio.sleep(5)
            return await super().send(request, timeout)

    ledger = Slow(8)
    with anyio.move_on_after(12) as scope:
        async for _ in client(ledger, timeout=100).payouts.list(per_page=2):
            pass
    assert scope.cancelled_caught
    await anyio.sleep(100)
    assert len(ledger.queries) == 2


async def test_a_long_walk_holds_two_pages_at_most() -> None:
    refs: list[weakref.ref[Payout]] = []  # models are equal by value, and have no hash
    ledger = Ledger(400)
    most = 0
    seen = 0
    async for payout_ in client(ledger).payouts.list(per_page=20):
        refs.append(weakref.ref(payout_))
        seen += 1
        if seen % 37 == 0:
            gc.collect()
            most = max(most, sum(ref() is not None for ref in refs))
    assert seen == 400
    assert most <= 40


def list_operations() -> list[ListOperation[Any]]:
    by_name: dict[str, ListOperation[Any]] = {}
    for info in pkgutil.walk_packages(glomo.resources.__path__, "glomo.resources."):
        module = importlib.import_module(info.name)
        for value in vars(module).values():
            if isinstance(value, ListOperation):
                by_name[value.name] = value
    return list(by_name.values())


@pytest.mark.parametrize("op", list_operations(), ids=lambda op: op.name)
def test_every_list_can_tell_its_objects_apart(op: ListOperation[Any]) -> None:
    assert op.key in {a.name for a in fields_of(op.item)}


def test_the_end_of_time_pins_nothing() -> None:
    last = Payout(id="p", status="success", created_at=datetime.max.replace(tzinfo=UTC))  # type: ignore[arg-type]
    assert not _newest((last,))
