"""Whether a snapshot moves your copy of an object forward.

Deliveries come in any order, and a delivery that is repeated carries the snapshot of the first
time. So a handler compares before it writes:

    if webhooks.moves_forward(event.data, status=row.status, updated_at=row.updated_at):
        row.status, row.updated_at = event.data.status, event.data.updated_at
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from glomo.serialization.model import Model
from glomo.serialization.status import Status

_SUCCESSIONS = {("expired", "paid"), ("success", "offboarded")}
"""Terminal statuses that another can follow: of an order whose payment was under way when it
expired, and of a merchant who leaves."""


def moves_forward(
    snapshot: Model, *, status: str | None, updated_at: datetime | None = None
) -> bool:
    """Whether a snapshot is newer than your copy of the object.

    A terminal status is never overwritten by one that is not, nor by another terminal one unless
    the snapshot is newer. Between other statuses the times decide; without times the snapshot
    counts as newer.

    Args:
        snapshot: an event's `data`, or what a `retrieve` returned.
        status: the status of your copy; `None` if you have none.
        updated_at: the `updated_at` of your copy. Keep it with the status: without it, an older
            snapshot that is not terminal either cannot be told from a newer one. A time without a
            zone is taken as UTC.
    """
    if status is None:
        return True
    new: Any = getattr(snapshot, "status", None)
    age = _compare(getattr(snapshot, "updated_at", None), updated_at)
    if isinstance(new, Status) and new != status:
        was_terminal = type(new)(status).terminal
        if new.terminal and not was_terminal:
            return True
        if was_terminal and new.known and not new.terminal:
            return False
        if was_terminal:
            return age > 0 or (str(status), str(new)) in _SUCCESSIONS
    return age >= 0


def _compare(new: datetime | None, old: datetime | None) -> int:
    """1 if newer, -1 if older, 0 if the same or not known."""
    if new is None or old is None:
        return 0
    new, old = (time if time.tzinfo else time.replace(tzinfo=UTC) for time in (new, old))
    return (new > old) - (new < old)
