"""The thread whose event loop runs every client of this process.

`anyio.run` runs the loop, and `anyio.from_thread.run` carries a call across in one hop and brings
its end back. anyio's own `BlockingPortal` takes two hops, and `start_blocking_portal` is a
generator that waits for its loop when it is finalised: for ever at interpreter exit or in a forked
child. What is added here is what anyio does not do:

- a `SystemExit` or `KeyboardInterrupt` in a task that a client started does not end the loop;
- no caller waits for a loop that has ended: it closes when all of them have been told;
- functions can be posted without waiting, and without taking a lock (`post`): from `__del__`, or
  before a fork.

    STARTING ── SERVING ── CLOSING ── ENDED
                   └─────(lost)────────┘

A thread is CLOSING from the moment its last session has left: it takes no more sessions, and ends
when it has none. It is lost if somebody stops its loop.

No lock guards these states, because `__del__` and signal handlers change them too. Instead, each
side makes its own mark before it looks for the other's, so that at least one of them sees both:

    a caller enters its call in `calls`, then looks at `ended`
    the thread sets `ended`, then looks through `calls`
    a client enters its session in `sessions`, then looks at `closing`
    the thread sets `closing`, then looks into `sessions`
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError
from contextlib import suppress
from contextvars import Context, copy_context
from threading import Event, Thread, current_thread
from typing import TYPE_CHECKING, Any

import anyio
from anyio import from_thread
from anyio.lowlevel import EventLoopToken, current_token

from glomo.errors import ClosedError

from ._call import PendingCall
from ._hooks import Process, this_process

if TYPE_CHECKING:
    from anyio.abc import TaskGroup

    from ._session import ClientSession

__all__ = ["LoopEndedError", "LoopFactory", "LoopThread", "set_event_loop_factory"]

LoopFactory = Callable[[], asyncio.AbstractEventLoop]

_STOPS = 100  # how often a loop that ends may be stopped while it tells its callers
_END_PATIENCE = 5.0  # seconds for the loop to end; the thread is a daemon if it does not

_loop_factory: LoopFactory = asyncio.new_event_loop


def set_event_loop_factory(factory: LoopFactory) -> None:
    """Choose the event loop that the synchronous clients run in, such as `uvloop.new_event_loop`.

    It holds for loops that start later: call it before the first call of the first client.

    Args:
        factory: makes an asyncio event loop; `asyncio.new_event_loop` is what is used otherwise.
    """
    global _loop_factory  # noqa: PLW0603
    _loop_factory = factory


class LoopEndedError(Exception):
    """The loop ended before it could run a function."""


class LoopThread:
    """One event loop in one daemon thread.

    Attributes:
        process: the process that it runs in.
        sessions: of the clients that use it.
        calls: that a thread is waiting for.
        tasks: what runs in the loop with nobody waiting. For code in the loop.
        closing: it takes no more sessions.
        ended: it takes no more calls.
    """

    tasks: TaskGroup

    def __init__(self) -> None:
        self.process: Process = this_process()
        self.sessions: set[ClientSession] = set()
        self.calls: set[PendingCall[Any]] = set()
        self.closing = False
        self.ended = False
        self._ready = Event()
        self._failure: BaseException | None = None
        self._context: Context
        self._loop: asyncio.AbstractEventLoop
        self._token: EventLoopToken
        self._empty: anyio.Event
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

    def run(
        self, call: PendingCall[Any], function: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        """Run a call in the loop, with this thread's context variables, and wait for its end.

        Args:
            call: what to tell if the loop ends.
            function: runs the call.

        Raises:
            LoopEndedError: the loop has ended, and the function probably never ran.
        """
        self.calls.add(call)
        try:
            if self._takes_calls():
                from_thread.run(function, token=self._token)
                return
        except (CancelledError, RuntimeError):
            if self._takes_calls():  # it came from a signal handler
                raise
        finally:
            self.calls.discard(call)
        raise LoopEndedError

    def post(self, function: Callable[[], object]) -> bool:
        """Run a function in the loop's thread after what was posted before; whether it will be."""
        try:
            self._loop.call_soon_threadsafe(function, context=self._context)
        except RuntimeError:  # the loop is closed
            return False
        return True

    def leave(self, session: ClientSession) -> None:
        """Strike a session off. The last one to leave ends the loop."""
        self.sessions.discard(session)
        self.post(self._end_if_empty)

    def is_current(self) -> bool:
        """Whether this code runs in the thread."""
        return current_thread() is self._thread

    def join(self) -> None:
        """Wait for the thread to end, if it is about to."""
        if self.closing and not self.is_current():
            self._thread.join(_END_PATIENCE)

    def close(self) -> None:
        """Close every session and end: what is left to do when the interpreter exits."""
        sessions = tuple(self.sessions)
        for session in sessions:
            session.close(wait=False)
        self.post(self._end_if_empty)
        self._thread.join(_END_PATIENCE + max((s.patience for s in sessions), default=0.0))

    # -- in the thread

    def _main(self) -> None:
        try:
            options = {"loop_factory": self._new_event_loop}
            anyio.run(self._serve, backend="asyncio", backend_options=options)
        # The loop is lost: somebody stopped it, or it could not be made. Nobody is there to tell
        # but whoever waits for the start; the next call starts another loop.
        except BaseException as error:
            self._failure = error
        finally:
            self.closing = self.ended = True
            self._ready.set()
            self.process.threads.discard(self)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._context = copy_context()  # tells anyio which loop a function runs in
        self._token = current_token()
        self._empty = anyio.Event()
        async with anyio.create_task_group() as self.tasks:
            self.process.threads.add(self)
            self._ready.set()
            await self._empty.wait()

    def _end_if_empty(self) -> None:
        if not self.sessions:
            self.closing = True
            if not self.sessions:
                self._empty.set()

    def _takes_calls(self) -> bool:
        return not self.ended

    def _new_event_loop(self) -> asyncio.AbstractEventLoop:
        loop = _loop_factory()
        run, close = loop.run_forever, loop.close

        def run_on() -> None:
            # asyncio throws these two out of the loop when a task raises them. The task has failed
            # then, and whoever awaits it is told; the loop can go on for the others.
            try:
                while True:
                    with suppress(SystemExit, KeyboardInterrupt):
                        return run()
            finally:
                self.closing = self.ended = True

        def let_go_and_close() -> None:
            for _ in range(_STOPS):
                if self.calls and not loop.is_running():
                    with suppress(RuntimeError):  # somebody has stopped it again
                        loop.run_until_complete(self._let_go())
            close()

        loop.run_forever = run_on  # type: ignore[method-assign]
        loop.close = let_go_and_close  # type: ignore[method-assign]
        return loop

    async def _let_go(self) -> None:
        for call in tuple(self.calls):
            call.lose()
        # A caller strikes its call off in its own thread, and could not tell this loop of it.
        while self.calls:  # noqa: ASYNC110
            await anyio.sleep(0.001)
