"""Carries out the steps of a call: turns, time, transport. The rules are in `protocol.py`."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from copy import copy
from typing import Any, TypeVar

import anyio
import anyio.lowlevel
from attrs import define, evolve, frozen

from glomo._errors_base import shown
from glomo.errors import ClosedError, ConfigurationError, ParameterError
from glomo.settings import SecretKey, is_seconds

from .capture import record
from .limiter import WINDOW
from .operation import Call, Operation, Replay
from .protocol import CallProtocol, RetryPolicy
from .request import RequestBuilder, effective_body, path_of
from .steps import SEND, DiscardConnections, Hold, Outcome, OutOfTimeError, Read, Send, Wait
from .transport import LostError, NotSentError, TooLargeError, Transport, WireRequest, WireResponse
from .turns import FOREVER, Turns

T = TypeVar("T")
Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]

log = logging.getLogger("glomo")


@frozen
class Limits:
    """What a client allows a call.

    Attributes:
        timeout: seconds from its first turn to its end. Waiting for a turn does not count.
        queue_timeout: seconds to wait for turns in all; `None` for as long as it takes.
        max_retries: failures that may be followed by another attempt.
    """

    timeout: float
    queue_timeout: float | None
    max_retries: int


@define
class _Time:
    """What time a call has left. `deadline` is set by its first turn."""

    timeout: float
    queue_left: float
    deadline: float = FOREVER


class Connections:
    """The transport and the turns of one event loop, shared by clients that share an address."""

    def __init__(self, transport: Transport, turns: Turns) -> None:
        self.transport = transport
        self.turns = turns
        self.closed = False
        self._loop: object = None

    def enter_loop(self) -> None:
        """Bind to the running event loop.

        Raises:
            ConfigurationError: the client is still in use in another event loop.
        """
        loop = _running_loop()
        if loop is self._loop:
            return
        if self._loop is not None:
            if isinstance(self._loop, asyncio.AbstractEventLoop) and not self._loop.is_closed():
                raise ConfigurationError(
                    "this client is in use in another event loop: make one client for each loop"
                )
            self.transport.reset()
        self._loop = loop
        self.turns.reset()

    def reset(self) -> None:
        """Forget loop and connections without touching them: after a fork."""
        if self._loop is not None:
            self._loop = None
            self.transport.reset()

    async def aclose(self) -> None:
        """Close the connections that belong to the running loop."""
        self.closed = True
        if self._loop is _running_loop():
            await self.transport.aclose()


class Driver:
    """Sends calls. One a client.

    Args:
        requests: makes the requests.
        connections: what they travel over.
        limits: what a call may take.
        rng, clock, sleep: chance and time.
    """

    def __init__(
        self,
        *,
        requests: RequestBuilder,
        connections: Connections,
        limits: Limits,
        rng: Callable[[], float] = random.random,
        clock: Clock = time.monotonic,
        sleep: Sleep = anyio.sleep,
    ) -> None:
        self.requests = requests
        self.connections = connections
        self.limits = limits
        self.rng = rng
        self.clock = clock
        self.sleep = sleep

    def with_key(self, key: SecretKey) -> Driver:
        """Another driver over the same connections, which sends another key."""
        driver = copy(self)
        driver.requests = self.requests.with_key(key)
        return driver

    async def send(self, op: Operation[T], call: Call) -> T:
        """Carry out one call.

        Raises:
            ParameterError: the request cannot be made; nothing was sent.
            StatusError, TransportError: nothing was carried out.
            OutcomeUnknownError: something may have been carried out.
            IdempotencyConflictError: the request_id belongs to another request.
            DecodingError: a read whose response does not fit the model.
        """
        if self.connections.closed:
            raise ClosedError(f"{op.name}: the client was closed")
        self.requests.check_key(op)
        limits = self._limits(op, call)
        request = self.requests.build(op, call)
        protocol = CallProtocol(
            op,
            call,
            body=effective_body(call),
            url_path=path_of(request),
            policy=RetryPolicy(limits.max_retries, limits.timeout, self.rng),
        )
        self.connections.enter_loop()
        result: T = await self._drive(protocol, request, call, limits)
        return result

    async def _drive(
        self, protocol: CallProtocol, request: WireRequest, call: Call, limits: Limits
    ) -> Any:
        queue = FOREVER if limits.queue_timeout is None else limits.queue_timeout
        remaining = _Time(limits.timeout, queue)
        began = self.clock()
        steps = protocol.steps()
        sent = -1
        step = next(steps)
        outcome: Outcome
        try:
            while True:
                if isinstance(step, Wait):
                    outcome = await self._wait(step, remaining)
                elif isinstance(step, Hold):
                    # The limit is one a minute: no response may stop all calls for longer.
                    self.connections.turns.hold(min(step.seconds, WINDOW))
                    outcome = None
                elif isinstance(step, DiscardConnections):
                    self.connections.transport.discard_connections()
                    outcome = None
                else:
                    if step is SEND and call.upload is not None and protocol.attempts:
                        request = self.requests.build(
                            protocol.op, call
                        )  # the upload from its start
                    sent = protocol.attempts
                    outcome = await self._attempt(step, protocol, request, remaining, began)
                    sent = -1
                step = steps.send(outcome)
        except StopIteration as done:
            return done.value
        except anyio.get_cancelled_exc_class() as cancelled:
            sending = step is SEND and 0 <= sent < protocol.attempts
            protocol.interrupted(cancelled, sending=sending)
            raise

    async def _attempt(
        self,
        step: Send | Read,
        protocol: CallProtocol,
        request: WireRequest,
        remaining: _Time,
        began: float,
    ) -> Outcome:
        """Send one request when its turn has come."""
        op = protocol.op
        if isinstance(step, Read):
            op = step.op
            try:
                request = self.requests.build(op, step.call)
            except ParameterError as error:
                return NotSentError(str(error))
        turns = self.connections.turns
        queued_at = self.clock()
        try:
            await turns.take(remaining.queue_left)
        except OutOfTimeError as error:
            return error
        try:
            now = self.clock()
            waited = now - queued_at
            remaining.queue_left -= waited
            if remaining.deadline == FOREVER:
                remaining.deadline = now + remaining.timeout
            else:
                remaining.deadline += waited
            # A retry needs time of its own; a call that is never retried may use it all.
            share = remaining.timeout / (1 if protocol.op.replay is Replay.NONE else 2)
            timeout = min(share, remaining.deadline - now)
            if timeout <= 0:
                return OutOfTimeError("the time was up before sending")
            protocol.attempts += 1
            try:
                response = await self.connections.transport.send(request, timeout)
            except (NotSentError, LostError, TooLargeError) as error:
                return error
        finally:
            turns.give_back()
        self._tell(op, request, response, protocol.attempts, began)
        return response

    def _tell(
        self,
        op: Operation[Any],
        request: WireRequest,
        response: WireResponse,
        attempts: int,
        began: float,
    ) -> None:
        elapsed = self.clock() - began
        log.debug(
            "%s %s attempt %d: %d after %.3f s",
            op.name,
            op.method,
            attempts,
            response.status,
            elapsed,
        )
        record(op, request.url, response, elapsed=elapsed, attempts=attempts)

    async def _wait(self, step: Wait, remaining: _Time) -> Outcome:
        if self.clock() + step.seconds >= remaining.deadline:
            return OutOfTimeError(f"no time for a pause of {step.seconds:.3g} s")
        await self.sleep(step.seconds)
        return None

    def _limits(self, op: Operation[Any], call: Call) -> Limits:
        """The client's limits, with those that the call sets itself."""
        options = call.options
        if not options or not options.keys() & {"timeout", "queue_timeout"}:
            return self.limits
        timeout = options.get("timeout", self.limits.timeout)
        queue_timeout = options.get("queue_timeout", self.limits.queue_timeout)
        _check_seconds(op, "timeout", timeout)
        if queue_timeout is not None:
            _check_seconds(op, "queue_timeout", queue_timeout)
        return evolve(self.limits, timeout=timeout, queue_timeout=queue_timeout)


def _check_seconds(op: Operation[Any], name: str, value: object) -> None:
    if not is_seconds(value):
        raise ParameterError(
            f"{op.name}: {name} must be a positive number of seconds, not {shown(value)}",
            parameter=name,
            operation=op.name,
        )


def _running_loop() -> object:
    """The running asyncio loop, or what stands for another backend's."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return anyio.lowlevel.current_token().native_token
