"""A payout batch with its durable journal, and resuming it once every row is settled."""

from __future__ import annotations

import asyncio
import csv
import resource
import tempfile
import time
from pathlib import Path

_COLUMNS = (
    *("reference", "beneficiary_id", "source_currency", "destination_currency"),
    *("source_amount_minor", "payment_rail", "purpose_code"),
)


def _write(path: Path, rows: int) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for n in range(rows):
            writer.writerow(
                (f"row-{n:07d}", "bene_5JU9yv0lGSUP", "USD", "INR", 1000 + n, "neft", "S0017")
            )


async def _pay(transport: str, path: Path, origin: str) -> int:
    from glomo import AsyncGlomo
    from glomo.batch import Batch

    batch = Batch.from_csv(path)
    accepted = 0
    async with AsyncGlomo(
        "sk-benchmark",
        base_url=f"{origin}/api",
        rate_limit=None,
        transport=transport,  # type: ignore[arg-type]
    ) as glomo:
        async for _ in batch.run(glomo, journal=path.with_suffix(".journal")):
            accepted += 1
    report = batch.report()
    assert report.ok, report
    return accepted


def measure(contender: str, variant: str, size: int, origin: str) -> dict[str, float]:
    """CPU a row, rows a second, the memory at its highest, and the time of a rerun."""
    transport = "aiohttp" if contender == "glomo fast" else "httpx"
    with tempfile.TemporaryDirectory(prefix="glomo-benchmark-") as folder:
        path = Path(folder) / "payouts.csv"
        _write(path, size)
        cpu, wall = time.process_time(), time.perf_counter()
        asyncio.run(_pay(transport, path, origin))
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        second_start = time.perf_counter()
        asyncio.run(_pay(transport, path, origin))
        second_start = time.perf_counter() - second_start
    return {
        "cpu_us": cpu / size * 1e6,
        "per_second": size / wall,
        "resume_seconds_per_100k": second_start / size * 100_000,
        "peak_mib": peak,
    }
