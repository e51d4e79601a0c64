"""What lists of the API are handed over in: a page, and objects collected from pages."""

from __future__ import annotations

from typing import Any, TypeVar

from glomo.serialization.model import Model, model

T = TypeVar("T")


@model
class PageMeta(Model):
    """Where a page stands in its list."""

    current: int | None = None
    previous: int | None = None
    next: int | None = None
    per_page: int | None = None
    pages: int | None = None
    count: int | None = None


class Page(tuple[T, ...]):
    """The objects of one page of a list, as a tuple, and where the page stands.

    An object that the page before had already is left out, so a page may be shorter than the API's.
    """

    has_next: bool
    """Whether the API has another page."""
    total: int | None
    """How many objects the whole list has; `None` if the API does not say."""
    number: int | None
    """The page's number, from 1; `None` if the API does not say."""

    def __repr__(self) -> str:
        return f"<Page {self.number or '?'} with {len(self)} objects, total {self.total}>"

    def _repr_html_(self) -> str:
        from glomo.serialization.html import list_table  # noqa: PLC0415 - for notebooks only

        total = "of a list" if self.total is None else f"of {self.total}"
        return list_table(self, f"page {self.number or '?'} {total}")

    def __reduce__(self) -> tuple[Any, ...]:
        return Page, (tuple(self),), self.__dict__


class ObjectList(list[T]):
    """Objects of a list, which a notebook shows as a table."""

    def _repr_html_(self) -> str:
        from glomo.serialization.html import list_table  # noqa: PLC0415 - for notebooks only

        return list_table(self, "collected")


def page_of(items: tuple[T, ...], meta: PageMeta | None, *, has_next: bool) -> Page[T]:
    """A page of these objects, at this place of its list."""
    page: Page[T] = Page(items)
    page.has_next = has_next
    page.total = None if meta is None else meta.count
    page.number = None if meta is None else meta.current
    return page
