"""Runs contenders in turn, each in a process of its own, and takes the median of its runs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from benchmarks.contenders import Contender

Figures = dict[str, float]


@dataclass(frozen=True)
class Figure:
    """The runs of one figure: their median, least and most."""

    runs: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.runs)

    @property
    def spread(self) -> str:
        """The least and the most, as parts of the median."""
        if len(self.runs) < 2 or not self.median:
            return ""
        low, high = min(self.runs) / self.median - 1, max(self.runs) / self.median - 1
        return f"{low:+.0%} {high:+.0%}"


@dataclass
class Results:
    """What a subject's contenders came to: contender, variant, figure."""

    of: dict[tuple[str, str], dict[str, Figure]] = field(default_factory=dict)

    def ratio(self, contender: str, rival: str, variant: str, figure: str) -> float | None:
        """One contender's median as a multiple of another's; `None` if either did not run."""
        own_figures, rival_figures = (
            self.of.get((contender, variant)),
            self.of.get((rival, variant)),
        )
        return (
            own_figures[figure].median / rival_figures[figure].median
            if own_figures and rival_figures
            else None
        )

    def value(self, contender: str, variant: str, figure: str) -> float | None:
        """A median; `None` if the contender did not run."""
        figures = self.of.get((contender, variant))
        return figures[figure].median if figures else None


@dataclass(frozen=True)
class Aim:
    """What a subject should come to.

    Attributes:
        text: what is compared.
        value: computes it; `None` if what it needs did not run.
        limit: the bound.
        at_least: whether the bound is a lower one.
    """

    text: str
    value: Callable[[Results], float | None]
    limit: float
    at_least: bool = False

    def render(self, results: Results) -> str:
        """A line: the aim, what it came to, and whether it is met."""
        value = self.value(results)
        bound = f"{'at least' if self.at_least else 'at most'} {self.limit:g}"
        if value is None:
            return f"  {self.text}: {bound}; not measured"
        met = value >= self.limit if self.at_least else value <= self.limit
        return f"  {self.text}: {bound}; {value:.3g}{'' if met else '  MISSED'}"


@dataclass(frozen=True)
class Subject:
    """Something to measure.

    Attributes:
        name: as it is asked for.
        title: what is measured, in a line.
        unit: of `main`.
        main: the figure that tables and ratios show.
        contenders: who competes; the first is what the ratios are to.
        variants: settings under each of which everybody competes.
        size: how much of it a run does, unless told otherwise.
        needs_server: whether the contenders speak to the local server.
        aims: what it should come to.
        more: further figures for the table.
        only: variants in which not all compete.
    """

    name: str
    title: str
    unit: str
    contenders: tuple[Contender, ...]
    variants: tuple[str, ...] = ("",)
    main: str = "cpu_us"
    size: int = 0
    needs_server: bool = True
    aims: tuple[Aim, ...] = ()
    more: tuple[str, ...] = ("per_second",)
    only: Mapping[str, tuple[Contender, ...]] = field(default_factory=dict)


@contextmanager
def local_server() -> Iterator[str]:
    """The server in its own process; yields its origin."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()


class FailedRunError(Exception):
    """A contender could not do it."""


def _run_once(subject: Subject, contender: Contender, variant: str, size: int) -> Figures:
    """One run in a fresh interpreter, against a fresh server. It prints its figures as JSON."""
    command = [sys.executable, "-m", "benchmarks.contestant", subject.name, contender.name]
    command += [variant or "-", str(size)]
    if subject.needs_server:
        with local_server() as origin:
            return _figures([*command, origin])
    return _figures([*command, "-"])


def _figures(command: Sequence[str]) -> Figures:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=True)
    except subprocess.CalledProcessError as error:
        raise FailedRunError(error.stderr.strip().splitlines()[-1]) from error
    except subprocess.TimeoutExpired as error:
        raise FailedRunError("it took more than 10 minutes") from error
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def hold(
    subject: Subject, rounds: int, size: int, report: Callable[[str], None]
) -> tuple[Results, list[str]]:
    """Let everybody run `rounds` times, taking turns.

    Returns:
        The results, and for each contender that did not finish, why.
    """
    notes = [
        f"{contender.name} skipped: {', '.join(contender.missing)} not installed"
        for contender in subject.contenders
        if contender.missing
    ]
    results = Results()
    for variant in subject.variants:
        competing = subject.only.get(variant, subject.contenders)
        runs: dict[str, list[Figures]] = {
            contender.name: [] for contender in competing if not contender.missing
        }
        for number in range(rounds):
            report(f"{subject.name} {variant} round {number + 1}/{rounds}")
            for contender in competing:
                if contender.name not in runs:
                    continue
                try:
                    runs[contender.name].append(_run_once(subject, contender, variant, size))
                except FailedRunError as error:
                    del runs[contender.name]
                    notes.append(f"{contender.name} failed {variant}: {error}")
        for name, of_one in runs.items():
            results.of[(name, variant)] = {
                figure: Figure(tuple(run[figure] for run in of_one)) for figure in of_one[0]
            }
    return results, notes
