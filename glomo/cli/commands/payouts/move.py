"""`glomo payouts move`: take a half-paid batch from this machine into PostgreSQL."""

from __future__ import annotations

import asyncio
from typing import Annotated

from cyclopts import Parameter

from glomo.cli.failures import OK
from glomo.cli.output.console import out, say
from glomo.cli.payout_files import JournalPath, PayoutFile, SiblingPaths
from glomo.cli.postgres import opened


def move(
    file: PayoutFile,
    /,
    *,
    postgres: Annotated[str, Parameter(help="The database, as a URL.", env_var="GLOMO_POSTGRES")],
    journal: JournalPath = None,
) -> int:
    """Move the journal of a file into PostgreSQL, to go on paying it from many machines.

    Nothing is sent. The journal's file stays and says where it was moved to; no run can use it any
    more. If this is cut off, doing it again completes it.
    """
    path = journal or SiblingPaths(file).journal

    async def run() -> str:
        async with opened(postgres) as database:
            from glomo.distributed import move_journal  # noqa: PLC0415 - an extra

            identity = await move_journal(path, database)
            return identity.batch

    batch = asyncio.run(run())
    say(out(), f"moved: batch {batch!r}")
    say(out(), f"glomo payouts run {file} --postgres URL   pays the rest")
    return OK
