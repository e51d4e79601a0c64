"""The thread whose event loop runs every client of this process.

A blocking portal, like anyio's, which was measured first. Three things are different here. A call
crosses in one hop instead of two, at half the cost: anyio's `BlockingPortal.start_task_soon` waits
until the task exists. A Ctrl-C in that wait would lose the task; here the caller holds the call
before it is posted. And anyio's `start_blocking_portal` is a generator that waits for the loop when
it is finalised, for ever if that happens at interpreter exit or in a forked child.
"""

from __future__ import annotations

import asyncio
import atexit
import os
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from threading import Event, RLock, Thread, current_thread, local
from typing import Any

import anyio

from glomo.errors import ClosedError

from ._call import Call

__all__ = ["Lease", "LoopThread", "entrance", "standstill"]

_PAUSE_PATIENCE = 1.0  # seconds that a fork waits for a loop that is busy in one callback
_STOP_GRACE = 5.0  # seconds for the loop to end; the thread is a daemon if it does not


class LoopThread:
    """One event loop in one daemon thread. `start`, `submit`, `post` and `stop` are for others."""

    def __init__(self) -> None:
        self.leases: set[Lease] = set()
        self.ended = False
        self._calls: set[Call[Any]] = set()
        self._ready = Event()
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop
        self._stop: asyncio.Event
        self._tasks: set[asyncio.Task[None]] = set()  # asyncio itself holds them weakly
        self._thread = Thread(target=self._main, name="glomo-sync", daemon=True)

    def start(self) -> None:
        """Start the thread and wait until its loop takes calls.

        Raises:
            ClosedError: the interpreter is exiting.
            Exception: why there is no loop, such as too many open files.
        """
        try:
            self._thread.start()
        except RuntimeError as error:  # Python 3.12 and newer start no threads during exit
            raise ClosedError(f"The client's thread cannot start: {error}") from error
        self._ready.wait()
        if self._failure is not None:
            raise self._failure

    def submit(self, call: Call[Any], lease: Lease | None = None) -> None:
        """Have the call run with the values of this thread's context variables.

        It always ends: with its outcome, refused, or lost together with the loop.
        """
        self._calls.add(call)
        if not self._try_post(self._spawn, call, lease):
            self._calls.discard(call)
            call.lose()

    def post(self, function: Callable[[], None]) -> None:
        """Run a function in the loop's thread, after everything that was posted before."""
        self._try_post(function)

    def forget(self, call: Call[Any]) -> None:
        self._calls.discard(call)

    def is_current_thread(self) -> bool:
        return current_thread() is self._thread

    def stop(self) -> None:
        """End the loop and wait for its thread, within bounds."""
        self._try_post(self._stop.set)
        if not self.is_current_thread():
            self._thread.join(_STOP_GRACE)

    def close_all(self) -> None:
        """Close every client and stop: what is left to do when the interpreter exits."""
        leases = tuple(self.leases)
        closings = [(lease, lease.begin_shutdown()) for lease in leases]
        for lease, closing in closings:
            closing.wait(lease.patience)
        self.stop()

    def _try_post(self, function: Callable[..., object], *arguments: object) -> bool:
        try:
            self._loop.call_soon_threadsafe(function, *arguments)
        except RuntimeError:  # the loop is closed
            self.ended = True
            return False
        return True

    # -- in the thread

    def _main(self) -> None:
        try:
            with asyncio.Runner() as runner:
                self._loop = runner.get_loop()
                try:
                    self._run_until_stopped()
                finally:
                    self.ended = True
        # The loop is lost: somebody stopped it, or its selector failed. The calls learn of it
        # below, and the next one starts another loop.
        except BaseException as error:
            self._failure = error
        finally:
            self.ended = True
            self._ready.set()
            # The loop is closed, so nobody can post any more: these are all there will ever be.
            for call in tuple(self._calls):
                call.lose()

    def _run_until_stopped(self) -> None:
        serving = self._loop.create_task(self._serve())
        while not serving.done():
            # asyncio throws these out of the loop when a task that the client started raises them.
            # The task has failed then, and the loop can go on for the others.
            with suppress(SystemExit, KeyboardInterrupt):
                self._loop.run_until_complete(serving)

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        self._ready.set()
        await self._stop.wait()

    def _spawn(self, call: Call[Any], lease: Lease | None) -> None:
        if self.ended:
            return  # the loop runs its last rounds; `_main` lets the caller know
        if lease is not None and not lease.admit(call):
            self._calls.discard(call)
            call.refuse()
        else:
            task = self._loop.create_task(self._run(call, lease))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _run(self, call: Call[Any], lease: Lease | None) -> None:
        await call.run()
        self._calls.discard(call)
        if lease is not None:
            lease.finished(call)


