"""The bridge between blocking code and the asynchronous client behind it."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator
from typing import NoReturn, TypeVar

import anyio

from glomo.errors import ClosedError

from ._call import Call
from ._guards import check_greenlets, check_running_loop
from ._loop_thread import Lease, entrance, standstill
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
        self._lease: Lease | None = None
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

        lease: Lease | None = None
        exhausted = False
        try:
            while True:
                try:
                    lease = lease or self._lease_here()
                    item = self._cross(step, lease, label or "iteration")
                except BaseException as error:
                    hide_bridge_frames(error)
                    raise
                if item is _END:
                    exhausted = True
                    return
                yield item  # type: ignore[misc]
        finally:
            if not exhausted and isinstance(iterator, AsyncGenerator):
                self._close_soon(iterator.aclose, lease)

    def close(self) -> None:
        """Close the client: let calls in flight finish, then close its connections.

        Calls that have not finished after the grace period are cancelled. Closing again does
        nothing. A client that made no call in this process has nothing to close.

        Raises:
            Exception: what the asynchronous client's `aclose` raised.
        """
        with standstill():
            if self._closed:
                return
            self._closed = True
            lease = self._lease
        if lease is not None and lease.valid:
            lease.end()

    @property
    def closed(self) -> bool:
        return self._closed

    def __del__(self) -> None:
        # Waiting here could wait for ever, and so could taking a lock: post, and leave.
        lease: Lease | None = getattr(self, "_lease", None)
        if lease is None or self._closed or sys.is_finalizing():
            return
        if lease.valid:
            lease.retire()

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "A Glomo client cannot be pickled or copied: it holds connections and a key. "
            "Make one in each process, or let the processes fork from the one that made it."
        )

    def _cross(
        self,
        function: Callable[[], Awaitable[T]],
        lease: Lease | None = None,
        label: str | None = None,
    ) -> T:
        while True:
            here = self._lease_here(lease)
            call = Call(function, label)
            try:
                here.submit(call)
                call.wait()
                if not call.retry:
                    return call.result()
            except BaseException as error:
                if error is not call.error:
                    here.host.forget(call)
                    call.give_up(error, here.host.post, grace=self._grace)
                # The error's frames lead back to the call: without this, only the garbage
                # collector would free what the caller's arguments hold.
                call.error = None
                raise

    def _lease_here(self, expected: Lease | None = None) -> Lease:
        """The lease on this process's loop thread, a new one after a fork or a lost loop."""
        check_greenlets()
        check_running_loop()
        lease = self._lease
        if lease is None or self._closed or not lease.valid:
            lease = self._enter()
        if expected is not None and lease is not expected:
            raise ClosedError(
                "The event loop of this iteration is gone (the process forked, or its loop was "
                "lost). Start the iteration again."
            )
        return lease

    def _enter(self) -> Lease:
        self._refuse_if_closed()
        with entrance() as host:
            self._refuse_if_closed()
            lease = self._lease
            if lease is None or lease.host is not host:
                if lease is not None:
                    self._reset()
                lease = self._lease = Lease(host, self._aclose, self._grace)
                host.leases.add(lease)
            return lease

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise ClosedError("This client is closed. Make a new one: Glomo().")

    def _close_soon(self, aclose: Callable[[], Awaitable[None]], lease: Lease | None) -> None:
        if lease is None or not lease.valid or sys.is_finalizing():
            return

        async def close() -> None:
            with anyio.move_on_after(self._grace, shield=True):
                await aclose()

        lease.submit(Call(close, "close of an iteration"))
