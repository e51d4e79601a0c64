from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import timedelta

from rich.console import Console

from glomo.cli.progress import Bar, Lines, Speed, display


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


def terminal() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=120, color_system=None)


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_rate_and_time_left_follow_the_rows() -> None:
    clock, counts = Clock(), Counts()
    speed = Speed(clock)
    assert speed.at(counts) == (0.0, None)
    clock.now += 10
    counts.done = 500
    rate, left = speed.at(counts)
    assert rate == 50.0
    assert left == timedelta(seconds=15)


def test_the_rate_is_that_of_the_last_while() -> None:
    clock, counts = Clock(), Counts()
    speed = Speed(clock)
    for _ in range(30):
        clock.now += 1
        counts.done += 1
        speed.at(counts)
    for _ in range(30):
        clock.now += 1
        counts.done += 10
        rate, _left = speed.at(counts)
    assert rate == 10.0


def test_a_log_gets_a_line_at_the_first_row_and_then_now_and_then() -> None:
    clock, console = Clock(), Console(file=io.StringIO(), width=120)
    lines = Lines(console, clock)
    for done in range(1, 121):
        lines.show(Counts(total=120, done=done, rejected=done // 60))
        clock.now += 0.25
    said = written(console).splitlines()
    assert said[0].startswith("paying  1/120")
    assert len(said) == 6
    assert said[-1].startswith("paying  101/120   4.0/s   1 rejected   0:00:05 left")


def test_a_terminal_gets_a_bar() -> None:
    console = terminal()
    with display(console) as shown:
        assert isinstance(shown, Bar)
        shown.show(Counts(done=812, rejected=2, unknown=1))
        shown.note("stopping")
    said = written(console)
    assert "812/1,240" in said
    assert "2 rejected   1 unknown" in said
    assert "stopping\n" in said


def test_a_pipe_gets_lines() -> None:
    with display(Console(file=io.StringIO())) as shown:
        assert isinstance(shown, Lines)
