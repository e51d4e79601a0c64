"""Running as an asynchronous generator, with the work in a task of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Container, Iterable, Sequence

import anyio

from glomo.client import AsyncGlomo

from .control import Progress, Stop
from .journal import Journal
from .results import RowResult
from .rows import Row
from .runner import Runner

GRACE = 10.0
CONCURRENCY = 32


async def run_rows(
    glomo: AsyncGlomo,
    journal: Journal,
    rows: Iterable[Row],
    *,
    name: str,
    concurrency: int = CONCURRENCY,
    retry_failed: bool = False,
    stop: Stop | None = None,
    progress: Progress | None = None,
    grace: float = GRACE,
    file_references: Container[str] | None = None,
) -> AsyncGenerator[RowResult, None]:
    """Pay a slice of a batch, with a journal that is open. `Batch.run` pays all of it.

    Rows that the journal has as settled cost nothing; rows that were being sent when an earlier run
    ended are looked up first. Stopping, closing the generator and cancelling its consumer all have
    the same effect: no new rows, and what is in flight has `grace` seconds to finish. The journal
    is right in every case.

    Args:
        glomo: the client. Its rate limit is the run's.
        journal: where every row's state is kept; opened and closed by the caller.
        rows: the slice.
        name: the batch's name, from which every `request_id` is derived.
        concurrency: how many rows are worked on at once.
        retry_failed: send rejected rows again, as in `Batch.run`.
        stop: set it to take no new rows.
        progress: is kept up to date.
        grace: seconds that calls in flight have when the consumer goes away.
        file_references: the references of the whole file, if these rows are all of it: open
            entries of rows that are no longer in the file are looked up, too.

    Yields:
        A result for each row whose fate this run has settled, or could not settle.

    Raises:
        ValueError: `concurrency` is below 1.
        ChangedRowsError: a row was sent with other contents before; nothing was sent.
        AuthenticationError, PermissionDeniedError, ConfigurationError: nothing more was sent.
        HaltedError: the API gave no usable response for many rows on end.
    """
    if concurrency < 1:
        raise ValueError(f"concurrency must be at least 1, not {concurrency}")
    results: asyncio.Queue[RowResult | None] = asyncio.Queue()
    runner = Runner(
        glomo,
        journal,
        name,
        results.put_nowait,
        concurrency=concurrency,
        retry_failed=retry_failed,
        stop=Stop(stop),
        progress=Progress() if progress is None else progress,
    )
    # No task group may be open across a yield: the work has a task of its own.
    sequence = rows if isinstance(rows, Sequence) else list(rows)
    work = asyncio.create_task(runner.run(sequence, file_references), name=f"glomo batch {name}")
    work.add_done_callback(lambda _: results.put_nowait(None))
    try:
        while (result := await results.get()) is not None:
            yield result
        await work
    finally:
        runner.stop.set()
        await _wind_up(work, grace)


async def _wind_up(work: asyncio.Task[None], grace: float) -> None:
    with anyio.CancelScope(shield=True):
        if not work.done():
            await asyncio.wait([work], timeout=grace)
        if not work.done():
            work.cancel()
            await asyncio.wait([work])
    if not work.cancelled():
        work.exception()  # seen: whoever left early does not wait for it
