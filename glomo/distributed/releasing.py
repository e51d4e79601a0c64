"""Giving slices back: done, to be continued, or given up for now with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from .database import Connection

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0
"""Seconds before a slice that was given up is due again: at first, and at most."""

_RELEASE = """
    UPDATE glomo_slice s SET holder = NULL, lease_until = NULL{outcome}
    FROM unnest(%(slices)s::int[], %(epochs)s::bigint[]) AS mine (slice, epoch)
    WHERE s.batch = %(batch)s AND s.slice = mine.slice AND s.epoch = mine.epoch
"""
_OUTCOME = """,
    done_at = CASE WHEN %(done)s THEN clock_timestamp() ELSE done_at END,
    retry_failed = retry_failed AND NOT %(done)s,
    problem = %(problem)s,
    failures = CASE WHEN %(problem)s::text IS NULL THEN 0 ELSE failures + 1 END,
    due_at = CASE WHEN %(problem)s::text IS NOT NULL THEN clock_timestamp() + interval '1 second'
        * least(%(first)s * power(2, least(failures, 20)), %(longest)s) END
"""


@frozen
class SliceEnd:
    """How its holder leaves a slice.

    Attributes:
        done: nothing is left to do in it.
        problem: why it was given up.
    """

    done: bool
    problem: str | None


async def release(
    connection: Connection, batch: str, epochs: Mapping[int, int], outcome: SliceEnd | None
) -> None:
    """Give slices back that nobody has taken over since.

    Args:
        connection: to the database.
        batch: the batch's name.
        epochs: the slices' numbers, with the epochs under which they were held.
        outcome: how they are left; `None` for whoever reads the whole batch, as tracking does, and
            knows nothing of what a slice waits for.
    """
    values: dict[str, Any] = {"batch": batch, "slices": [*epochs], "epochs": [*epochs.values()]}
    values |= {"first": FIRST_PAUSE, "longest": LONGEST_PAUSE}
    if outcome is not None:
        values |= {"done": outcome.done, "problem": outcome.problem}
    statement = _RELEASE.format(outcome="" if outcome is None else _OUTCOME)
    await connection.execute(statement.encode(), values)