class Lease:
    """One client's stay on one loop thread: it ends with the client, the loop or the process.

    Args:
        host: the loop thread.
        aclose: closes the asynchronous client; run in the loop.
        grace: seconds that calls in flight get to finish when the client is closed, and again
            that `aclose` may take.
    """

    def __init__(
        self, host: LoopThread, aclose: Callable[[], Awaitable[object]], grace: float
    ) -> None:
        self.host = host
        self.grace = grace
        self._aclose = aclose
        self._calls: set[Call[Any]] = set()
        self._idle = asyncio.Event()
        self._closed = False

    @property
    def valid(self) -> bool:
        return self.host is _process.host and not self.host.ended

    @property
    def patience(self) -> float:
        """Seconds after which a shutdown that has not ended never will."""
        return 3 * self.grace + 1

    def submit(self, call: Call[Any]) -> None:
        self.host.submit(call, self)

    def admit(self, call: Call[Any]) -> bool:
        """*loop*: Note a call that is about to run; False if the client is closed."""
        if not self._closed:
            self._calls.add(call)
        return not self._closed

    def finished(self, call: Call[Any]) -> None:
        """*loop*: A call has ended."""
        self._calls.discard(call)
        if not self._calls:
            self._idle.set()

    def begin_shutdown(self) -> Call[None]:
        """Post the shutdown, without waiting for it."""
        call = Call(self._shutdown, "close")
        self.host.submit(call)
        return call

    def retire(self) -> None:
        """Have the loop's thread do what `end` does, without waiting or taking a lock here."""
        self.host.submit(Call(self._retire, "close"))

    def end(self) -> None:
        """Shut down, wait for it, and stop the loop if this was the last client on it."""
        if self.host.is_current_thread():
            self.retire()
            return
        closing = self.begin_shutdown()
        try:
            closing.wait(self.patience)
        finally:
            if _process.leave(self):
                self.host.stop()
        if closing.raised:
            closing.result()

    async def _shutdown(self) -> None:
        with anyio.move_on_after(self.grace):
            await self._drained()
        if self._closed:
            return
        self._closed = True
        for call in tuple(self._calls):
            call.cancel()
        with anyio.move_on_after(self.grace):
            await self._drained()
        with anyio.move_on_after(self.grace):
            await self._aclose()

    async def _retire(self) -> None:
        try:
            await self._shutdown()
        finally:
            if _process.leave(self):
                self.host.stop()

    async def _drained(self) -> None:
        while self._calls:
            self._idle.clear()
            await self._idle.wait()


class _Process:
    """What belongs to this process, so that a forked child can start with a new one."""

    def __init__(self) -> None:
        # Re-entrant, for signal handlers: one may close the client that is making its first call.
        self.lock = RLock()
        self.host: LoopThread | None = None
        self.exiting = False

    def leave(self, lease: Lease) -> bool:
        """Strike the lease off; whether that leaves its loop thread without clients."""
        host = lease.host
        with self.lock:
            host.leases.discard(lease)
            if host.leases or self.host is not host:
                return False
            self.host = None
            return True


_process = _Process()

# Loop threads that stayed behind in the parent. The child must not finalise what belongs to them:
# closing a transport would take the parent's sockets out of the selector that both share.
_left_behind: list[LoopThread] = []


@contextmanager
def entrance() -> Generator[LoopThread, None, None]:
    """The loop thread of this process, started if there is none; nobody else moves meanwhile.

    Raises:
        ClosedError: the interpreter is exiting.
    """
    process = _process
    with process.lock:
        if process.exiting:
            raise ClosedError("The interpreter is exiting; the client is closed.")
        host = process.host
        if host is None or host.ended:
            host = LoopThread()
            host.start()
            process.host = host
        yield host


@contextmanager
def standstill() -> Generator[None, None, None]:
    """Nobody enters or leaves a loop thread of this process meanwhile."""
    with _process.lock:
        yield


class _Pause:
    """The loop stands still between two callbacks from `begin` to `end`.

    A fork amid a callback would leave the child whatever lock the callback held, for ever: that of
    a module it was importing, for one.
    """

    def __init__(self) -> None:
        self._begun = Event()
        self._ended = Event()

    def begin(self, host: LoopThread) -> None:
        host.post(self._stand_still)
        self._begun.wait(_PAUSE_PATIENCE)

    def end(self) -> None:
        self._ended.set()

    def _stand_still(self) -> None:
        self._begun.set()
        self._ended.wait(10 * _PAUSE_PATIENCE)


_forking = local()  # .pause: what the thread that forks has paused


def _before_fork() -> None:
    host = _process.host
    _forking.pause = None
    if host is not None and not host.ended and not host.is_current_thread():
        _forking.pause = _Pause()
        _forking.pause.begin(host)


def _after_fork_in_parent() -> None:
    pause: _Pause | None = getattr(_forking, "pause", None)
    if pause is not None:
        pause.end()


def _after_fork_in_child() -> None:
    global _process  # noqa: PLW0603
    if _process.host is not None:
        _left_behind.append(_process.host)
    # A new lock too: another thread of the parent may have held the old one.
    _process = _Process()


def _at_exit() -> None:
    with _process.lock:
        _process.exiting = True
        host = _process.host
    if host is not None and not host.ended:
        host.close_all()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=_after_fork_in_parent,
        after_in_child=_after_fork_in_child,
    )
# Registered at import, so it runs after the exit handlers of whoever imported this.
atexit.register(_at_exit)
