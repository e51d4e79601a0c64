"""What the sandbox itself costs, so that it never hides the speed of a client.

    python -m benchmarks.sandbox [--payouts 5000] [--requests 200000]

Payouts a second in process (raw ASGI calls) and over a socket (raw HTTP on kept connections, the
server in a process of its own), and the memory before and after many requests that create nothing,
with a webhook receiver on. The figures a CPU second are what a quiet core would do.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import multiprocessing.connection
import os
import time
from pathlib import Path
from typing import Any

from glomo.sandbox import Sandbox
from glomo.sandbox.engine.webhooks import deliveries

CONNECTIONS = 16
PAYOUT = {
    "beneficiary_id": "bene_supplier",
    "purpose_code": "S1005",
    "source_currency": "USD",
    "destination_currency": "INR",
    "source_amount": 1000,
    "payment_rail": "neft",
}


def sandbox() -> Sandbox:
    instance = Sandbox(rate_limit=None)
    instance.add_beneficiary("bene_supplier")
    return instance


def payout(number: int) -> bytes:
    return json.dumps({**PAYOUT, "request_id": f"req-{number}"}).encode()


class Caller:
    """Calls an ASGI application without any HTTP client."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, method: str, path: str, body: bytes = b"") -> int:
        path, _, query = path.partition("?")
        messages: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            messages.append(message)

        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "scheme": "http",
            "headers": [
                (b"authorization", b"Bearer secret"),
                (b"content-type", b"application/json"),
            ],
            "client": ("127.0.0.1", 5),
            "server": ("sandbox", 80),
        }
        await self._app(scope, receive, send)
        return int(messages[0]["status"])


async def in_process(payouts: int) -> None:
    instance = sandbox()
    call = Caller(instance.app)
    for number in range(200):
        await call("POST", "/api/v1/payouts", payout(-1 - number))
    wall, cpu = time.perf_counter(), time.process_time()
    for number in range(payouts):
        assert await call("POST", "/api/v1/payouts", payout(number)) == 201
    report("in process", payouts, time.perf_counter() - wall, time.process_time() - cpu)
    instance.engine.check()


def serve(pipe: multiprocessing.connection.Connection) -> None:
    with sandbox().serve() as server:
        pipe.send(server.origin)
        pipe.recv()
        pipe.send(time.process_time())
        pipe.recv()
        pipe.send(time.process_time())
        pipe.recv()


async def over_a_socket(payouts: int) -> None:
    parent_end, child_end = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(child_end,))
    process.start()
    try:
        host, _, port = str(parent_end.recv()).removeprefix("http://").partition(":")
        numbers = iter(range(-200, payouts))

        async def worker(share: int) -> None:
            reader, writer = await asyncio.open_connection(host, int(port))
            for _ in range(share):
                body = payout(next(numbers))
                writer.write(
                    b"POST /api/v1/payouts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\n"
                    b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
                    % (len(body), body)
                )
                head = await reader.readuntil(b"\r\n\r\n")
                assert head.startswith(b"HTTP/1.1 201"), head
                length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
                await reader.readexactly(int(length))
            writer.close()

        await worker(200)
        parent_end.send("start")
        before = parent_end.recv()
        wall = time.perf_counter()
        share = payouts // CONNECTIONS
        await asyncio.gather(*(worker(share) for _ in range(CONNECTIONS)))
        wall = time.perf_counter() - wall
        parent_end.send("stop")
        report("over a socket", share * CONNECTIONS, wall, parent_end.recv() - before)
        parent_end.send("end")
    finally:
        process.join(10)
        process.terminate()


async def memory(requests: int) -> None:
    instance = sandbox()
    call = Caller(instance.app)
    instance.webhooks.add_receiver(lambda _: None)
    assert await call("POST", "/api/v1/payouts", payout(1)) == 201
    payout_id = instance.ledger.payouts[0]["id"]
    mix = (
        ("GET", "/api/v1/balances", b""),
        ("GET", f"/api/v1/payouts/{payout_id}", b""),
        ("GET", "/api/v1/payouts?request_id=req-1", b""),
        ("POST", "/api/v1/payouts", payout(1)),  # 409
        ("POST", "/api/v1/payouts", b'{"source_amount": "1"}'),  # 400
        ("GET", "/api/v1/payouts/payout_nobody", b""),
    )

    async def send(count: int) -> None:
        for number in range(count):
            method, path, body = mix[number % len(mix)]
            await call(method, path, body)
            if number % 8 == 0:
                instance.webhooks.trigger("payout.success")

    warm = 8 * deliveries.MOST_EVENTS  # from here on the logs are full
    await send(warm)
    before = resident()
    await send(requests)
    after = resident()
    print(
        f"memory          {before:7.1f} MB -> {after:.1f} MB over {requests:,} requests and "
        f"{requests // 8:,} webhooks (after {warm:,} to fill the logs)"
    )


def resident() -> float:
    """Megabytes of this process in memory; Linux only."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def report(name: str, payouts: int, wall: float, cpu: float) -> None:
    print(
        f"{name:<15} {payouts / wall:8,.0f} payouts/s   {payouts / cpu:8,.0f} a CPU second   "
        f"{cpu / payouts * 1e6:6.0f} us each"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sandbox", description=__doc__)
    parser.add_argument("--payouts", type=int, default=5_000)
    parser.add_argument("--requests", type=int, default=200_000)
    arguments = parser.parse_args()
    asyncio.run(in_process(arguments.payouts))
    asyncio.run(over_a_socket(arguments.payouts))
    if arguments.requests:
        asyncio.run(memory(arguments.requests))


if __name__ == "__main__":
    main()
