"""How far a run is: a display that is drawn anew on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from rich.live import Live
from rich.text import Text

from glomo.batch import RowResult, RowStatus
from glomo.money import Money

from .console import amount, say, say_parts
from .traffic import Traffic

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

_EVERY_SECONDS = 5.0
_RATE_OVER_SECONDS = 20.0
_MOST_REJECTIONS = 20
_WIDEST_BAR = 40
_GAP = "   "


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


class ProgressDisplay(Protocol):
    """Shows how far a run is."""

    def update(self, progress: Counts, result: RowResult | None) -> None: ...
    def note(self, text: str) -> None: ...


@contextmanager
def progress_display(
    console: Console, traffic: Traffic | None = None
) -> Generator[ProgressDisplay]:
    """The display that suits the console, until the block is left."""
    if not console.is_terminal:
        yield Lines(console, traffic=traffic)
        return
    bar = Bar(console, traffic=traffic)
    # The results go to stdout by themselves; only what this console prints moves the display.
    with Live(bar, console=console, redirect_stdout=False, redirect_stderr=False,
              refresh_per_second=8):  # fmt: skip
        yield bar


class Speed:
    """Rows a second over the last while, and the time that the rest will take."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._samples: deque[tuple[float, int]] = deque()

    def measure(self, counts: Counts) -> tuple[float, timedelta | None]:
        """The rate and the time left (`None` before it can be told)."""
        now = self._clock()
        if not self._samples or now - self._samples[-1][0] >= 0.1:
            self._samples.append((now, counts.done))
        while len(self._samples) > 2 and now - self._samples[0][0] > _RATE_OVER_SECONDS:
            self._samples.popleft()
        since, before = self._samples[0]
        rate = (counts.done - before) / (now - since) if now > since else 0.0
        if rate <= 0:
            return 0.0, None
        return rate, timedelta(seconds=round((counts.total - counts.done) / rate))


class _Tally:
    """What the lines of both displays are made of."""

    def __init__(self, clock: Callable[[], float], traffic: Traffic | None) -> None:
        self._speed = Speed(clock)
        self._traffic = traffic
        self._paid: Counter[str] = Counter()
        self._rejections = 0

    def add(self, counts: Counts, result: RowResult | None) -> str | None:
        """Count a settled row; returns the line for one that was rejected, the first few times."""
        self._speed.measure(counts)
        if result is None:  # paid elsewhere: only the counts are at hand
            return None
        if result.status is RowStatus.ACCEPTED:
            self._paid[result.amount.currency] += result.amount.minor
        if result.status is not RowStatus.REJECTED:
            return None
        self._rejections += 1
        if self._rejections > _MOST_REJECTIONS:
            return None
        reason = result.error_code or result.error or ""
        more = "  (further ones are in the results)" if self._rejections == _MOST_REJECTIONS else ""
        where = f"rejected row {result.number}  {result.reference}"
        return f"{where}  {amount(result.amount)}  {reason}{more}"

    def parts(self, counts: Counts) -> list[str]:
        """Rate, rejected, unknown, retries, time left, money accepted: each kept together."""
        rate, left = self._speed.measure(counts)
        return [
            f"{rate:.1f}/s",
            f"{counts.rejected:,} rejected",
            f"{counts.unknown:,} unknown" if counts.unknown else "",
            *(() if self._traffic is None else self._traffic.parts()),
            "" if left is None else f"{left} left",
            *map(amount, self._totals(counts)),
        ]

    def _totals(self, counts: Counts) -> list[Money]:
        """What is paid, by currency; counts of many machines bring it along."""
        elsewhere: Mapping[str, Money] = getattr(counts, "paid", {})
        own = (Money(minor, currency) for currency, minor in sorted(self._paid.items()))
        return list(elsewhere.values()) or list(own)


class Bar:
    """Some lines that are drawn anew, as a renderable of rich."""

    def __init__(
        self,
        console: Console,
        clock: Callable[[], float] = time.monotonic,
        traffic: Traffic | None = None,
    ) -> None:
        self._console = console
        self._tally = _Tally(clock, traffic)
        self._counts: Counts | None = None

    def update(self, progress: Counts, result: RowResult | None) -> None:
        """Draw these counts; a rejection is shown above them."""
        self._counts = progress
        rejection = self._tally.add(progress, result)
        if rejection is not None:
            say(self._console, rejection, style="red", indent=4)

    def note(self, text: str) -> None:
        """Say something above the display."""
        say(self._console, text, style="yellow", indent=4)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw: the bar with the counts, then what fits beside it or below it."""
        counts = self._counts
        if counts is None:
            yield Text("paying")
            return
        width = options.max_width - 1
        done = f"{counts.done:,}/{counts.total:,}"
        parts = [part for part in self._tally.parts(counts) if part]
        space = width - len("paying ") - len(done) - 2
        short = min(_WIDEST_BAR, max(0, space - len(_GAP.join(["", *parts]))))
        bar = short if short >= 20 else min(_WIDEST_BAR, max(0, space))
        filled = round(bar * counts.done / counts.total) if counts.total else 0
        first = Text.assemble(
            "paying ", ("━" * filled, "green"), ("━" * (bar - filled), "dim"), "  ", (done, "bold")
        )
        lines = [first]
        for part in parts:
            style = "red" if part.endswith("rejected") and counts.rejected else ""
            style = "yellow" if part.endswith("unknown") else style
            if len(lines[-1]) + len(_GAP) + len(part) <= width:
                lines[-1].append(_GAP)
            else:
                lines.append(Text("       "))
            lines[-1].append(part, style)
        yield Text("\n").join(lines)


class Lines:
    """A line at the first row, and then one every few seconds: for logs."""

    def __init__(
        self,
        console: Console,
        clock: Callable[[], float] = time.monotonic,
        traffic: Traffic | None = None,
    ) -> None:
        self._console = console
        self._clock = clock
        self._tally = _Tally(clock, traffic)
        self._next = clock()

    def update(self, progress: Counts, result: RowResult | None) -> None:
        """Write a rejection at once, and the counts if the last line was a while ago."""
        rejection = self._tally.add(progress, result)
        if rejection is not None:
            say(self._console, rejection)
        if self._clock() >= self._next:
            self._next = self._clock() + _EVERY_SECONDS
            done = f"{progress.done:,}/{progress.total:,}"
            say_parts(self._console, [f"paying  {done}", *self._tally.parts(progress)])

    def note(self, text: str) -> None:
        """Write something at once."""
        say(self._console, text)
