"""Reading a long list through the pagers of several clients, on the same objects.

    python -m benchmarks.read_pages [--objects 100000] [--rounds 3]

Objects a second, CPU microseconds an object, how many times faster glomo is, and the memory that
reading added: what a tenth of the list adds, the whole list adds too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from benchmarks.contest import best, local_server

CLIENTS = ("glomo", "stripe", "modern-treasury")

Walk = Callable[[], AsyncIterator[Any]]


def glomo_walk(origin: str) -> Walk:
    from glomo import AsyncGlomo

    glomo = AsyncGlomo("sk-benchmark", base_url=f"{origin}/api", rate_limit=None)
    return lambda: aiter(glomo.payouts.list())


def stripe_walk(origin: str) -> Walk:
    import stripe

    client = stripe.StripeClient(
        "sk_test_x", base_addresses={"api": origin}, http_client=stripe.HTTPXClient(timeout=60)
    )

    async def walk() -> AsyncIterator[Any]:
        first = await client.v1.payouts.list_async({"limit": 100})
        async for payout in first.auto_paging_iter():
            yield payout

    return walk


def modern_treasury_walk(origin: str) -> Walk:
    from modern_treasury import AsyncModernTreasury

    client = AsyncModernTreasury(api_key="x", organization_id="x", base_url=origin)
    return lambda: aiter(client.payment_orders.list(per_page=100))


MAKERS = {"glomo": glomo_walk, "stripe": stripe_walk, "modern-treasury": modern_treasury_walk}


async def read(walk: Walk, objects: int) -> None:
    left = objects
    async for payout in walk():
        assert payout.id
        left -= 1
        if not left:
            return
    raise SystemExit(f"the list ended {left} objects early")


def peak_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


async def contestant(client: str, origin: str, objects: int) -> dict[str, float]:
    walk = MAKERS[client](origin)
    await read(walk, objects // 10)  # warm, and the memory that a tenth takes
    before = peak_kib()
    cpu, wall = time.process_time(), time.perf_counter()
    await read(walk, objects)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {
        "per_second": objects / wall,
        "cpu_us": cpu / objects * 1e6,
        "grown_kib": peak_kib() - before,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objects", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one", nargs=2, metavar=("CLIENT", "ORIGIN"))
    given = parser.parse_args()
    if given.one:
        client, origin = given.one
        print(json.dumps(asyncio.run(contestant(client, origin, given.objects))))
        return
    print(f"{given.objects} objects, best of {given.rounds} runs")
    header = (
        f"{'client':<16}{'objects/s':>11}{'CPU us/object':>15}{'glomo is':>12}{'grown KiB':>11}"
    )
    print(header)
    with local_server() as origin:
        entries = [["--objects", str(given.objects), "--one", c, origin] for c in CLIENTS]
        figures_of = best("benchmarks.read_pages", entries, given.rounds)
    ours = figures_of[0]["per_second"]
    for client, figures in zip(CLIENTS, figures_of, strict=True):
        rate, cpu, grown = figures["per_second"], figures["cpu_us"], figures["grown_kib"]
        print(f"{client:<16}{rate:>11.0f}{cpu:>15.1f}{ours / rate:>11.1f}x{grown:>11.0f}")


if __name__ == "__main__":
    main()
