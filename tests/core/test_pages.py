"""Pages know what follows and how many objects there are; what is collected is a table."""

import pickle
from typing import Any

import pytest

from glomo.errors import DecodingError

from .fakes import ScriptedTransport, client, payout, wire_response


def listed(*pages: Any) -> ScriptedTransport:
    return ScriptedTransport(*(wire_response(200, page) for page in pages))


def payouts(*ids: str, **meta: Any) -> Any:
    return {"data": [payout(id=id) for id in ids], "page_meta": meta}


async def test_pages_know_what_follows_and_how_many_there_are() -> None:
    transport = listed(
        payouts("payout_1", "payout_2", current=1, next=2, count=3),
        payouts("payout_2", "payout_3", current=2, next=None, count=3),
    )
    pages = [page async for page in client(transport).payouts.list().pages()]
    assert [(page.number, page.has_next, page.total) for page in pages] == [
        (1, True, 3),
        (2, False, 3),
    ]
    assert [[each.id for each in page] for page in pages] == [
        ["payout_1", "payout_2"],
        ["payout_3"],
    ]
    first = pages[0]
    assert isinstance(first, tuple)
    assert first == tuple(first)
    assert pickle.loads(pickle.dumps(first)) == first
    assert pickle.loads(pickle.dumps(first)).total == 3
    assert "page 1 of 3" in first._repr_html_()
    assert repr(first) == "<Page 1 with 2 objects, total 3>"


async def test_what_the_api_does_not_say_a_page_does_not_know() -> None:
    (page,) = [page async for page in client(listed([payout()])).payouts.list().pages()]
    assert (page.number, page.has_next, page.total) == (None, False, None)


async def test_an_odd_count_hides_no_page_and_an_odd_place_ends_no_list() -> None:
    transport = listed(payouts("payout_1", current=1, next=None, count="many"))
    (page,) = [page async for page in client(transport).payouts.list().pages()]
    assert (page.total, page.has_next) == (None, False)
    with pytest.raises(DecodingError, match=r"page_meta\.next"):
        await client(listed(payouts("payout_1", next="two"))).payouts.list().collect()


async def test_collected_objects_are_a_list_and_a_table() -> None:
    transport = listed(payouts("payout_1", "payout_2", current=1, next=None, count=2))
    collected = await client(transport).payouts.list().collect(limit=1)
    assert isinstance(collected, list)
    assert [each.id for each in collected] == ["payout_1"]
    assert "payout_1" in collected._repr_html_()  # type: ignore[attr-defined]
