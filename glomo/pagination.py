"""Lists of the API, page by page, at constant memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping
from contextlib import aclosing
from datetime import datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from attrs import evolve, field, frozen

from glomo.serialization.codec import structure, structure_all
from glomo.serialization.model import OMIT
from glomo.serialization.values import is_list, is_object

from .errors import DecodingError
from .http.operation import Call, Operation
from .pages import ObjectList, Page, PageMeta, page_of

if TYPE_CHECKING:
    from glomo.validation import Checks

T = TypeVar("T")

PER_PAGE = 100
"""The API's largest page."""


@frozen
class ListOperation(Generic[T]):
    """A list of the API.

    `item` is the type of its objects, `key` the field that tells them apart; `pinned` lists take
    `before`, which keeps objects that are created meanwhile from shifting the pages.
    """

    name: str
    path: str
    item: type[T] = field(repr=False)
    key: str = "id"
    pinned: bool = True
    check: Callable[[Checks], None] | None = field(default=None, repr=False)

    @property
    def operation(self) -> Operation[Any]:
        """How one page is asked for."""
        return Operation(self.name, "GET", self.path, object, check=self.check)


class Pager(Generic[T]):
    """A list, read as it is walked.

        async for payout in glomo.payouts.list(status="failed"):
            ...

    It asks for 100 objects a page, reads at most one page ahead, and never holds more than two.
    What is created while it is being walked neither shows up nor shifts the pages: after the first
    page it asks only for objects up to the newest one seen, and it drops objects that the page
    before already had. Each walk starts anew.
    """

    def __init__(
        self,
        send: Callable[[Operation[Any], Call], Awaitable[Any]],
        op: ListOperation[T],
        call: Call,
    ) -> None:
        self._send = send
        self._op = op
        self._call = call

    def __repr__(self) -> str:
        return f"<Pager of {self._op.name}>"

    async def __aiter__(self) -> AsyncGenerator[T]:
        """Every object, newest first."""
        async with aclosing(self.pages()) as pages:
            async for page in pages:
                for item in page:
                    yield item
                # Let go before the next page is read, not after: it halves what the collector sees.
                del page

    async def pages(self) -> AsyncGenerator[Page[T]]:
        """Every page, as a tuple of its objects which knows `has_next` and `total`.

        Never yields an empty page.

        From the second page on, the next one is read while a page is being worked on (asyncio).
        """
        query = dict(self._call.query)
        if query.get("per_page", OMIT) is OMIT:  # None: this list takes no size
            query["per_page"] = PER_PAGE
        # Who starts further down counts from the list as it is: pinned there, it would count anew.
        pinned = (
            self._op.pinned and not _has_value(query, "before") and not _has_value(query, "page")
        )
        page = query["page"] if _has_value(query, "page") else 1
        key = attrgetter(self._op.key)
        seen_cursors: set[object] = set()
        ahead: asyncio.Task[Any] | None = None
        try:
            while True:
                value = await (self._fetch(query) if ahead is None else ahead)
                ahead = None
                items, meta = self._read(value)
                keys = list(map(key, items))
                fresh = items
                if not seen_cursors.isdisjoint(keys):
                    fresh = tuple(item for item in items if key(item) not in seen_cursors)
                following = _following(meta, page) if items else None
                if following is not None:
                    if pinned:
                        query["before"], pinned = _newest(items), False
                    query["page"] = page = following
                    if seen_cursors:  # who takes only the first page is not to pay for a second one
                        ahead = _start(self._fetch(dict(query)))
                seen_cursors = set(keys) - {None}
                del value, items
                if fresh:
                    yield page_of(fresh, meta, has_next=following is not None)
                if following is None:
                    return
                del fresh
        finally:
            if ahead is not None:
                ahead.add_done_callback(_forget)
                ahead.cancel()

    async def _fetch(self, query: Mapping[str, Any]) -> Any:
        return await self._send(self._op.operation, evolve(self._call, query=dict(query)))

    async def first(self) -> T | None:
        """The newest object, or `None` if there is none."""
        newest = await self.collect(limit=1)
        return newest[0] if newest else None

    async def collect(self, *, limit: int | None = None) -> list[T]:
        """The objects as a list: all of them, or the newest `limit`.

        Args:
            limit: at most so many. Pages beyond them are not waited for.
        """
        if limit is not None and limit < 0:
            raise ValueError(f"limit must not be negative, not {limit}")
        if limit == 0:
            return []
        objects: ObjectList[T] = ObjectList()
        async with aclosing(self._at_most(limit).pages()) as pages:
            async for page in pages:
                objects.extend(page)
                if limit is not None and len(objects) >= limit:
                    del objects[limit:]
                    break
        return objects

    def _at_most(self, limit: int | None) -> Pager[T]:
        query = self._call.query
        if limit is None or limit >= PER_PAGE or query.get("per_page", OMIT) is not OMIT:
            return self
        if _has_value(query, "page"):  # which is counted in pages of the usual size
            return self
        call = evolve(self._call, query={**query, "per_page": limit})
        return Pager(self._send, self._op, call)

    def _read(self, value: Any) -> tuple[tuple[T, ...], PageMeta | None]:
        """The objects and the place of a page; a bare list is one page."""
        root = self._op.name.partition(".")[0]
        meta = None
        data = value
        if is_object(value):
            data = value.get("data")
            if data is None:  # reading it as an empty list would hide what there is
                raise DecodingError(
                    f"{root}: expected a list in 'data', not "
                    f"{'null' if 'data' in value else ', '.join(value) or 'nothing'}",
                    path=f"{root}.data",
                )
            if is_object(value.get("page_meta")):
                meta = _place(value["page_meta"])
        if is_list(data):
            return structure_all(data, self._op.item, root=root), meta
        item: Any = self._op.item
        kind: Any = tuple[item, ...]
        items: tuple[T, ...] = structure(data, kind, root=root)
        return items, meta


def _place(value: Any) -> PageMeta:
    meta = structure(value, PageMeta, root="page_meta")
    if meta.extra.keys() & {"current", "next"}:  # passed over, they would end the list early
        return structure(value, PageMeta, root="page_meta", tolerant=False)
    return meta


def _has_value(query: Mapping[str, Any], name: str) -> bool:
    value = query.get(name, OMIT)
    return value is not OMIT and value is not None


def _following(meta: PageMeta | None, page: object) -> int | None:
    """The number of the next page. A list that leads back would never end: it ends there."""
    if meta is None or meta.next is None:
        return None
    number = page if isinstance(page, int) else 0
    return meta.next if meta.next > max(number, meta.current or 0) else None


def _start(fetch: Coroutine[Any, Any, Any]) -> asyncio.Task[Any] | None:
    """Read ahead, where a task may outlive the step that starts it; elsewhere read in turn.

    A task group cannot be held across a `yield`, and trio has no other tasks.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        fetch.close()
        return None
    return asyncio.create_task(fetch)


def _forget(task: asyncio.Task[Any]) -> None:
    # The page that nobody wants any more may have failed, which nobody wants to hear of either.
    if not task.cancelled():
        task.exception()


def _newest(items: tuple[Any, ...]) -> object:
    """A moment just after the newest object, for `before`; `OMIT` if the objects show none."""
    times = [at for item in items if isinstance(at := getattr(item, "created_at", None), datetime)]
    # A second more: the API may compare by the second, and an object must not hide its twin.
    try:
        return max(times) + timedelta(seconds=1) if times else OMIT
    except OverflowError:  # the end of time
        return OMIT
