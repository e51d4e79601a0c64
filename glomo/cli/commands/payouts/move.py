"""`glomo payouts move`: take a half-paid batch from this machine into PostgreSQL."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from glomo.cli.failures import OK
from glomo.cli.options import JsonOutput
from glomo.cli.output.console import count, out, say
from glomo.cli.output.json_output import print_json
from glomo.cli.payout_files import JournalPath, PayoutFile, SiblingPaths
from glomo.cli.postgres import PostgresToUse, opened

if TYPE_CHECKING:
    from glomo.distributed import BatchProgress


def move(
    file: PayoutFile,
    /,
    *,
    postgres: PostgresToUse,
    journal: JournalPath = None,
    json_output: JsonOutput = False,
) -> int:
    """Move the journal of a file into PostgreSQL, to go on paying it from many machines.

    Nothing is sent. The journal's file stays and says where it was moved to; no run can use it any
    more. If this is cut off, doing it again completes it.
    """
    path = journal or SiblingPaths(file).journal

    async def run() -> BatchProgress:
        async with opened(postgres) as database:
            from glomo.distributed import batch_progress, move_journal  # noqa: PLC0415 - an extra

            identity = await move_journal(path, database)
            return await batch_progress(database, identity.batch)

    moved = asyncio.run(run())
    if json_output:
        print_json(
            {
                "batch": moved.batch,
                "journal": path,
                "rows": moved.total,
                "slices": moved.slices,
                "slices_done": moved.slices_done,
            }
        )
        return OK
    say(out(), f"moved: batch {moved.batch!r}, {count(moved.total, 'row')}")
    say(out(), f"glomo payouts run {file} --postgres URL   pays the rest")
    return OK
