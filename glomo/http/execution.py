"""One call under way: carries out the steps of its protocol. The rules are in `protocol.py`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import anyio
from attrs import define, field, frozen

from glomo.errors import ParameterError
from glomo.instrumentation.events import AttemptEnded, AttemptStarted, Waited
from glomo.instrumentation.observers import Observers

from .capture import record
from .connections import Connections
from .limiter import WINDOW
from .operation import Call, Operation
from .protocol import CallProtocol
from .request import RequestBuilder
from .steps import SEND, Hold, Outcome, OutOfTimeError, Read, Send, Wait
from .transport import LostError, NotSentError, TooLargeError, WireRequest, WireResponse
from .turns import FOREVER


@frozen
class Means:
    """What a driver gives to each of its calls."""

    requests: RequestBuilder
    connections: Connections
    observers: Observers
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]


@define(eq=False)
class Execution:
    """One call.

    Attributes:
        protocol: says what to do.
        call, request: what was asked, and its request.
        timeout: seconds from the call's first turn to its end.
        attempt_timeout: seconds for one attempt at most.
        queue_left: seconds that it may still wait for turns.
        number: the call's, for events.
        watched: whether an observer wants to hear of what is not rare.
    """

    means: Means
    protocol: CallProtocol
    call: Call
    request: WireRequest
    timeout: float
    attempt_timeout: float
    queue_left: float
    number: int
    watched: bool
    began: float
    deadline: float = FOREVER
    throttled: bool = False
    _sending: bool = field(default=False, init=False)

    async def result(self) -> Any:
        """Go through the steps to the call's result, or raise its error."""
        steps = self.protocol.steps()
        step = next(steps)
        try:
            while True:
                outcome: Outcome = None
                if isinstance(step, (Send, Read)):
                    outcome = await self._attempt(step)
                elif isinstance(step, Wait):
                    outcome = await self._wait(step.seconds)
                elif isinstance(step, Hold):
                    # The limit is one a minute: no response may stop all calls for longer.
                    self.means.connections.turns.hold(min(step.seconds, WINDOW))
                    self.throttled = True
                else:
                    self.means.connections.transport.discard_connections()
                step = steps.send(outcome)
        except StopIteration as done:
            return done.value
        except anyio.get_cancelled_exc_class() as cancelled:
            self.protocol.interrupted(cancelled, sending=self._sending)
            raise

    async def _attempt(self, step: Send | Read) -> Outcome:
        """Send one request when its turn has come."""
        try:
            op, request = self._request(step)
        except ParameterError as error:
            return NotSentError(str(error))
        turns = self.means.connections.turns
        queued_at = self.means.clock()
        try:
            await turns.take(self.queue_left)
        except OutOfTimeError as error:
            return error
        try:
            timeout = self._time_for_attempt(self.means.clock(), queued_at)
            if timeout <= 0:
                return OutOfTimeError("the time was up before sending")
            self.protocol.attempts += 1
            self._sending = step is SEND
            outcome = await self._exchange(op, request, timeout)
            self._sending = False
            return outcome
        finally:
            turns.give_back()

    def _request(self, step: Send | Read) -> tuple[Operation[Any], WireRequest]:
        if isinstance(step, Read):
            return step.op, self.means.requests.build(step.op, step.call)
        op = self.protocol.op
        if self.call.upload is not None and self.protocol.attempts:
            self.request = self.means.requests.build(op, self.call)  # the upload from its start
        return op, self.request

    def _time_for_attempt(self, now: float, queued_at: float) -> float:
        """Seconds for the attempt. What was spent in the queue is not the call's own time."""
        waited = now - queued_at
        self.queue_left -= waited
        if self.deadline == FOREVER:
            self.deadline = now + self.timeout
        else:
            self.deadline += waited
        if self.watched and waited > 0:
            self.means.observers.notify(Waited(self.number, self.protocol.op.name, "turn", waited))
        share = self.timeout * self.protocol.attempt_share
        return min(share, self.attempt_timeout, self.deadline - now)

    async def _exchange(
        self, op: Operation[Any], request: WireRequest, timeout: float
    ) -> WireResponse | NotSentError | LostError | TooLargeError:
        """Send, and tell whoever watches."""
        transport = self.means.connections.transport
        started = self.means.clock()
        if self.watched:
            self._tell_started(op)
        outcome: WireResponse | NotSentError | LostError | TooLargeError | None = None
        try:
            outcome = await transport.send(request, timeout)
        except (NotSentError, LostError, TooLargeError) as error:
            outcome = error
        finally:
            if self.watched:
                self._tell_ended(op, outcome, started)
        if isinstance(outcome, WireResponse):
            elapsed = self.means.clock() - self.began
            record(op, request.url, outcome, elapsed=elapsed, attempts=self.protocol.attempts)
        assert outcome is not None
        return outcome

    def _tell_started(self, op: Operation[Any]) -> None:
        address, port = self.means.requests.server
        self.means.observers.notify(
            AttemptStarted(
                self.number, self.protocol.attempts, op.name, op.method, op.path, address, port
            )
        )

    def _tell_ended(self, op: Operation[Any], outcome: object, started: float) -> None:
        status = outcome.status if isinstance(outcome, WireResponse) else None
        kind = type(outcome).__name__ if outcome is not None else "Interrupted"
        self.means.observers.notify(
            AttemptEnded(
                self.number,
                self.protocol.attempts,
                op.name,
                self.means.clock() - started,
                status,
                kind if status is None else None,
            )
        )

    async def _wait(self, seconds: float) -> Outcome:
        if self.means.clock() + seconds >= self.deadline:
            return OutOfTimeError(f"no time for a pause of {seconds:.3g} s")
        reason, self.throttled = "throttled" if self.throttled else "retry", False
        await self.means.sleep(seconds)
        self.means.observers.notify(
            Waited(self.number, self.protocol.op.name, reason, seconds)  # type: ignore[arg-type]
        )
        return None
