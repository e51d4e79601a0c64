from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from rich.console import Console

from glomo.batch import RowResult, RowStatus
from glomo.cli.output.progress import Bar, Lines, Speed, progress_display
from glomo.cli.output.traffic import Traffic
from glomo.instrumentation.events import Waited
from glomo.money import Money


@dataclass
class Counts:
    total: int = 1240
    done: int = 0
    rejected: int = 0
    unknown: int = 0


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def terminal(width: int = 120) -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=width, color_system=None)


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def event(status: RowStatus = RowStatus.ACCEPTED, code: str | None = None) -> RowResult:
    return RowResult(
        17, "row-0016", status, Money(81_245_000, "USD"), "q", "payout_1", "queued", code
    )


def test_rate_and_time_left_follow_the_rows() -> None:
    clock, counts = Clock(), Counts()
    speed = Speed(clock)
    assert speed.measure(counts) == (0.0, None)
    clock.now += 10
    counts.done = 500
    rate, left = speed.measure(counts)
    assert rate == 50.0
    assert left == timedelta(seconds=15)


def test_the_rate_is_that_of_the_last_while() -> None:
    clock, counts = Clock(), Counts()
    speed = Speed(clock)
    for _ in range(30):
        clock.now += 1
        counts.done += 1
        speed.measure(counts)
    for _ in range(30):
        clock.now += 1
        counts.done += 10
        rate, _left = speed.measure(counts)
    assert rate == 10.0


def test_a_log_gets_a_line_at_the_first_row_and_then_now_and_then() -> None:
    clock, console = Clock(), Console(file=io.StringIO(), width=120)
    lines = Lines(console, clock)
    for done in range(1, 121):
        lines.update(Counts(total=120, done=done, rejected=done // 60), event())
        clock.now += 0.25
    output = written(console).splitlines()
    assert output[0].startswith("paying  1/120")
    assert len(output) == 6
    assert output[-1].startswith("paying  101/120   4.0/s   1 rejected   0:00:05 left   USD 82,057")


def test_rejections_are_shown_as_they_come_but_not_for_ever() -> None:
    console = Console(file=io.StringIO(), width=120)
    lines = Lines(console, Clock())
    for done in range(1, 101):
        rejected = event(RowStatus.REJECTED, "INVALID_BENE_IFSC")
        lines.update(Counts(total=120, done=done, rejected=done), rejected)
    rejections = [line for line in written(console).splitlines() if line.startswith("rejected")]
    assert rejections[0] == "rejected row 17  row-0016  USD 812,450.00  INVALID_BENE_IFSC"
    assert len(rejections) == 20
    assert rejections[-1].endswith("(further ones are in the results)")


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_a_terminal_gets_a_bar_that_breaks_no_number_and_no_word(width: int) -> None:
    console, clock = terminal(width), Clock()
    bar = Bar(console, clock)
    bar.update(Counts(done=800), event())
    clock.now += 10
    counts = Counts(total=1_000_000, done=812_345, rejected=1234, unknown=17)
    bar.update(counts, event())
    console.print(bar)
    drawn = written(console)
    assert all(len(line) <= width for line in drawn.splitlines())
    unbroken = ("812,345/1,000,000", "81154.5/s", "1,234 rejected", "17 unknown", "0:00:02 left",
             "USD 1,624,900.00")  # fmt: skip
    for part in unbroken:
        assert part in drawn
    assert len(drawn.splitlines()) <= (1 if width == 200 else 6)
    if width >= 60:
        assert len(re.findall("━", drawn)) >= 20


def test_a_terminal_shows_notes_and_rejections_above_the_bar() -> None:
    console = terminal()
    with progress_display(console) as display:
        assert isinstance(display, Bar)
        display.update(
            Counts(done=812, rejected=2, unknown=1),
            event(RowStatus.REJECTED, "NAME_MISMATCH"),
        )
        display.note("stopping")
    text = written(console)
    assert "812/1,240" in text
    assert "2 rejected   1 unknown" in text
    assert "NAME_MISMATCH" in text
    assert "stopping" in text


def test_a_pipe_gets_lines() -> None:
    with progress_display(Console(file=io.StringIO())) as display:
        assert isinstance(display, Lines)


def test_retries_and_pauses_are_shown() -> None:
    traffic = Traffic()
    for reason in ("retry", "turn", "throttled", "retry", "throttled"):
        traffic.on_event(Waited(1, "payouts.create", reason, 0.1))  # type: ignore[arg-type]
    console = Console(file=io.StringIO(), width=120)
    with progress_display(console, traffic) as display:
        display.update(Counts(total=2, done=1), event())
    assert "0 rejected   2 retries   2 pauses for the API" in written(console)
    assert Traffic().parts() == []
