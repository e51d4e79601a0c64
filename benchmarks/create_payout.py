"""What a typed `payouts.create` costs, beside other clients.

    python -m benchmarks.create_payout [--calls 3000] [--rounds 3]

CPU microseconds a call, calls a second, and each client's CPU as a multiple of glomo's, at 1, 50
and 200 in flight against a local server that answers at once.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from importlib.util import find_spec

from benchmarks.contest import best, local_server

CLIENTS = ("glomo", "httpx", "stripe", "modern-treasury")
IN_FLIGHT = (1, 50, 200)

Call = Callable[[], Awaitable[object]]


def glomo_call(origin: str, in_flight: int) -> Call:
    from glomo import AsyncGlomo

    glomo = AsyncGlomo(
        "sk-benchmark", base_url=f"{origin}/api", rate_limit=None, max_in_flight=in_flight
    )
    return lambda: glomo.payouts.create(
        beneficiary_id="bene_5JU9yv0lGSUP",
        source_currency="USD",
        destination_currency="INR",
        source_amount=100000,
        payment_rail="neft",
        purpose_code="S0017",
        request_id="req-7f3a9c20",
    )


def httpx_call(origin: str, in_flight: int) -> Call:
    import httpx

    limits = httpx.Limits(max_connections=in_flight, max_keepalive_connections=in_flight)
    client = httpx.AsyncClient(limits=limits, timeout=60)
    body = {
        "beneficiary_id": "bene_5JU9yv0lGSUP",
        "source_currency": "USD",
        "destination_currency": "INR",
        "source_amount": 100000,
        "payment_rail": "neft",
        "purpose_code": "S0017",
        "request_id": "req-7f3a9c20",
    }

    async def call() -> object:
        answer = await client.post(
            f"{origin}/api/v1/payouts", json=body, headers={"authorization": "Bearer x"}
        )
        return answer.raise_for_status().json()

    return call


def stripe_call(origin: str, _in_flight: int) -> Call:
    import stripe

    # Its pool cannot be sized: httpx's default of 100 connections.
    client = stripe.StripeClient(
        "sk_test_x",
        base_addresses={"api": origin},
        http_client=stripe.HTTPXClient(timeout=60),
    )
    return lambda: client.v1.payouts.create_async(
        {"amount": 100000, "currency": "usd", "destination": "ba_1", "description": "S0017"},
        {"idempotency_key": "req-7f3a9c20"},
    )


def modern_treasury_call(origin: str, in_flight: int) -> Call:
    import httpx
    from modern_treasury import AsyncModernTreasury, DefaultAsyncHttpxClient

    limits = httpx.Limits(max_connections=in_flight, max_keepalive_connections=in_flight)
    client = AsyncModernTreasury(
        api_key="x",
        organization_id="x",
        base_url=origin,
        http_client=DefaultAsyncHttpxClient(limits=limits),
    )
    return lambda: client.payment_orders.create(
        amount=100000,
        currency="USD",
        direction="credit",
        originating_account_id="a",
        receiving_account_id="b",
        type="ach",
        idempotency_key="req-7f3a9c20",
    )


MAKERS = {
    "glomo": glomo_call,
    "httpx": httpx_call,
    "stripe": stripe_call,
    "modern-treasury": modern_treasury_call,
}


async def run(call: Call, calls: int, in_flight: int) -> None:
    left = iter(range(calls))

    async def worker() -> None:
        for _ in left:
            await call()

    await asyncio.gather(*(worker() for _ in range(in_flight)))


async def contestant(client: str, origin: str, in_flight: int, calls: int) -> dict[str, float]:
    call = MAKERS[client](origin, in_flight)
    await run(call, max(in_flight * 2, 100), in_flight)  # connections and caches are warm
    cpu, wall = time.process_time(), time.perf_counter()
    await run(call, calls, in_flight)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {"cpu_us": cpu / calls * 1e6, "per_second": calls / wall}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one", nargs=3, metavar=("CLIENT", "ORIGIN", "IN_FLIGHT"))
    given = parser.parse_args()
    if given.one:
        client, origin, in_flight = given.one
        print(json.dumps(asyncio.run(contestant(client, origin, int(in_flight), given.calls))))
        return
    fast = "installed" if find_spec("sniffio") else "not installed"
    print(f"{given.calls} calls a run, best of {given.rounds} runs; the fast extra is {fast}")
    print(f"{'in flight':>9}  {'client':<16}{'CPU us/call':>12}{'calls/s':>9}{'CPU / glomo':>13}")
    with local_server() as origin:
        for in_flight in IN_FLIGHT:
            shared = ["--calls", str(given.calls)]
            entries = [[*shared, "--one", c, origin, str(in_flight)] for c in CLIENTS]
            figures_of = best("benchmarks.create_payout", entries, given.rounds)
            ours = figures_of[0]["cpu_us"]
            for client, figures in zip(CLIENTS, figures_of, strict=True):
                cpu, rate = figures["cpu_us"], figures["per_second"]
                print(f"{in_flight:>9}  {client:<16}{cpu:>12.0f}{rate:>9.0f}{cpu / ours:>13.2f}")


if __name__ == "__main__":
    main()
