"""Sends calls: puts a request, its protocol and its time together, and has them carried out.

The path of `payouts.create` to the bytes and back, file by file:

    resources/payouts.py      create: the parameters as a body
    resources/base.py         ... without what was left out, in minor units
    validation/payouts.py     ... held to the API's rules (checks.py),
    idempotency.py            ... with a request_id
    http/driver.py            Driver.send
    http/request.py           URL, headers and JSON
    http/protocol.py          what to do: send
    http/execution.py         do it,
    http/connections.py       in turn, in the event loop that the connections belong to,
    http/limiter.py           within the rate limit,
    http/transports/          over a connection
    http/meaning.py           what the response means: JSON (serialization/json.py), of this
                              request (matching.py), as a model (serialization/codec.py)

Then `http/protocol.py` goes on with what follows from that. `python -m tests.protocol.path` follows
a call through the files, and `tests/protocol/test_path.py` keeps the path short.
"""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable, Coroutine
from copy import copy
from typing import Any, TypeVar

import anyio
from attrs import evolve, frozen

from glomo._errors_base import preview
from glomo.errors import ClosedError, ParameterError
from glomo.instrumentation.observers import Observers, call_numbers
from glomo.settings import SecretKey, is_seconds

from .connections import FOREVER, Connections
from .execution import Execution, Means
from .headers import Pairs
from .operation import Call, Operation, Replay
from .protocol import ATTEMPT_SHARE, CallProtocol
from .request import RequestBuilder

T = TypeVar("T")
Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]


@frozen
class Limits:
    """What a client allows a call.

    Attributes:
        timeout: seconds from its first turn to its end. Waiting for a turn does not count.
        queue_timeout: seconds to wait for turns in all; `None` for as long as it takes.
        max_retries: failures that may be followed by another attempt.
        read_timeout: seconds for one attempt; `None` for its share of `timeout`.
    """

    timeout: float
    queue_timeout: float | None
    max_retries: int
    read_timeout: float | None = None


class Driver(Means):
    """Sends calls. One a client.

    Args:
        requests: makes the requests.
        connections: what they travel over.
        limits: what a call may take.
        observers: who is told.
        rng, clock, sleep: chance and time.
    """

    def __init__(
        self,
        *,
        requests: RequestBuilder,
        connections: Connections,
        limits: Limits,
        observers: Observers | None = None,
        rng: Callable[[], float] = random.random,
        clock: Clock = time.monotonic,
        sleep: Sleep = anyio.sleep,
    ) -> None:
        self.requests = requests
        self.connections = connections
        self.limits = limits
        self.observers = observers or Observers()
        self.rng = rng
        self.clock = clock
        self.sleep = sleep

    def with_key(self, key: SecretKey) -> Driver:
        """Another driver over the same connections, which sends another key."""
        driver = copy(self)
        driver.requests = self.requests.with_key(key)
        return driver

    def with_settings(
        self, timeout: float | None, max_retries: int | None, headers: Pairs
    ) -> Driver:
        """Another driver over the same connections; what is `None` stays as it is."""
        driver = copy(self)
        driver.limits = evolve(
            self.limits,
            timeout=self.limits.timeout if timeout is None else timeout,
            max_retries=self.limits.max_retries if max_retries is None else max_retries,
        )
        driver.requests = self.requests.with_headers(headers)
        return driver

    def send(self, op: Operation[T], call: Call) -> Coroutine[Any, Any, T]:
        """Carry out one call when what is returned is awaited: at once, in the same event loop.

        Raises:
            ParameterError: the request cannot be made; nothing was sent.
            StatusError, TransportError: nothing was carried out.
            OutcomeUnknownError: something may have been carried out.
            IdempotencyConflictError: the request_id belongs to another request.
            DecodingError: a read whose response does not fit the model.
        """
        if self.connections.closed:
            raise ClosedError(f"{op.name}: the client was closed")
        limits = self.limits if not call.options else self._limits(op, call)
        request = self.requests.prepare(op, call)
        protocol = CallProtocol(
            op,
            call,
            request.body,
            request.request_id,
            request.path,
            limits.max_retries,
            limits.timeout,
            self.rng,
        )
        steps = protocol.steps()
        share = limits.timeout if op.replay is Replay.NONE else limits.timeout * ATTEMPT_SHARE
        return Execution(
            self,
            protocol,
            steps,
            next(steps),
            request.wire,
            timeout=limits.timeout,
            attempt_timeout=min(share, limits.read_timeout or FOREVER),
            queue_left=FOREVER if limits.queue_timeout is None else limits.queue_timeout,
            number=next(call_numbers),
            watched=self.observers.watching(),
            began=self.clock(),
        ).run()

    def _limits(self, op: Operation[Any], call: Call) -> Limits:
        """The client's limits, with those that the call sets itself."""
        options = call.options
        if not options.keys() & {"timeout", "queue_timeout"}:
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
            f"{op.name}: {name} must be a positive number of seconds, not {preview(value)}",
            parameter=name,
            operation=op.name,
        )
