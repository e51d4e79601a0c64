"""Showing how a run goes: a live bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from .console import say

_EVERY_SECONDS = 5.0
_RATE_OVER_SECONDS = 20.0


class Counts(Protocol):
    """How far a run is: what `glomo.batch.Progress` shows."""

    @property
    def total(self) -> int: ...
    @property
    def done(self) -> int: ...
    @property
    def rejected(self) -> int: ...
    @property
    def unknown(self) -> int: ...


class Display(Protocol):
    """Shows counts."""

    def show(self, counts: Counts) -> None: ...
    def note(self, text: str) -> None: ...


@contextmanager
def display(console: Console) -> Generator[Display]:
    """The display that suits the console, until the block is left."""
    if not console.is_terminal:
        yield Lines(console)
        return
    bar = Bar(console)
    with bar.drawn:
        yield bar


class Speed:
    """Rows a second over the last while, and the time that the rest will take."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()

    def at(self, counts: Counts) -> tuple[float, timedelta | None]:
        """The rate and the time left (`None` before it can be told)."""
        now = self._clock()
        if not self._seen or now - self._seen[-1][0] >= 0.1:
            self._seen.append((now, counts.done))
        while len(self._seen) > 2 and now - self._seen[0][0] > _RATE_OVER_SECONDS:
            self._seen.popleft()
        since, before = self._seen[0]
        rate = (counts.done - before) / (now - since) if now > since else 0.0
        if rate <= 0:
            return 0.0, None
        return rate, timedelta(seconds=round((counts.total - counts.done) / rate))


class Bar:
    """One line that is drawn anew, under `drawn` as a context manager."""

    def __init__(self, console: Console) -> None:
        self._speed = Speed()
        self.drawn = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:,}/{task.total:,}   {task.fields[said]}", markup=False),
            console=console,
        )
        self._task: TaskID = self.drawn.add_task("paying", total=0, said="")

    def show(self, counts: Counts) -> None:
        """Draw these counts."""
        self.drawn.update(
            self._task, completed=counts.done, total=counts.total, said=_said(self._speed, counts)
        )

    def note(self, text: str) -> None:
        """Say something above the bar."""
        say(self.drawn.console, text)


class Lines:
    """A line at the first row, and then one every few seconds: for logs."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._clock = clock
        self._speed = Speed(clock)
        self._next = clock()

    def show(self, counts: Counts) -> None:
        """Write these counts, if the last line was a while ago."""
        said = _said(self._speed, counts)
        if self._clock() >= self._next:
            self._next = self._clock() + _EVERY_SECONDS
            say(self._console, f"paying  {counts.done:,}/{counts.total:,}   {said}")

    def note(self, text: str) -> None:
        """Write something at once."""
        say(self._console, text)


def _said(speed: Speed, counts: Counts) -> str:
    rate, left = speed.at(counts)
    unknown = f"   {counts.unknown:,} unknown" if counts.unknown else ""
    time_left = "" if left is None else f"   {left} left"
    return f"{rate:.1f}/s   {counts.rejected:,} rejected{unknown}{time_left}"
