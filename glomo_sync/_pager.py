"""The synchronous side of a list call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Iterator
from typing import Generic, Protocol, TypeVar

from glomo.pages import Page

from ._bridge import Bridge

__all__ = ["AsyncPager", "SyncPager"]

T = TypeVar("T")


class AsyncPager(Protocol[T]):
    """What `SyncPager` needs of an asynchronous pager."""

    def pages(self) -> AsyncIterator[Page[T]]: ...

    def first(self) -> Awaitable[T | None]: ...

    def collect(self, *, limit: int | None = None) -> Awaitable[list[T]]: ...


class SyncPager(Generic[T]):
    """The objects of a list call, read page by page while you iterate.

    Nothing is sent before the first item or page is asked for. Each `for` starts anew.

    Raises, while it is read: what the list operation raises, and `ClosedError` if the client is
    closed or the process forks halfway.
    """

    def __init__(self, bridge: Bridge, pager: AsyncPager[T]) -> None:
        self._bridge = bridge
        self._pager = pager

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page
            del page

    def pages(self) -> Iterator[Page[T]]:
        """Iterate over the pages instead of the objects.

        Returns:
            An iterator of pages, each a tuple of objects, in the order of the API, which knows
            `has_next` and `total`.
        """
        return self._bridge.iterate(self._pager.pages(), "list page")

    def first(self) -> T | None:
        """Read the first object only.

        Returns:
            The object, or None if there is none.
        """
        return self._bridge.call(self._pager.first)

    def collect(self, *, limit: int | None = None) -> list[T]:
        """Read the objects into a list.

        Args:
            limit: the most objects to read; None reads them all.
        """
        return self._bridge.call(lambda: self._pager.collect(limit=limit))

    def __repr__(self) -> str:
        return f"SyncPager({self._pager!r})"
