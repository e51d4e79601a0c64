"""A typed synchronous `payouts.create`, or what comes nearest, in so many threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from benchmarks.measure_create import HEADERS, ORDER, PAYOUT, STRIPE_PAYOUT

Call = Callable[[], object]


def _glomo(transport: str) -> Callable[[str, int], Call]:
    def make(origin: str, threads: int) -> Call:
        from glomo_sync import Glomo

        glomo = Glomo(
            "sk-benchmark",
            base_url=f"{origin}/api",
            rate_limit=None,
            max_in_flight=threads,
            transport=transport,  # type: ignore[arg-type]
        )
        return lambda: glomo.payouts.create(**PAYOUT)  # type: ignore[arg-type]

    return make


def _stripe(origin: str, _threads: int) -> Call:
    import stripe

    client = stripe.StripeClient(
        "sk_test_x",
        base_addresses={"api": origin},
        http_client=stripe.RequestsClient(),
    )
    return lambda: client.v1.payouts.create(
        dict(STRIPE_PAYOUT),  # type: ignore[arg-type]
        {"idempotency_key": "req-7f3a9c20"},
    )


def _modern_treasury(origin: str, threads: int) -> Call:
    import httpx
    from modern_treasury import DefaultHttpxClient, ModernTreasury

    limits = httpx.Limits(max_connections=threads, max_keepalive_connections=threads)
    client = ModernTreasury(
        api_key="x",
        organization_id="x",
        base_url=origin,
        http_client=DefaultHttpxClient(limits=limits),
    )
    return lambda: client.payment_orders.create(**ORDER)  # type: ignore[call-overload]


def _httpx(origin: str, threads: int) -> Call:
    import httpx

    limits = httpx.Limits(max_connections=threads, max_keepalive_connections=threads)
    client = httpx.Client(limits=limits, timeout=60)

    def call() -> object:
        response = client.post(f"{origin}/api/v1/payouts", json=PAYOUT, headers=HEADERS)
        return response.raise_for_status().json()

    return call


def _requests(origin: str, threads: int) -> Call:
    import requests
    from requests.adapters import HTTPAdapter

    session = requests.Session()
    session.mount("http://", HTTPAdapter(pool_maxsize=threads))

    def call() -> object:
        url = f"{origin}/api/v1/payouts"
        response = session.post(url, json=PAYOUT, headers=HEADERS, timeout=60)
        response.raise_for_status()
        return response.json()

    return call


def _urllib3(origin: str, threads: int) -> Call:
    import urllib3

    pool = urllib3.PoolManager(maxsize=threads, timeout=60)

    def call() -> object:
        url = f"{origin}/api/v1/payouts"
        return pool.request("POST", url, json=PAYOUT, headers=HEADERS).json()

    return call


MAKERS: dict[str, Callable[[str, int], Call]] = {
    "glomo": _glomo("httpx"),
    "glomo fast": _glomo("aiohttp"),
    "stripe": _stripe,
    "modern-treasury": _modern_treasury,
    "bare httpx": _httpx,
    "bare requests": _requests,
    "bare urllib3": _urllib3,
}


def _run(call: Call, calls: int, threads: int) -> None:
    """Make so many calls, in so many threads."""
    remaining = iter(range(calls))

    def work() -> None:
        for _ in remaining:
            call()

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def measure(contender: str, variant: str, size: int, origin: str) -> dict[str, float]:
    """CPU a call, of all threads together, and calls a second."""
    threads = int(variant)
    call = MAKERS[contender](origin, threads)
    _run(call, max(threads * 4, 50), threads)
    cpu, wall = time.process_time(), time.perf_counter()
    _run(call, size, threads)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {"cpu_us": cpu / size * 1e6, "per_second": size / wall}
