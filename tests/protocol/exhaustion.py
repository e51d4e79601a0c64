"""Every sequence of outcomes up to a length, and random ones beyond.

python -m tests.protocol.exhaustion [LENGTH]
"""

from __future__ import annotations

import logging
import random
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from glomo.http.operation import Replay

from .invariants import violation
from .model import Walk, walk

SCENARIOS: dict[str, dict[str, Any]] = {
    "safe": {"replay": Replay.SAFE},
    "request_id": {"replay": Replay.REQUEST_ID, "given_key": False},
    "request_id, given": {"replay": Replay.REQUEST_ID},
    "request_id, used": {"replay": Replay.REQUEST_ID, "used_before": True},
    "request_id, used for another": {
        "replay": Replay.REQUEST_ID,
        "used_before": True,
        "different": True,
    },
    "none": {"replay": Replay.NONE},
    "state": {"replay": Replay.STATE},
    "state, ended": {"replay": Replay.STATE, "ended": True},
    "mock": {"replay": Replay.MOCK},
}

BRIEF = ("safe", "request_id, used for another", "mock")
"""Scenarios that differ little from another one: the command tries them one outcome shorter."""


class _Choices:
    """Depth-first through a tree of choices that shows itself only as it is walked."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.path: list[int] = []
        self.widths: list[int] = []
        self.depth = 0

    def __call__(self, options: Sequence[Any]) -> Any:
        if self.depth == self.length:
            return None
        if self.depth == len(self.path):
            self.path.append(0)
            self.widths.append(len(options))
        self.depth += 1
        return options[self.path[self.depth - 1]]

    def next(self) -> bool:
        """Go to the next sequence; false after the last one."""
        self.depth = 0
        while self.path:
            self.path[-1] += 1
            if self.path[-1] < self.widths[-1]:
                return True
            self.path.pop()
            self.widths.pop()
        return False


def walks(scenario: str, length: int) -> Iterator[Walk]:
    """Every call of a scenario with up to `length` outcomes; after them, time runs out."""
    choices = _Choices(length)
    while True:
        yield walk(choose=choices, **SCENARIOS[scenario])
        if not choices.next():
            return


def random_walks(scenario: str, count: int, seed: int) -> Iterator[Walk]:
    """Calls that go on until they end by themselves."""
    rng = random.Random(seed)
    for _ in range(count):
        yield walk(choose=rng.choice, **SCENARIOS[scenario])


def first_violation(walked: Iterator[Walk]) -> tuple[str, Walk] | None:
    """The first walk that breaks an invariant, and which one."""
    for at in walked:
        broken = violation(at)
        if broken:
            return broken, at
    return None


def main(length: int) -> int:
    """Print how many sequences hold; returns the exit status."""
    logging.disable()
    failed = False
    for scenario in SCENARIOS:
        count = 0
        for at in walks(scenario, length - (scenario in BRIEF)):
            count += 1
            broken = violation(at)
            if broken:
                failed = True
                print(f"{scenario}: {broken}: {at.tried} -> {at.error or at.result!r}")
                break
        print(f"{scenario}: {count:,} sequences")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 4))
