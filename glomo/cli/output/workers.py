"""What workers on other machines do, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .console import count, say, say_parts

if TYPE_CHECKING:
    from rich.console import Console

    from glomo.distributed import BatchProgress
    from glomo.distributed.payer import WorkerEvent


def show_workers(console: Console, progress: BatchProgress) -> None:
    """How many slices are done, by how many workers, and what holds the others up."""
    parts = [
        f"{progress.slices_done:,} of {count(progress.slices, 'slice')} done",
        count(progress.workers, "worker"),
    ]
    say_parts(console, [*parts, "asked to stop"] if progress.stopped else parts)
    if progress.problem is not None:
        given_up = count(progress.given_up, "slice")
        text = f"{given_up} given up for now, to be tried again: {progress.problem}"
        say(console, text, style="yellow")


def workers_as_json(progress: BatchProgress) -> dict[str, object]:
    """The same for programs."""
    return {
        "active": progress.workers,
        "slices": progress.slices,
        "slices_done": progress.slices_done,
        "slices_given_up": progress.given_up,
        "problem": progress.problem,
        "stopped": progress.stopped,
    }


def worker_event_as_json(event: WorkerEvent) -> dict[str, object]:
    """What a worker tells, for programs: `slice`, or `foreign_batch`."""
    from glomo.distributed.payer import ForeignBatchEvent  # noqa: PLC0415 - an extra

    if isinstance(event, ForeignBatchEvent):
        return {"event": "foreign_batch", "batch": event.batch, "problem": event.problem}
    rows = event.outcome
    return {
        "event": "slice",
        "batch": event.batch,
        "slice": event.number,
        "state": event.state.value.replace(" ", "_"),
        "accepted": None if rows is None else rows.accepted,
        "rejected": None if rows is None else rows.rejected,
        "unknown": None if rows is None else rows.unknown,
        "not_sent": None if rows is None else rows.not_sent,
        "problem": event.problem,
        "pause": event.pause,
    }
