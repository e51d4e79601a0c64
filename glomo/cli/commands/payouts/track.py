"""`glomo payouts track`: follow the payouts of a file until the money has arrived."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from glomo.cli.connection import connect, connected
from glomo.cli.failures import CommandError
from glomo.cli.options import DEFAULT_ACCESS, Access, JsonOutput
from glomo.cli.payout_files import (
    JournalPath,
    Name,
    PayoutFile,
    Rehearsal,
    SiblingPaths,
    batch_of,
    require_journal,
)
from glomo.cli.rehearsal import TARGET, rehearsal_sandbox
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
    path = require_journal(paths, journal)
    with ExitStack() as stack:
        if sandbox:
            if access != DEFAULT_ACCESS:
                raise CommandError("--sandbox brings its own key and address")
            plan = batch_of(file, name).plan()
            local = stack.enter_context(rehearsal_sandbox(plan, paths.sandbox_state, 0))
            glomo, target = connect(local.access, api_key=local.key), TARGET
        else:
            glomo, target = connect(access), None

        async def run() -> int:
            async with connected(glomo):
                return await follow(
                    glomo, paths, path, target=target, timeout=timeout, json_output=json_output
                )

        return asyncio.run(run())
