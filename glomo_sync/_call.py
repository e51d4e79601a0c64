"""One call on its way across: run by the loop's thread, awaited by the caller's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from enum import Enum
from threading import Lock
from typing import Generic, TypeVar, cast

from anyio import CancelScope

from glomo.errors import ClosedError, OutcomeUnknownError

__all__ = ["Call"]

T = TypeVar("T")


class _Stage(Enum):
    POSTED = "posted"  # nothing has run yet, so nothing was sent
    RUNNING = "running"
    RETURNED = "returned"
    RAISED = "raised"
    CANCELLED = "cancelled"
    REFUSED = "refused"  # ended without having run


class Call(Generic[T]):
    """The awaitable that `function` makes, and what became of it.

    Methods marked *loop* run in the loop's thread only (or, once the loop has ended, in what is
    left of that thread), so that a call has one writer and needs no lock of its own.

    Args:
        function: makes the awaitable; called in the loop's thread.
        label: what to call it in messages; by default the name of the coroutine.
    """

    __slots__ = (
        "_ended",
        "_function",
        "_label",
        "_notes",
        "_scope",
        "_stage",
        "_value",
        "error",
        "retry",
    )

    def __init__(self, function: Callable[[], Awaitable[T]], label: str | None = None) -> None:
        self._function = function
        self._label = label
        self._stage = _Stage.POSTED
        self._scope: CancelScope | None = None
        self._notes: list[str] = []
        self._value: T | None = None
        self.error: BaseException | None = None
        self.retry = False  # it ended unstarted with its loop; another loop can run it
        # A bare lock, held until the end, is the cheapest thing that one thread can wait on
        # for another, and its acquire() can be interrupted by a signal.
        self._ended = Lock()
        self._ended.acquire()

    # -- the loop's side

    async def run(self) -> None:
        """*loop*: Run to the end. Never raises: the outcome belongs to the caller's thread."""
        if self._stage is not _Stage.POSTED:
            return
        self._stage = _Stage.RUNNING
        returned = False
        try:
            with CancelScope() as self._scope:
                self._value = await self._awaitable()
                returned = True
        except asyncio.CancelledError:
            self._end(_Stage.CANCELLED, self._unknown("its task was cancelled"))
        # SystemExit and KeyboardInterrupt too: left alone, one would end the loop for everybody.
        except BaseException as error:
            self._end(_Stage.RAISED, error)
        else:
            if returned:
                self._end(_Stage.RETURNED)
            else:
                self._end(_Stage.CANCELLED, self._unknown("the client was closed"))

    async def _awaitable(self) -> T:
        awaitable = self._function()
        if self._label is None:
            self._label = getattr(awaitable, "__qualname__", None)
        try:
            return await awaitable
        except asyncio.CancelledError as cancelled:
            self._notes.extend(getattr(cancelled, "__notes__", ()))
            raise

    def cancel(self) -> None:
        """*loop*: Cancel it, or see to it that it never starts."""
        if self._stage is _Stage.POSTED:
            self._end(_Stage.REFUSED)
        elif self._scope is not None:
            self._scope.cancel()

    def refuse(self) -> None:
        """*loop*: End it unstarted, because the client is closed."""
        self._end(_Stage.REFUSED, ClosedError("This client is closed. Make a new one: Glomo()."))

    def lose(self) -> None:
        """*loop*: The loop has ended. What had not started can be posted to the next one."""
        if self._stage is _Stage.POSTED:
            self.retry = True
            self._end(_Stage.REFUSED)
        elif self._stage is _Stage.RUNNING:
            self._end(_Stage.CANCELLED, self._unknown("its event loop ended"))

    def _end(self, stage: _Stage, error: BaseException | None = None) -> None:
        if not self._over:
            self._stage, self.error = stage, error
            self._ended.release()

    def _unknown(self, reason: str) -> OutcomeUnknownError:
        error = OutcomeUnknownError(
            f"{self.label}: {reason} while the call was in flight, so its outcome is unknown.",
            operation=self.label,
            how_to_find_out="Look the object up (by request_id, where the call has one) before "
            "repeating the call.",
        )
        for note in self._notes:
            error.add_note(note)
        return error

    # -- the caller's side

    @property
    def _over(self) -> bool:
        return self._stage not in (_Stage.POSTED, _Stage.RUNNING)

    @property
    def label(self) -> str:
        return self._label or "glomo call"

    @property
    def raised(self) -> bool:
        """Whether it ended with an exception of its own."""
        return self._stage is _Stage.RAISED

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end, at most `timeout` seconds; whether it came. For one thread only."""
        # A signal may raise right after acquire(), so who has waited is not told by the lock.
        if self._over:
            return True
        return self._ended.acquire(timeout=-1 if timeout is None else timeout)

    def result(self) -> T:
        """What the awaitable returned, or raise what it raised."""
        if self.error is not None:
            raise self.error
        return cast("T", self._value)

    def give_up(
        self,
        interruption: BaseException,
        post: Callable[[Callable[[], None]], None],
        *,
        grace: float,
    ) -> None:
        """The caller was interrupted (Ctrl-C, a time limit): cancel, await the outcome, note it.

        Args:
            interruption: what was raised in the caller's thread; it gets the note.
            post: runs a function in the loop's thread, after everything posted before.
            grace: seconds to wait for the cancelled call to end.
        """
        try:
            post(self.cancel)
            self.wait(grace)
        except BaseException as again:
            again.add_note(self._outcome())
            raise
        interruption.add_note(self._outcome())
        for note in self._notes:
            interruption.add_note(note)

    def _outcome(self) -> str:
        match self._stage:
            case _Stage.POSTED | _Stage.REFUSED:
                return f"{self.label}: interrupted before the call began; nothing was sent."
            case _Stage.RETURNED:
                made = getattr(self._value, "id", None)
                what = type(self._value).__name__ + (f" {made}" if isinstance(made, str) else "")
                return f"{self.label}: the call had completed when interrupted; it returned {what}."
            case _Stage.RAISED:
                error = f"{type(self.error).__name__}: {self.error}"
                return f"{self.label}: the call had failed when interrupted, with {error}"
            case _Stage.RUNNING | _Stage.CANCELLED:
                return (
                    f"{self.label}: interrupted while the call was in flight, so its outcome is "
                    f"unknown. Look the object up (by request_id, where the call has one) before "
                    f"repeating the call."
                )
