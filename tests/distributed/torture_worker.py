"""A worker of the torture: its connections bear its process id, its wall clock may be wrong."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time

from glomo import AsyncGlomo
from glomo.distributed import Database, PostgresJournal, PostgresLimiter
from glomo.distributed.lease import Lease
from glomo.distributed.procrastinate import work


def remove_fence() -> None:
    """The mutation: nobody looks at the lease, and no write compares epochs."""

    async def no_fence(*_: object) -> None:
        return

    PostgresJournal._fence = no_fence  # type: ignore[assignment, method-assign]
    Lease.check = lambda _: None  # type: ignore[method-assign]


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lease", type=float, default=3.0)
    parser.add_argument("--rate-limit", type=int, default=3000)
    parser.add_argument("--clock", type=float, default=0.0)
    parser.add_argument("--no-fence", action="store_true")
    arguments = parser.parse_args()
    os.environ["PGAPPNAME"] = str(os.getpid())
    if arguments.clock:
        right = time.time
        time.time = lambda: right() + arguments.clock
    if arguments.no_fence:
        remove_fence()
    async with Database(os.environ["GLOMO_POSTGRES"], patience=60.0) as database:
        limiter = PostgresLimiter(database, arguments.rate_limit)
        async with AsyncGlomo(rate_limit=limiter) as glomo:
            await work(
                database,
                glomo,
                lease=arguments.lease,
                concurrency=16,
                until_finished=True,
                on_event=lambda event: print(event, flush=True),
            )


if __name__ == "__main__":
    asyncio.run(main())
    sys.exit(0)
