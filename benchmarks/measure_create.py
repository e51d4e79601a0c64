"""A typed `payouts.create`, or what comes nearest, with so many in flight."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

Call = Callable[[], Awaitable[object]]

PAYOUT = {
    "beneficiary_id": "bene_5JU9yv0lGSUP",
    "source_currency": "USD",
    "destination_currency": "INR",
    "source_amount": 100000,
    "payment_rail": "neft",
    "purpose_code": "S0017",
    "request_id": "req-7f3a9c20",
}
STRIPE_PAYOUT = {"amount": 100000, "currency": "usd", "destination": "ba_1", "description": "S0017"}
ORDER = {
    "amount": 100000,
    "currency": "USD",
    "direction": "credit",
    "originating_account_id": "a",
    "receiving_account_id": "b",
    "type": "ach",
    "idempotency_key": "req-7f3a9c20",
}
HEADERS = {"authorization": "Bearer x"}


def _glomo(transport: str) -> Callable[[str, int], Call]:
    def make(origin: str, in_flight: int) -> Call:
        from glomo import AsyncGlomo

        glomo = AsyncGlomo(
            "sk-benchmark",
            base_url=f"{origin}/api",
            rate_limit=None,
            max_in_flight=in_flight,
            transport=transport,  # type: ignore[arg-type]
        )
        return lambda: glomo.payouts.create(**PAYOUT)  # type: ignore[arg-type]

    return make


def _stripe(http: str) -> Callable[[str, int], Call]:
    def make(origin: str, _in_flight: int) -> Call:
        import stripe

        # Its pools cannot be sized: 100 connections of httpx, 100 of aiohttp.
        chosen = stripe.HTTPXClient(timeout=60) if http == "httpx" else stripe.AIOHTTPClient()
        client = stripe.StripeClient(
            "sk_test_x", base_addresses={"api": origin}, http_client=chosen
        )
        return lambda: client.v1.payouts.create_async(
            dict(STRIPE_PAYOUT),  # type: ignore[arg-type]
            {"idempotency_key": "req-7f3a9c20"},
        )

    return make


def _modern_treasury(origin: str, in_flight: int) -> Call:
    import httpx
    from modern_treasury import AsyncModernTreasury, DefaultAsyncHttpxClient

    limits = httpx.Limits(max_connections=in_flight, max_keepalive_connections=in_flight)
    client = AsyncModernTreasury(
        api_key="x",
        organization_id="x",
        base_url=origin,
        http_client=DefaultAsyncHttpxClient(limits=limits),
    )
    return lambda: client.payment_orders.create(**ORDER)  # type: ignore[call-overload,no-any-return]


def _httpx(origin: str, in_flight: int) -> Call:
    import httpx

    limits = httpx.Limits(max_connections=in_flight, max_keepalive_connections=in_flight)
    client = httpx.AsyncClient(limits=limits, timeout=60)

    async def call() -> object:
        response = await client.post(f"{origin}/api/v1/payouts", json=PAYOUT, headers=HEADERS)
        return response.raise_for_status().json()

    return call


def _aiohttp(origin: str, _in_flight: int) -> Call:
    import aiohttp

    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=60)
    )

    async def call() -> object:
        url = f"{origin}/api/v1/payouts"
        async with session.post(url, json=PAYOUT, headers=HEADERS) as response:
            response.raise_for_status()
            return await response.json()

    return call


MAKERS: dict[str, Callable[[str, int], Call]] = {
    "glomo": _glomo("httpx"),
    "glomo fast": _glomo("aiohttp"),
    "stripe (httpx)": _stripe("httpx"),
    "stripe (aiohttp)": _stripe("aiohttp"),
    "modern-treasury": _modern_treasury,
    "bare httpx": _httpx,
    "bare aiohttp": _aiohttp,
}


async def run(call: Call, calls: int, in_flight: int) -> None:
    """Make so many calls, so many at once."""
    remaining = iter(range(calls))

    async def worker() -> None:
        for _ in remaining:
            await call()

    await asyncio.gather(*(worker() for _ in range(in_flight)))


@contextmanager
def collections_timed() -> Iterator[list[float]]:
    """Collect the CPU seconds of each run of Python's garbage collector."""
    durations: list[float] = []
    began = 0.0

    def note(phase: str, _info: dict[str, int]) -> None:
        nonlocal began
        if phase == "start":
            began = time.process_time()
        else:
            durations.append(time.process_time() - began)

    gc.callbacks.append(note)
    yield durations
    gc.callbacks.remove(note)


async def _measure(contender: str, in_flight: int, calls: int, origin: str) -> dict[str, float]:
    call = MAKERS[contender](origin, in_flight)
    first = max(in_flight * 2, 100)
    cpu = time.process_time()
    await run(call, first, in_flight)  # opens every connection, and warms the caches
    first_cpu = time.process_time() - cpu
    calls = max(calls, in_flight * 3)
    with collections_timed() as collections:
        cpu, wall = time.process_time(), time.perf_counter()
        await run(call, calls, in_flight)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {
        "cpu_us": cpu / calls * 1e6,
        "per_second": calls / wall,
        "gc_us": sum(collections) / calls * 1e6,
        "first_calls_us": first_cpu / first * 1e6,
    }


def measure(contender: str, variant: str, size: int, origin: str) -> dict[str, float]:
    """CPU a call, calls a second, and of the CPU what the garbage collector took.

    Also CPU a call of those before, which open the connections: two for each.
    """
    return asyncio.run(_measure(contender, int(variant), size, origin))
