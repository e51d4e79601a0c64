"""Faults on demand: what a network and a busy server do to a caller, when a test says so."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any


class FaultKind(StrEnum):
    """What goes wrong, and whether the request took effect."""

    DELAY = "delay"  # slow, otherwise well
    LIMIT = "limit"  # 429, nothing happened
    FAIL_BEFORE = "fail_before"  # 5xx, nothing happened
    FAIL_AFTER = "fail_after"  # 5xx, yet it happened
    CUT_BEFORE = "cut_before"  # connection lost, nothing happened
    CUT_AFTER = "cut_after"  # connection lost without a response, yet it happened
    CUT_MIDWAY = "cut_midway"  # connection lost in the middle of the response; it happened
    HTML = "html"  # a page in the place of the JSON; it happened
    TRUNCATED = "truncated"  # half of the JSON, with a length to match; it happened
    WRONG_OBJECT = "wrong_object"  # a 2xx, but of another object; it happened
    STRAY_RESPONSE = "stray_response"  # well, but a second response follows on the connection
    SLOW_BODY = "slow_body"  # the head at once, the body in drops over `seconds`; it happened
    LAG = "lag"  # what was created in the last `seconds` is not in lists yet


BEFORE_COMMIT = frozenset({FaultKind.LIMIT, FaultKind.FAIL_BEFORE, FaultKind.CUT_BEFORE})
RANDOM_KINDS = (
    FaultKind.DELAY,
    FaultKind.LIMIT,
    FaultKind.FAIL_BEFORE,
    FaultKind.FAIL_AFTER,
    FaultKind.CUT_BEFORE,
    FaultKind.CUT_AFTER,
    FaultKind.CUT_MIDWAY,
    FaultKind.HTML,
    FaultKind.TRUNCATED,
)
"""What random faults are drawn from: what networks and servers really do."""

TIMED_KINDS = frozenset({FaultKind.DELAY, FaultKind.SLOW_BODY, FaultKind.LAG})
"""Those that `seconds` is for."""

_STATUSES = (500, 502, 503, 504)


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong: with which calls, how often.

    Parameters:
        kind: what goes wrong; None: one of `RANDOM_KINDS`, drawn anew each time.
        operation: the client's method (`payouts.create`); None: every operation.
        times: how often; None: until cleared.
        rate: how likely each matching call is hit, 0 to 1; None: always.
        status: of a 5xx; None: drawn from 500, 502, 503, 504.
        seconds: how long a delay, a slow body or a lag is.
    """

    kind: FaultKind | None
    operation: str | None = None
    times: int | None = 1
    rate: float | None = None
    status: int | None = None
    seconds: float = 0.05

    def __post_init__(self) -> None:
        self.kind = None if self.kind is None else FaultKind(self.kind)
        if self.rate is not None and not 0 <= self.rate <= 1:
            raise ValueError(f"rate is a share between 0 and 1, not {self.rate}")
        if self.times is not None and self.times < 1:
            raise ValueError(f"times must be at least 1, or None for always, not {self.times}")
        if self.status is not None and not 500 <= self.status <= 599:
            raise ValueError(f"a failing server responds with 500 to 599, not {self.status}")
        if self.seconds < 0:
            raise ValueError(f"seconds must not be negative, not {self.seconds}")

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Fault:
        """A fault as the control plane takes it. Without a kind, a `rate` of random faults."""
        names = {"kind", "operation", "times", "rate", "status", "seconds"}
        if unknown := sorted(set(data) - names):
            raise ValueError(f"unknown {unknown}; a fault has {sorted(names)}")
        kind = data.get("kind")
        if kind is None and data.get("rate") is None:
            raise ValueError("a fault needs a kind, or a rate of random faults")
        values = {key: data[key] for key in names - {"kind"} if key in data}
        if data.get("rate") is not None:
            values.setdefault("times", None)
        try:
            return cls(None if kind is None else FaultKind(kind), **values)
        except TypeError as error:
            raise ValueError(f"a fault's numbers must be numbers: {error}") from error


@dataclass(frozen=True, slots=True)
class Hit:
    """What a single call suffers."""

    delay: float = 0.0
    kind: FaultKind | None = None
    status: int = 503
    seconds: float = 0.0


NOTHING = Hit()


class Faults:
    """The faults in force, drawn with a generator of their own, seeded."""

    def __init__(self, seed: int, operations: Iterable[str]) -> None:
        # Reproducible on purpose: these are test faults, not secrets.
        self._random = random.Random(f"glomo-faults/{seed}")  # noqa: S311
        self.operations = frozenset(operations)
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self.counts: Counter[FaultKind] = Counter()

    def add(self, fault: Fault) -> None:
        """Put a fault in force, behind those that are; raises ValueError if its operation is none
        that the sandbox serves."""
        if fault.operation is not None and fault.operation not in self.operations:
            close_matches = get_close_matches(fault.operation, self.operations, n=1)
            hint = f": did you mean {close_matches[0]}?" if close_matches else ""
            raise ValueError(f"the sandbox serves no operation {fault.operation!r}{hint}")
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Everything works again. `counts` stays."""
        with self._lock:
            self._faults.clear()

    @property
    def active(self) -> list[Fault]:
        """The faults in force."""
        with self._lock:
            return list(self._faults)

    def draw(self, operation: str) -> Hit:
        """What this call suffers: any delays, and the first other fault that hits."""
        if not self._faults:
            return NOTHING
        with self._lock:
            delay, hit = 0.0, NOTHING
            for fault in list(self._faults):
                if fault.operation not in (None, operation):
                    continue
                if hit.kind is not None and fault.kind is not FaultKind.DELAY:
                    continue
                if fault.rate is not None and self._random.random() >= fault.rate:
                    continue
                kind = fault.kind or self._random.choice(RANDOM_KINDS)
                self._spend(fault)
                self.counts[kind] += 1
                if kind is FaultKind.DELAY:
                    delay += fault.seconds
                else:
                    status = fault.status or self._random.choice(_STATUSES)
                    hit = Hit(kind=kind, status=status, seconds=fault.seconds)
            return Hit(delay, hit.kind, hit.status, hit.seconds)

    def _spend(self, fault: Fault) -> None:
        if fault.times is not None:
            fault.times -= 1
            if fault.times == 0:
                # By identity: two faults that look the same are two faults.
                self._faults = [active for active in self._faults if active is not fault]
