"""One client's stay on a loop thread.

    OPEN ── CLOSING ── CLOSED
      └──────(void)──────┘

CLOSING lets calls in flight finish, for a while; CLOSED refuses calls. A session is void when its
loop was lost or the process forked: its client then opens another one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import anyio

from glomo.errors import ClosedError

from ._call import PendingCall, Stage
from ._hooks import this_process
from ._loop_thread import LoopEndedError, LoopThread
from ._tracebacks import hide_waiting_frames

__all__ = ["ClientSession"]


class ClientSession:
    """Runs one client's calls in a loop thread, and closes the client there.

    Args:
        thread: the loop thread.
        aclose: closes the asynchronous client; run in the loop.
        grace: seconds that calls in flight get to finish when the client is closed, again to end
            when they are cancelled, and that `aclose` may take.
    """

    def __init__(
        self, thread: LoopThread, aclose: Callable[[], Awaitable[object]], grace: float
    ) -> None:
        self.thread = thread
        self.calls: set[PendingCall[Any]] = set()
        self.closings: set[PendingCall[Any]] = set()
        self.closed = False
        self._aclose = aclose
        self._grace = grace
        self._ending: anyio.Event | None = None

    @classmethod
    def open(cls, aclose: Callable[[], Awaitable[object]], grace: float) -> ClientSession:
        """Open one on the thread of this process, which starts if there is none.

        Called with `Process.lock` held.

        Raises:
            ClosedError: the interpreter is exiting.
            Exception: why there is no loop, such as too many open files.
        """
        process = this_process()
        if process.exiting:
            raise ClosedError("The interpreter is exiting; the client is closed.")
        for thread in tuple(process.threads):
            session = cls(thread, aclose, grace)
            thread.sessions.add(session)
            if not thread.closing:
                return session
            thread.leave(session)
        thread = LoopThread()
        session = cls(thread, aclose, grace)
        thread.sessions.add(session)
        thread.start()
        return session

    @property
    def valid(self) -> bool:
        """Whether its thread takes calls, in this process."""
        return not self.thread.ended and self.thread.process is this_process()

    def forsake(self) -> None:
        """Wait for the end of a loop that was lost, so that nothing of it runs any more."""
        if self.thread.process is this_process():
            self.thread.join()

    @property
    def patience(self) -> float:
        """Seconds after which a close that has not ended never will."""
        return 3 * self._grace + 1

    def run(self, call: PendingCall[Any]) -> bool:
        """Run the call in the loop and wait for its end.

        Returns:
            Whether it has ended; False if it never began because the loop has ended.

        Raises:
            BaseException: what interrupted this thread, with a note of what became of the call.
        """
        self.calls.add(call)
        try:
            return self._cross(call)
        except BaseException as interruption:
            hide_waiting_frames(interruption)
            try:
                call.give_up(interruption, self.thread.post, grace=self._grace)
            finally:
                self.thread.post(lambda: self._forget(call))
            raise

    def run_soon(self, call: PendingCall[Any]) -> None:
        """Run the call in the loop, with nobody waiting for it. Takes no lock."""

        def begin() -> None:
            if not self.thread.ended:
                self.calls.add(call)
                self.thread.tasks.start_soon(self._run, call)

        self.thread.post(begin)

    def close(self, *, wait: bool = True) -> None:
        """Let calls in flight finish, cancel those that do not, and close the client.

        Args:
            wait: False returns at once, and takes no lock.

        Raises:
            Exception: what the client's `aclose` raised.
        """
        closing = PendingCall(self._close, "close")
        self.closings.add(closing)
        if not wait or self.thread.is_current():
            self.run_soon(closing)
            return
        self.calls.add(closing)
        try:
            self._cross(closing)
        except BaseException:  # interrupted: what is left to do is hurried, and not waited for
            self.thread.post(closing.cancel)
            raise
        self.thread.join()
        if closing.stage is Stage.RAISED:
            closing.result()

    def _cross(self, call: PendingCall[Any]) -> bool:
        try:
            self.thread.run(call, lambda: self._run(call))
        except LoopEndedError:
            if not call.withdraw() and not call.over:
                raise
        if call.stage in (Stage.POSTED, Stage.LOST):
            self.thread.post(lambda: self._forget(call))
            return False
        return True

    # -- in the loop

    async def _run(self, call: PendingCall[Any]) -> None:
        if self.thread.ended:
            call.lose()
        elif self.closed and call not in self.closings:
            call.cancel()
        await call.run()
        self.calls.discard(call)
        self._tell_of_an_end()

    async def _close(self) -> None:
        try:
            with anyio.move_on_after(self._grace):
                await self._drained()
        finally:
            if not self.closed:
                self.closed = True
                for call in self.calls - self.closings:
                    call.cancel()
                try:
                    with anyio.move_on_after(self._grace, shield=True):
                        await self._drained()
                    with anyio.move_on_after(self._grace, shield=True):
                        await self._aclose()
                finally:
                    self.thread.leave(self)

    async def _drained(self) -> None:
        while not self.calls <= self.closings:
            await self._a_call_has_ended()

    async def _a_call_has_ended(self) -> None:
        self._ending = self._ending or anyio.Event()
        await self._ending.wait()

    def _forget(self, call: PendingCall[Any]) -> None:
        if call.over or call.stage is Stage.POSTED:
            self.calls.discard(call)
            self._tell_of_an_end()

    def _tell_of_an_end(self) -> None:
        if self._ending is not None:
            self._ending.set()
            self._ending = None
