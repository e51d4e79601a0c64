"""Statuses of a life cycle, and which of them are terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from .model import OpenEnum


class Status(OpenEnum):
    """A status of a life cycle."""

    @property
    def terminal(self) -> bool:
        """Whether the life cycle ends here. False for a status that this SDK does not know."""
        return self.value in _TERMINAL.get(type(self), ())


_TERMINAL: dict[type[Status], frozenset[str]] = {}

S = TypeVar("S", bound=Status)


def ends_with(*statuses: str) -> Callable[[type[S]], type[S]]:
    """Say which of a status's values are terminal: the one place where that stands."""

    def mark(cls: type[S]) -> type[S]:
        _TERMINAL[cls] = frozenset(cls(status).value for status in statuses)
        return cls

    return mark
