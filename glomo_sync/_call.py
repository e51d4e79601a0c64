"""One call on its way across: run in the loop's thread, awaited by the caller's.

                     ┌─ RETURNED    the caller gets the value
    POSTED ─ RUNNING ┼─ RAISED      the caller gets the exception
       │             └─ CANCELLED   its outcome is unknown: `OutcomeUnknownError`
       ├─ REFUSED                   it never ran: `ClosedError`, or the caller gave up
       └─ LOST                      it never ran, its loop has ended: post it to another one

The outcome is kept here and not in the future by which anyio brings it back. There, an interrupted
caller (Ctrl-C, a worker's time limit) would lose it, and a `SystemExit` would end the event loop
for every other caller.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from enum import Enum
from threading import Event
from typing import Generic, TypeVar, cast

from anyio import CancelScope

from glomo.errors import ClosedError, OutcomeUnknownError

__all__ = ["PendingCall", "Stage"]

T = TypeVar("T")


class Stage(Enum):
    """How far a call has come."""

    POSTED = "posted"  # nothing has run yet, so nothing was sent
    RUNNING = "running"
    RETURNED = "returned"
    RAISED = "raised"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    LOST = "lost"


class PendingCall(Generic[T]):
    """The awaitable that `function` makes, and what becomes of it.

    Methods marked *loop* run in the loop's thread only (or, once the loop has ended, in what is
    left of that thread), so that a call has one writer and needs no lock.

    Args:
        function: makes the awaitable; called in the loop's thread.
        label: what to call it in messages; by default the name of the coroutine.
    """

    __slots__ = ("_abandoned", "_ended", "_function", "_label", "_notes", "_scope", "_value",
                 "error", "stage")  # fmt: skip

    def __init__(self, function: Callable[[], Awaitable[T]], label: str | None = None) -> None:
        self._function = function
        self._label = label
        self._scope: CancelScope | None = None
        self._notes: tuple[str, ...] = ()
        self._value: T | None = None
        self._abandoned = False
        self._ended: Event | None = None
        self.stage = Stage.POSTED
        self.error: BaseException | None = None

    # -- the loop's side

    async def run(self) -> None:
        """*loop*: Run to the end. Never raises: the outcome belongs to the caller's thread."""
        if self.stage is not Stage.POSTED:
            return
        self.stage = Stage.RUNNING
        if self._abandoned:
            self._end(Stage.REFUSED)
            return
        returned = False
        try:
            # Shielded, because anyio puts the call into the cancel scope of the caller when that
            # is a worker thread of another event loop, which could not cancel it safely.
            with CancelScope(shield=True) as self._scope:
                self._value = await self._awaitable()
                returned = True
        except asyncio.CancelledError:
            self._end(Stage.CANCELLED, self._unknown("its task was cancelled"))
        # SystemExit and KeyboardInterrupt too: they are meant for the caller.
        except BaseException as error:
            self._end(Stage.RAISED, error)
        else:
            if returned:
                self._end(Stage.RETURNED)
            else:
                self._end(Stage.CANCELLED, self._unknown("the client was closed"))

    async def _awaitable(self) -> T:
        awaitable = self._function()
        if self._label is None:
            self._label = getattr(awaitable, "__qualname__", None)
        try:
            return await awaitable
        except asyncio.CancelledError as cancelled:
            self._notes = tuple(getattr(cancelled, "__notes__", ()))
            raise

    def cancel(self) -> None:
        """*loop*: Cancel it; if it has not begun, it never will."""
        if self.stage is Stage.POSTED:
            self._end(Stage.REFUSED, ClosedError("This client is closed. Make a new one: Glomo()."))
        elif self._scope is not None:
            self._scope.cancel()

    def lose(self) -> None:
        """*loop*: The loop is about to end."""
        if self.stage is Stage.POSTED:
            self._end(Stage.LOST)
        elif self.stage is Stage.RUNNING:
            self._end(Stage.CANCELLED, self._unknown("its event loop ended"))
            if self._scope is not None:
                self._scope.cancel()

    def _end(self, stage: Stage, error: BaseException | None = None) -> None:
        if not self.over:
            self.error = error
            self.stage = stage
            if self._ended is not None:
                self._ended.set()

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
    def over(self) -> bool:
        """Whether it has ended, in whatever way."""
        return self.stage not in (Stage.POSTED, Stage.RUNNING)

    @property
    def label(self) -> str:
        """What messages call it."""
        return self._label or "glomo call"

    def result(self) -> T:
        """What the awaitable returned, or raise what it raised."""
        if self.error is not None:
            raise self.error
        return cast("T", self._value)

    def withdraw(self) -> bool:
        """Keep it from beginning; whether that came in time."""
        # Of this mark and `RUNNING`, the side that comes second sees the other's.
        self._abandoned = True
        return self.stage is Stage.POSTED

    def give_up(
        self,
        interruption: BaseException,
        post: Callable[[Callable[[], object]], object],
        *,
        grace: float,
    ) -> None:
        """The caller was interrupted: cancel the call, wait for its end, and note the outcome.

        Args:
            interruption: what was raised in the caller's thread; it gets the note.
            post: runs a function in the loop's thread, after everything posted before.
            grace: seconds to wait for the cancelled call to end.
        """
        try:
            if not self.withdraw():
                self._ended = Event()
                post(self.cancel)
                if not self.over:
                    self._ended.wait(grace)
        except BaseException as second:
            second.add_note(self._outcome())
            raise
        interruption.add_note(self._outcome())
        for note in self._notes:
            interruption.add_note(note)

    def _outcome(self) -> str:
        match self.stage:
            case Stage.POSTED | Stage.REFUSED | Stage.LOST:
                return f"{self.label}: interrupted before the call began; nothing was sent."
            case Stage.RETURNED:
                id = getattr(self._value, "id", None)
                subject = type(self._value).__name__ + (f" {id}" if isinstance(id, str) else "")
                return (
                    f"{self.label}: the call had completed when interrupted; it returned {subject}."
                )
            case Stage.RAISED:
                error = f"{type(self.error).__name__}: {self.error}"
                return f"{self.label}: the call had failed when interrupted, with {error}"
            case Stage.RUNNING | Stage.CANCELLED:
                return (
                    f"{self.label}: interrupted while the call was in flight, so its outcome is "
                    f"unknown. Look the object up (by request_id, where the call has one) before "
                    f"repeating the call."
                )
