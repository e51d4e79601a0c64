"""The sandbox's own time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Now = Callable[[], datetime]
"""Anything that answers the present as an aware datetime."""


class Clock:
    """A clock that a test can move.

    Without `start` it follows the machine's clock, shifted by whatever was advanced.
    With `start` (aware) it stands still there and moves by `advance` only.
    """

    def __init__(self, start: datetime | None = None) -> None:
        if start is not None and start.tzinfo is None:
            raise ValueError(
                "Clock(start=...) must be timezone-aware, e.g. datetime(..., tzinfo=UTC)"
            )
        self._start = start
        self._shift = timedelta()

    def __call__(self) -> datetime:
        """The present, in UTC."""
        return (self._start or datetime.now(UTC)).astimezone(UTC) + self._shift

    def advance(self, by: timedelta) -> None:
        """Move the present forward by `by`."""
        if by < timedelta():
            raise ValueError("time does not run backwards: advance() takes a positive timedelta")
        self._shift += by


def wire_time(moment: datetime) -> str:
    """`2026-09-09T07:00:09Z`: whole seconds, UTC, as the API writes time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_time(text: str) -> datetime | None:
    """An ISO 8601 moment as an aware datetime (UTC if no offset is given); None if unreadable."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
