"""What it costs to carry a call from blocking code to the event loop and back.

    python -m benchmarks.crossing

The call does nothing, so all that is left is the crossing. The contenders take turns in one run;
each figure is the median of its rounds, with the ratio to the cheapest way there is.
"""

from __future__ import annotations

import asyncio
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from anyio import from_thread
from anyio.from_thread import start_blocking_portal
from anyio.lowlevel import current_token

from glomo_sync._bridge import Bridge

ROUNDS = 25
CALLS = 400

Crossing = Callable[[], object]


async def noop() -> None:
    """The call."""


@contextmanager
def loop_in_a_thread() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def contenders(stack: ExitStack) -> dict[str, Crossing]:
    loop = stack.enter_context(loop_in_a_thread())
    portal = stack.enter_context(start_blocking_portal())
    token = portal.call(current_token)
    bridge = Bridge(reset=lambda: None, aclose=noop)
    stack.callback(bridge.close)
    return {
        "asyncio.run_coroutine_threadsafe": lambda: asyncio.run_coroutine_threadsafe(
            noop(), loop
        ).result(),
        "anyio.from_thread.run, with a token": lambda: from_thread.run(noop, token=token),
        "glomo_sync": lambda: bridge.call(noop),
        "anyio's blocking portal": lambda: portal.call(noop),
    }


def seconds_a_call(crossing: Crossing) -> float:
    start = time.perf_counter()
    for _ in range(CALLS):
        crossing()
    return (time.perf_counter() - start) / CALLS


def main() -> None:
    with ExitStack() as stack:
        crossings = contenders(stack)
        rounds: dict[str, list[float]] = {name: [] for name in crossings}
        for crossing in crossings.values():
            seconds_a_call(crossing)  # warms up
        for _ in range(ROUNDS):
            for name, crossing in crossings.items():
                rounds[name].append(seconds_a_call(crossing))
    medians = {name: statistics.median(times) for name, times in rounds.items()}
    minimum = min(medians.values())
    for name, median in medians.items():
        spread = statistics.quantiles(rounds[name], n=10)
        print(
            f"{name:36} {median * 1e6:6.1f} us   {median / minimum:4.2f}x   "
            f"(8 of 10 rounds: {spread[0] * 1e6:.1f} to {spread[-1] * 1e6:.1f})"
        )


if __name__ == "__main__":
    main()
