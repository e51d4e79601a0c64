"""One merchant's account at Glomo: what every resource of the sandbox works with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from .books import Books
from .clock import wire_time
from .options import Options
from .store import Record, Tables

if TYPE_CHECKING:
    from .engine import Engine


ROOT_MERCHANT = "merch_sandbox"
"""The merchant id of the sandbox's own account, which is the platform of all others."""


@dataclass(frozen=True, slots=True, eq=False)
class Account:
    """A merchant's records, books and future.

    `id` is the merchant's (`merch_...`), None for the sandbox's own account. `parent` is the
    platform's account, if the merchant was onboarded by one.
    """

    engine: Engine
    id: str | None
    store: Tables
    books: Books
    parent: Account | None = None

    @property
    def merchant_id(self) -> str:
        """The merchant's id, as the API shows it."""
        return self.id or ROOT_MERCHANT

    @property
    def options(self) -> Options:
        """What is switched on for the account."""
        return self.engine.options.of(self.id)

    def now(self) -> datetime:
        """The present on the sandbox's clock; inside a timer, the timer's own moment."""
        return self.engine.now()

    def new_id(self, prefix: str, kind: str) -> str:
        """An id that no record of this kind has."""
        number = self.store.count(kind) + 1
        while (
            self.store.get(kind, new_id := self.engine.ids.make(prefix, number, self.id))
            is not None
        ):
            number += 1
        return new_id

    def stamps(self) -> Record:
        """`created_at` and `updated_at` of a new record, and its exact time of creation."""
        now = self.now()
        text = wire_time(now)
        return {"created_at": text, "updated_at": text, "_created": now.timestamp()}

    def updated(self, record: Record, **changes: object) -> Record:
        """A copy of a record with these changes, updated now. It is not written yet."""
        return {**record, **changes, "updated_at": wire_time(self.now())}

    def schedule(self, at: datetime, action: str, subject: str) -> None:
        """Have a timer's action (registered by a `Resource`) done to `subject` at a moment."""
        self.engine.scheduler.put(self.id, at, action, subject)

    def emit(self, entity_type: str, record: Record, event_type: str | None = None) -> None:
        """Send a webhook with the record as it is now; `event_type` is its status by default."""
        self.engine.webhooks.emit(self, entity_type, event_type or record["status"], record)
