"""`glomo payouts track`: follow the payouts of a file until the money has arrived."""

from __future__ import annotations

import asyncio
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from glomo.cli.connection import connect, connected
from glomo.cli.failures import CommandError
from glomo.cli.journal_source import journal_source
from glomo.cli.options import DEFAULT_ACCESS, Access, JsonOutput
from glomo.cli.payout_files import (
    JournalPath,
    Name,
    PayoutFile,
    Rehearsal,
    SiblingPaths,
    batch_of,
    plan_of,
    require_journal,
)
from glomo.cli.postgres import DEFAULT_EGRESS, Egress, PostgresToRead, refuse_rehearsal
from glomo.cli.rehearsal import TARGET, InventedPayees, rehearsal_sandbox
from glomo.cli.tracking import follow


def track(
    file: PayoutFile,
    /,
    *,
    timeout: Annotated[
        float | None,
        Parameter(help="Seconds to follow them at most.", validator=Number(gt=0)),
    ] = None,
    sandbox: Rehearsal = False,
    name: Name = None,
    postgres: PostgresToRead = None,
    egress: Egress = DEFAULT_EGRESS,
    journal: JournalPath = None,
    json_output: JsonOutput = False,
    access: Access = DEFAULT_ACCESS,
) -> int:
    """Follow the payouts of a file until the money has arrived. Pays nothing.

    They are read by the page, and rarely while nothing moves. Ctrl-C ends it; the same command goes
    on. At the end the results and the report are written anew.

    The exit status is 0 only if every row is settled.
    """
    paths = SiblingPaths(file, rehearsal=sandbox)
    if sandbox and access != DEFAULT_ACCESS:
        raise CommandError(
            "--sandbox brings its own key and address",
            hint="leave --base-url and --profile out, or --sandbox",
        )
    if sandbox:
        refuse_rehearsal(postgres)

    async def run(access: Access, key: str | None = None, target: str | None = None) -> int:
        source = journal_source(paths, journal=journal, postgres=postgres, name=name)
        async with (
            source as opened,
            connected(connect(access, api_key=key, rate_limit=opened.rate_limit(egress))) as glomo,
        ):
            return await follow(
                glomo, paths, opened, target=target, timeout=timeout, json_output=json_output
            )

    if not sandbox:
        return asyncio.run(run(access))
    require_journal(paths, journal)
    plan = plan_of(batch_of(file, name, include_hidden=True), InventedPayees)
    with rehearsal_sandbox(plan, paths.sandbox_state, 0) as local:
        return asyncio.run(run(local.access, local.key, TARGET))
