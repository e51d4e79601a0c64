"""The bridge between blocking code and the asynchronous client behind it.

    caller's thread                                     loop's thread, one a process
    ───────────────                                     ────────────────────────────
    Bridge.call
      checks that it may block here      (_guards)
      PendingCall: what to run           (_call)
      ClientSession.run                  (_session)
        anyio.from_thread.run ─────────────────────────▶ PendingCall.run
            waits                                          the asynchronous client's method
            ◀──────────────────────────────────────────── its end
      returns the value or raises the error

Each of the modules named in brackets draws its states; `_loop_thread` says how they are kept
without locks, `_hooks` what happens at a fork and at exit. One verb ends everything, from the top
down: `Bridge.close` closes its session, and the last session to close ends the thread.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator
from typing import NoReturn, TypeVar

import anyio

from glomo.errors import ClosedError

from ._call import PendingCall
from ._guards import check_greenlets, check_running_loop
from ._hooks import this_process
from ._session import ClientSession
from ._tracebacks import hide_bridge_frames

__all__ = ["Bridge"]

T = TypeVar("T")

_GRACE = 5.0
_END = object()


class Bridge:
    """Carries a synchronous client's calls to its asynchronous client, and the outcomes back.

    All clients of a process share one event loop in one daemon thread, so that a hundred clients
    (one a merchant, say) cost one thread. The thread starts with the first call, and stops when the
    last client that made one is closed; closing one client leaves the others alone. Making a
    bridge starts nothing, so a client may be made before a process forks. A forked child gets its
    own loop at its first call; for this, as for a loop that was lost, `reset` is called first.

    Safe to use from any number of threads. The caller's context variables can be read by the call;
    what the call sets does not come back.

    Args:
        reset: drops everything in the asynchronous client that belongs to an event loop
            (connections, locks, limiter), without I/O and without awaiting.
        aclose: closes the asynchronous client; awaited in its event loop, unless it never ran.
        grace: seconds that calls in flight get to finish when the client is closed, and to end
            when they are cancelled.

    Raises:
        MonkeyPatchedError: gevent or eventlet has patched `threading`.
    """

    def __init__(
        self,
        *,
        reset: Callable[[], None],
        aclose: Callable[[], Awaitable[object]],
        grace: float = _GRACE,
    ) -> None:
        self._session: ClientSession | None = None
        self._closed = False
        self._reset = reset
        self._aclose = aclose
        self._grace = grace
        check_greenlets()

    def call(self, function: Callable[[], Awaitable[T]]) -> T:
        """Run what `function` returns in the event loop, and wait for its outcome.

        A call that is interrupted (Ctrl-C, a worker's time limit, any exception that a signal
        handler raises) is cancelled, its outcome awaited, and noted on the exception
        (`__notes__`): completed, failed, never begun, or unknown. A second Ctrl-C stops waiting.

        Args:
            function: makes the awaitable; called in the event loop's thread.

        Returns:
            What the awaitable returned.

        Raises:
            RunningLoopError: this thread runs an event loop. Nothing was sent.
            ClosedError: the client is closed. Nothing was sent.
            OutcomeUnknownError: the client was closed while the call was in flight.
            BaseException: whatever the awaitable raised.
        """
        try:
            return self._cross(function)
        except BaseException as error:
            hide_bridge_frames(error)
            raise

    def iterate(
        self, iterator: AsyncIterator[T], label: str | None = None
    ) -> Generator[T, None, None]:
        """Iterate over an asynchronous iterator, crossing the bridge once an item.

        So the items had better be pages. If the iteration is left early, an asynchronous generator
        is closed in the event loop, and nobody waits for that: a generator can be left anywhere,
        even by the garbage collector at exit.

        Args:
            iterator: used in the event loop only.
            label: what to call a step in messages.

        Raises:
            ClosedError: the client was closed meanwhile, or the process forked, or the event loop
                was lost; the iteration cannot go on.
            RunningLoopError, OutcomeUnknownError, BaseException: as for `call`.
        """

        async def step() -> T | object:
            return await anext(iterator, _END)

        session: ClientSession | None = None
        exhausted = False
        try:
            while True:
                try:
                    session = session or self._session_here()
                    item = self._cross(step, session, label or "iteration")
                except BaseException as error:
                    hide_bridge_frames(error)
                    raise
                if item is _END:
                    exhausted = True
                    return
                yield item  # type: ignore[misc]
        finally:
            if not exhausted and isinstance(iterator, AsyncGenerator):
                self._close_soon(iterator.aclose, session)

    def close(self) -> None:
        """Close the client: let calls in flight finish, then close its connections.

        Calls that have not finished after the grace period are cancelled. Closing again does
        nothing. A client that made no call in this process has nothing to close.

        Raises:
            Exception: what the asynchronous client's `aclose` raised.
        """
        if not self._closed:
            self._closed = True  # before it looks for a session: `_open` does the reverse
            if self._session is not None and self._session.valid:
                self._session.close()

    @property
    def closed(self) -> bool:
        return self._closed

    def __del__(self) -> None:
        # Waiting here could wait for ever, and so could taking a lock: post, and leave.
        session: ClientSession | None = getattr(self, "_session", None)
        if session is None or self._closed or sys.is_finalizing():
            return
        if session.valid:
            session.close(wait=False)

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "A Glomo client cannot be pickled or copied: it holds connections and a key. "
            "Make one in each process, or let the processes fork from the one that made it."
        )

    def _cross(
        self,
        function: Callable[[], Awaitable[T]],
        session: ClientSession | None = None,
        label: str | None = None,
    ) -> T:
        while True:
            local_session = self._session_here(session)
            call = PendingCall(function, label)
            try:
                if local_session.run(call):
                    return call.result()
            finally:
                # The error's frames lead back to the call: without this, only the garbage
                # collector would free what the caller's arguments hold.
                call.error = None

    def _session_here(self, expected: ClientSession | None = None) -> ClientSession:
        """The session on this process's loop thread, a new one after a fork or a lost loop."""
        check_greenlets()
        check_running_loop()
        session = self._session
        if session is None or self._closed or not session.valid:
            session = self._open()
        if expected is not None and session is not expected:
            raise ClosedError(
                "The event loop of this iteration is gone (the process forked, or its loop was "
                "lost). Start the iteration again."
            )
        return session

    def _open(self) -> ClientSession:
        with this_process().lock:
            if self._closed:
                raise ClosedError("This client is closed. Make a new one: Glomo().")
            session = self._session
            if session is None or not session.valid:  # else another thread has just opened it
                if session is not None:
                    session.forsake()
                    self._reset()
                session = self._session = ClientSession.open(self._aclose, self._grace)
                if self.closed:  # meanwhile, by a signal handler or another thread
                    session.close(wait=False)
            return session

    def _close_soon(
        self, aclose: Callable[[], Awaitable[None]], session: ClientSession | None
    ) -> None:
        if session is None or not session.valid or sys.is_finalizing():
            return

        async def close() -> None:
            with anyio.move_on_after(self._grace, shield=True):
                await aclose()

        session.run_soon(PendingCall(close, "close of an iteration"))
