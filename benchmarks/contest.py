"""Runs contestants in turn, each in a process of its own, and compares the best runs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

Figures = dict[str, float]


@contextmanager
def local_server() -> Iterator[str]:
    """The static server in its own process; yields its origin."""
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


def measure(module: str, arguments: Sequence[str]) -> Figures:
    """One run of one contestant, in a fresh interpreter. It prints its figures as JSON."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"{module} {' '.join(arguments)} failed:\n{done.stderr}")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def best(module: str, contestants: Sequence[Sequence[str]], times: int) -> list[Figures]:
    """The best run of each contestant, by CPU time, over interleaved runs.

    The best and not the median: what else the machine does can only add.
    """
    runs: list[list[Figures]] = [[] for _ in contestants]
    for _ in range(times):
        for n, arguments in enumerate(contestants):
            runs[n].append(measure(module, arguments))
    return [min(of_one, key=lambda run: run["cpu_us"]) for of_one in runs]
