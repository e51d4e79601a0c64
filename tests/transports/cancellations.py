"""Cancels calls at random moments, over one transport, and looks what stays open.

python -m tests.transports.cancellations --count 10000 [--kind aiohttp]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
from contextlib import suppress

from .kinds import OWN_KINDS, open_transport, request
from .peer import OK, Line, Peer

_AT_ONCE = 20


async def slow(line: Line) -> None:
    """Answer in two pieces, with the loop's time between them."""
    while True:
        await line.request()
        await asyncio.sleep(0)
        await line.send(OK[:60])
        await asyncio.sleep(0)
        await line.send(OK[60:])


async def cancel_many(kind: str, count: int, seed: int = 0) -> int:
    """Return how many descriptors are open that were not before."""
    rng = random.Random(seed)

    async def cancelled_somewhere() -> None:
        call = asyncio.create_task(transport.send(request(peer.origin), 10))
        for _ in range(rng.randrange(30)):
            await asyncio.sleep(0)
        call.cancel()
        with suppress(asyncio.CancelledError):
            response = await call
            assert response.body == b'{"id": "a"}'

    async with Peer(slow) as peer:
        before = _descriptors()
        tasks = len(asyncio.all_tasks())
        async with open_transport(kind, peer.origin) as transport:
            for _ in range(0, count, _AT_ONCE):
                await asyncio.gather(*(cancelled_somewhere() for _ in range(_AT_ONCE)))
            response = await transport.send(request(peer.origin), 10)
            assert response.body == b'{"id": "a"}'
        await peer.until(lambda: not peer.open)
        for _ in range(100):
            if _descriptors() <= before and len(asyncio.all_tasks()) <= tasks:
                break
            await asyncio.sleep(0.01)
        assert len(asyncio.all_tasks()) <= tasks, asyncio.all_tasks()
        return max(0, _descriptors() - before)


def _descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - counted, not walked


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.transports.cancellations")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--kind", action="append", choices=OWN_KINDS)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    worst = 0
    for kind in arguments.kind or OWN_KINDS:
        leaked = asyncio.run(cancel_many(kind, arguments.count, arguments.seed))
        print(
            f"{kind:<15}{arguments.count:>7,} cancelled, {leaked} descriptors left open", flush=True
        )
        worst = max(worst, leaked)
    return 1 if worst else 0


if __name__ == "__main__":
    sys.exit(main())
