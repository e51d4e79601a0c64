"""The sandbox's own time: it follows the machine's clock until a test moves or freezes it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

LAST_YEAR = 9900
"""Dates end with the year 9999, and what is created today may be due in decades."""

Now = Callable[[], datetime]
"""Anything that returns the present as an aware datetime."""


class Clock:
    """A clock that a test can move.

    Without `start` it follows the machine's clock (and so `time-machine` and `freezegun`), shifted
    by whatever it was advanced. With `start` (aware) it is frozen there and moves by `advance` and
    `set` only. Whatever falls due on the way, such as a payout that settles or a webhook that is
    tried again, has happened when `advance` returns.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._frozen = None if start is None else _in_range(_aware(start, "Clock(start=...)"))
        self._shift = timedelta()
        self._lock = threading.Lock()
        self._listeners: list[Callable[[], None]] = []

    def __call__(self) -> datetime:
        """The present, in UTC."""
        return self._frozen or datetime.now(UTC) + self._shift

    def __repr__(self) -> str:
        return f"<Clock {self().isoformat()}{' frozen' if self.frozen else ''}>"

    @property
    def frozen(self) -> bool:
        """Whether time passes by `advance` and `set` only."""
        return self._frozen is not None

    def advance(
        self,
        by: timedelta | None = None,
        *,
        days: float = 0,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
    ) -> datetime:
        """Move the present forward, and let happen what falls due. Returns the new present."""
        step = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        step += by or timedelta()
        if step < timedelta():
            raise ValueError("time does not run backwards: advance() takes a positive duration")
        with self._lock:
            try:
                moment = self() + step
            except OverflowError:
                moment = datetime.max.replace(tzinfo=UTC)
            self._move_to(moment)
        self._notify()
        return self()

    def set(self, moment: datetime) -> None:
        """Put the present at `moment` (aware), earlier or later; what is due by then happens."""
        with self._lock:
            self._move_to(_aware(moment, "Clock.set()"))
        self._notify()

    def freeze(self, at: datetime | None = None) -> None:
        """Stop at the present, or at `at` (aware)."""
        self._frozen = self() if at is None else _in_range(_aware(at, "Clock.freeze()"))
        self._notify()

    def unfreeze(self) -> None:
        """Go on from where it stands."""
        if self._frozen is not None:
            self._shift = self._frozen - datetime.now(UTC)
            self._frozen = None

    def on_move(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever the clock was moved."""
        self._listeners.append(listener)

    def forget(self, listener: Callable[[], None]) -> None:
        """Call `listener` no more."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def _move_to(self, moment: datetime) -> None:
        _in_range(moment)
        if self._frozen is not None:
            self._frozen = moment
        else:
            self._shift = moment - datetime.now(UTC)

    def _notify(self) -> None:
        for listener in list(self._listeners):
            listener()


def _aware(moment: datetime, where: str) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{where} must be timezone-aware, e.g. datetime(..., tzinfo=UTC)")
    return moment.astimezone(UTC)


def _in_range(moment: datetime) -> datetime:
    if moment.year > LAST_YEAR:
        raise ValueError(f"the clock goes up to the year {LAST_YEAR}, not to {moment.year}")
    return moment


def wire_time(moment: datetime) -> str:
    """`2026-09-09T07:00:09Z`: whole seconds, UTC, as the API writes time."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{utc.isoformat(timespec='seconds')[:19]}Z"


def read_time(text: str) -> datetime | None:
    """An ISO 8601 moment as an aware datetime (UTC if no offset is given); None if unreadable."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
