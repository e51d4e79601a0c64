"""Event loops whose clock jumps to the next timer: hours pass in no time, in the right order."""

import asyncio
import heapq
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import anyio
import trio.testing

T = TypeVar("T")


class VirtualLoop(asyncio.SelectorEventLoop):
    """Waits for nothing: when all tasks sleep, it is the next one's time."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        timers: list[asyncio.TimerHandle] = self._scheduled  # type: ignore[attr-defined]
        while timers and timers[0].cancelled():
            self._timer_cancelled_count -= 1  # type: ignore[attr-defined]
            heapq.heappop(timers)._scheduled = False  # type: ignore[attr-defined]
        if not self._ready and not self._stopping:  # type: ignore[attr-defined]
            if not timers:
                raise AssertionError("every task waits for another: nothing will ever happen")
            self.now = max(self.now, timers[0].when())
        super()._run_once()  # type: ignore[misc]


def now() -> float:
    """The time of the running loop."""
    return anyio.current_time()


def trio_clock() -> trio.testing.MockClock:
    """The same for trio, beginning at the same time."""
    clock = trio.testing.MockClock(autojump_threshold=0)
    clock.jump(1000.0)
    return clock


def run(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run to the end in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main())


def pass_time(seconds: float) -> None:
    """Put the clock of the running event loop forward: time-outs pass at a moment that a test
    chooses, however slow the machine is."""
    loop = asyncio.get_running_loop()
    time = loop.time
    loop.time = lambda: time() + seconds  # type: ignore[method-assign]
