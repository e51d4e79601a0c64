"""Where the time of a call goes: by package, then by function.

python -m benchmarks profile create [--transport aiohttp] [--in-flight 200] [--calls 3000]
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import logging
import os
import pstats
import re
import sys
import time
import warnings
from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks.measure_create import MAKERS, run

_PACKAGE = re.compile(r"site-packages/([\w-]+)|/(glomo)/|/(asyncio)/")


def _package(file: str, function: str) -> str:
    match = _PACKAGE.search(file)
    if match:
        return next(name for name in match.groups() if name)
    for name in ("ssl", "socket", "select", "multidict", "yarl", "aiohttp", "asyncio"):
        if name in function:
            return name
    return "builtins" if file == "~" else "standard library"


async def _profile(transport: str, in_flight: int, calls: int, origin: str) -> tuple[Any, float]:
    call = MAKERS["glomo fast" if transport == "aiohttp" else "glomo"](origin, in_flight)
    await run(call, in_flight * 3, in_flight)
    started = time.process_time()
    await run(call, calls, in_flight)
    unprofiled = (time.process_time() - started) / calls * 1e6
    profiler = cProfile.Profile()
    profiler.enable()
    await run(call, calls, in_flight)
    profiler.disable()
    return pstats.Stats(profiler), unprofiled


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks profile")
    parser.add_argument("origin", help=argparse.SUPPRESS)
    parser.add_argument("what", choices=["create"])
    parser.add_argument("--transport", choices=["httpx", "aiohttp"], default="httpx")
    parser.add_argument("--in-flight", type=int, default=200)
    parser.add_argument("--calls", type=int, default=3000)
    parser.add_argument("--functions", type=int, default=40)
    arguments = parser.parse_args()
    # The client is left open, and would say so.
    logging.getLogger("asyncio").disabled = True
    warnings.simplefilter("ignore", ResourceWarning)
    stats, unprofiled = asyncio.run(
        _profile(arguments.transport, arguments.in_flight, arguments.calls, arguments.origin)
    )
    own_seconds: dict[str, float] = defaultdict(float)
    for (file, _, function), (_, _, seconds, _, _) in stats.stats.items():
        own_seconds[_package(file, function)] += seconds
    total = sum(own_seconds.values())
    print(
        f"{unprofiled:.0f} us a call; shares below are of "
        f"{total / arguments.calls * 1e6:.0f} profiled"
    )
    for package, seconds in sorted(own_seconds.items(), key=lambda item: -item[1]):
        if seconds / total > 0.005:
            print(
                f"  {package:<20}{seconds / arguments.calls * 1e6:>8.1f} us{seconds / total:>7.1%}"
            )
    print(f"\n{'own us':>8}{'calls':>7}  function")
    ordered = sorted(stats.stats.items(), key=lambda item: -item[1][2])[: arguments.functions]
    for (file, line, function), (_, count, seconds, _, _) in ordered:
        place = f"{Path(file).parent.name}/{Path(file).name}:{line} " if line else ""
        print(
            f"{seconds / arguments.calls * 1e6:>8.2f}{count / arguments.calls:>7.1f}  "
            f"{place}{function}"
        )
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
