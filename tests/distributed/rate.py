"""How much of one address's rate limit three processes use together, and whether ever more.

    eval "$(.ci/services start /tmp/services)"
    python -m tests.distributed.rate --seconds 90

At least 98% must be used, and no 60 seconds may hold more than the limit.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import time
from uuid import uuid4

import psycopg

from glomo.distributed import Database, PostgresLimiter

_PER_MINUTE = 3000
_PROCESSES = 3
_EACH_AT_ONCE = 16


async def take(dsn: str, until: float) -> None:
    """Take places as fast as they come, and print when each was had."""
    times: list[float] = []
    async with Database(dsn) as database:
        limiter = PostgresLimiter(database, _PER_MINUTE)

        async def sender() -> None:
            while time.monotonic() < until and await limiter.acquire(until - time.monotonic()):
                times.append(time.monotonic())

        await asyncio.gather(*(sender() for _ in range(_EACH_AT_ONCE)))
        print(limiter.trips, *times)


def measure(dsn: str, seconds: float) -> int:
    """Run the processes, and tell what they had."""
    until = time.monotonic() + seconds
    words = [sys.executable, "-m", "tests.distributed.rate", "--until", str(until), "--dsn", dsn]
    running = [
        subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(_PROCESSES)
    ]
    shares, times, trips = [], list[float](), 0
    for process in running:
        output, _ = process.communicate()
        first, *rest = output.split()
        trips += int(first)
        shares.append(len(rest))
        times += map(float, rest)
    times.sort()
    # On one machine the monotonic clock is one clock.
    most = first_of = 0
    for last, at in enumerate(times):
        while at - times[first_of] >= 60.0:
            first_of += 1
        most = max(most, last - first_of + 1)
    used = (len(times) - 1) / (times[-1] - times[0]) * 60 / _PER_MINUTE
    print(f"{len(times):,} places by {_PROCESSES} processes ({shares}), {trips} trips")
    print(f"used {used:.1%} of {_PER_MINUTE:,} a minute; at most {most:,} in any 60 s")
    return 0 if used >= 0.98 and most <= _PER_MINUTE else 1


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser("python -m tests.distributed.rate", description=__doc__)
    parser.add_argument("--seconds", type=float, default=90.0)
    parser.add_argument("--until", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--dsn", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.until:
        asyncio.run(take(arguments.dsn, arguments.until))
        return 0
    server = os.environ.get("GLOMO_TEST_POSTGRES")
    if not server:
        print("skipped: no PostgreSQL; `.ci/services start DIR` starts one")
        return 0
    name = f"rate_{uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    try:
        return measure(server.rpartition("/")[0] + f"/{name}", arguments.seconds)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


if __name__ == "__main__":
    sys.exit(main())
