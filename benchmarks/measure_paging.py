"""Reading a long list through the pager of each client."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

Walk = Callable[[], AsyncIterator[Any]]


def _glomo(transport: str) -> Callable[[str], Walk]:
    def make(origin: str) -> Walk:
        from glomo import AsyncGlomo

        glomo = AsyncGlomo(
            "sk-benchmark",
            base_url=f"{origin}/api",
            rate_limit=None,
            transport=transport,  # type: ignore[arg-type]
        )
        return lambda: aiter(glomo.payouts.list())

    return make


def _stripe(origin: str) -> Walk:
    import stripe

    client = stripe.StripeClient(
        "sk_test_x", base_addresses={"api": origin}, http_client=stripe.HTTPXClient(timeout=60)
    )

    async def walk() -> AsyncIterator[Any]:
        first = await client.v1.payouts.list_async({"limit": 100})
        async for payout in first.auto_paging_iter():
            yield payout

    return walk


def _modern_treasury(origin: str) -> Walk:
    from modern_treasury import AsyncModernTreasury

    client = AsyncModernTreasury(api_key="x", organization_id="x", base_url=origin)
    return lambda: aiter(client.payment_orders.list(per_page=100))


MAKERS = {
    "glomo": _glomo("httpx"),
    "glomo fast": _glomo("aiohttp"),
    "stripe (httpx)": _stripe,
    "modern-treasury": _modern_treasury,
}


async def _read(walk: Walk, objects: int) -> None:
    remaining = objects
    async for payout in walk():
        assert payout.id
        remaining -= 1
        if not remaining:
            return
    raise SystemExit(f"the list ended {remaining} objects early")


async def _measure(contender: str, objects: int, origin: str) -> dict[str, float]:
    walk = MAKERS[contender](origin)
    await _read(walk, objects // 10)  # warm, and the memory that a tenth takes
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cpu, wall = time.process_time(), time.perf_counter()
    await _read(walk, objects)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {
        "cpu_us": cpu / objects * 1e6,
        "per_second": objects / wall,
        "grown_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before,
    }


def measure(contender: str, variant: str, size: int, origin: str) -> dict[str, float]:
    """CPU an object, objects a second, and the memory that nine tenths of them added."""
    return asyncio.run(_measure(contender, size, origin))
