"""What every resource of the sandbox works with."""

from __future__ import annotations

from dataclasses import dataclass

from .clock import Now, wire_time
from .ids import Ids
from .store import Record, Store


@dataclass(frozen=True, slots=True)
class Options:
    """Features that Glomo switches on for an account."""

    queueing: bool = False
    maker_checker: bool = False
    screening: bool = False
    beneficiary_review: bool = False


@dataclass(frozen=True, slots=True)
class Environment:
    """One account in the sandbox: its records, its clock, its features."""

    store: Store
    clock: Now
    ids: Ids
    options: Options

    def new_id(self, prefix: str, kind: str) -> str:
        """An id that no record of this kind has."""
        number = self.store.count(kind) + 1
        while self.store.get(kind, made := self.ids.make(prefix, number)) is not None:
            number += 1
        return made

    def stamps(self) -> Record:
        """`created_at` and `updated_at` of a new record, and its exact time of creation."""
        now = self.clock()
        text = wire_time(now)
        return {"created_at": text, "updated_at": text, "_created": now.timestamp()}
