"""Pays a file, in a process of its own that a test can kill. Prints a line an event."""

from __future__ import annotations

import asyncio
import sys

from glomo import AsyncGlomo
from glomo.batch import Batch, runner


async def _shortly(seconds: float) -> None:
    await asyncio.sleep(seconds / 50)


async def pay(file: str, base_url: str, journal: str, results: str) -> None:
    runner._PAUSES = (0.0, 0.0)
    batch = Batch.from_csv(file, name="november")
    async with AsyncGlomo(base_url=base_url, rate_limit=None) as glomo:
        glomo._driver.sleep = _shortly
        async for event in batch.run(glomo, journal, concurrency=16):
            print(event, flush=True)
    report = batch.report()
    report.write_csv(results)
    print("left", report.unknown + report.not_sent, *report.discrepancies, flush=True)


if __name__ == "__main__":
    asyncio.run(pay(*sys.argv[1:]))
