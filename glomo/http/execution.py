"""One call under way: carries out the steps of its protocol. The rules are in `protocol.py`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import anyio
from attrs import define, field

from glomo.errors import OutcomeUnknownError, ParameterError
from glomo.instrumentation.events import (
    AttemptEnded,
    AttemptStarted,
    CallEnded,
    CallStarted,
    Waited,
)
from glomo.instrumentation.observers import Observers

from .capture import RawResponse, recorder
from .connections import FOREVER, Connections
from .limiter import WINDOW
from .operation import Operation
from .protocol import CallProtocol
from .request import RequestBuilder
from .steps import SEND, Hold, Outcome, OutOfTimeError, Read, Send, Step, Steps, Wait
from .transport import LostError, NotSentError, TooLargeError, WireRequest, WireResponse


class Means:
    """What the calls of a client are carried out with. `Driver` puts it together.

    Attributes:
        requests: makes the requests of look-ups, and uploads anew.
        connections: what requests travel over, in turn.
        observers: who is told.
        clock, sleep: time.
    """

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
        steps, step: its steps, and the first of them.
        request: of the call itself.
        timeout: seconds from the call's first turn to its end.
        attempt_timeout: seconds for one attempt at most.
        queue_left: seconds that it may still wait for turns.
        number: the call's, for events.
        watched: whether an observer wants to hear of what is not rare.
        began: when.
    """

    means: Means
    protocol: CallProtocol
    steps: Steps
    step: Step
    request: WireRequest
    timeout: float
    attempt_timeout: float
    queue_left: float
    number: int
    watched: bool
    began: float
    _deadline: float = field(default=FOREVER, init=False)
    _throttled: bool = field(default=False, init=False)
    _sending: bool = field(default=False, init=False)

    async def run(self) -> Any:
        """Go through the steps to the result, or raise the error; tell whoever watches."""
        means, protocol = self.means, self.protocol
        if self.watched:
            started = CallStarted(self.number, protocol.op.name, protocol.request_id)
            means.observers.notify(started)
        step = self.step
        try:
            while True:
                outcome: Outcome = None
                if isinstance(step, (Send, Read)):
                    outcome = await self._attempt(step)
                elif isinstance(step, Wait):
                    outcome = await self._wait(step.seconds)
                elif isinstance(step, Hold):
                    # The limit is one a minute: no response may stop all calls for longer.
                    means.connections.hold(min(step.seconds, WINDOW))
                    self._throttled = True
                else:
                    means.connections.transport.discard_connections()
                step = self.steps.send(outcome)
        except StopIteration as done:
            result = done.value
        except BaseException as error:
            if isinstance(error, anyio.get_cancelled_exc_class()):
                protocol.interrupted(error, sending=self._sending)
            means.observers.notify(self._ended(error))
            raise
        # Not above: an observer that fails would be logged with the response in its context.
        if self.watched:
            means.observers.notify(self._ended(None))
        return result

    async def _attempt(self, step: Send | Read) -> Outcome:
        """Send one request when its turn has come, and tell whoever watches or records."""
        means, protocol = self.means, self.protocol
        op, request = protocol.op, self.request
        try:
            if isinstance(step, Read):
                op, request = step.op, means.requests.build(step.op, step.call)
            elif protocol.attempts and protocol.call.upload is not None:
                request = means.requests.build(op, protocol.call)  # the upload from its start
        except ParameterError as error:
            return NotSentError(str(error))
        connections = means.connections
        try:
            waited = await connections.take_turn(self.queue_left)
        except OutOfTimeError as error:
            return error
        try:
            started = means.clock()
            # What was spent in the queue is not the call's own time.
            self.queue_left -= waited
            if self._deadline == FOREVER:
                self._deadline = started + self.timeout
            else:
                self._deadline += waited
            if self.watched and waited > 0:
                means.observers.notify(Waited(self.number, protocol.op.name, "turn", waited))
            timeout = min(self.attempt_timeout, self._deadline - started)
            if timeout <= 0:
                return OutOfTimeError("the time was up before sending")
            protocol.attempts += 1
            if self.watched:
                self._tell_started(op)
            self._sending = step is SEND
            outcome: WireResponse | NotSentError | LostError | TooLargeError | None = None
            try:
                outcome = await connections.transport.send(request, timeout)
            except (NotSentError, LostError, TooLargeError) as error:
                outcome = error
            finally:
                if self.watched:
                    self._tell_ended(op, outcome, started)
            self._sending = False
        finally:
            connections.places.release()
        recorded = recorder.get()
        if recorded is not None and isinstance(outcome, WireResponse):
            recorded.append(self._raw_response(op, request, outcome))
        return outcome

    def _ended(self, error: BaseException | None) -> CallEnded:
        protocol = self.protocol
        interrupted = error is not None and not isinstance(error, Exception)
        return CallEnded(
            self.number,
            protocol.op.name,
            self.means.clock() - self.began,
            protocol.attempts,
            error,
            isinstance(error, OutcomeUnknownError) or (interrupted and protocol.outcome_unknown),
            protocol.request_id,
        )

    def _raw_response(
        self, op: Operation[Any], request: WireRequest, response: WireResponse
    ) -> RawResponse:
        return RawResponse(
            op.name,
            op.method,
            request.url,
            response.status,
            response.headers,
            response.body,
            elapsed=self.means.clock() - self.began,
            attempts=self.protocol.attempts,
        )

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
        if self.means.clock() + seconds >= self._deadline:
            return OutOfTimeError(f"no time for a pause of {seconds:.3g} s")
        reason, self._throttled = "throttled" if self._throttled else "retry", False
        await self.means.sleep(seconds)
        self.means.observers.notify(
            Waited(self.number, self.protocol.op.name, reason, seconds)  # type: ignore[arg-type]
        )
        return None
