"""What an observer is told. Every event is frozen and holds plain values."""

from __future__ import annotations

from typing import Literal, Protocol

from attrs import field, frozen


@frozen
class CallStarted:
    """A call begins, in the task and the context of its caller.

    Attributes:
        call: tells this call from all others of the process.
        operation: the client method, such as `"payouts.create"`.
        request_id: the idempotency key, for operations that have one.
    """

    call: int
    operation: str
    request_id: str | None


@frozen
class AttemptStarted:
    """A request goes to the transport.

    Attributes:
        call: of which call.
        number: 1 for the call's first request; look-ups count as well.
        operation: the call's, with `.lookup` at its end for a request that finds out what the call
            has done.
        method: the HTTP method.
        url_template: the path with `{id}` where an id goes.
        server_address, server_port: where it goes.
    """

    call: int
    number: int
    operation: str
    method: str
    url_template: str
    server_address: str
    server_port: int | None


@frozen
class AttemptEnded:
    """A request has ended.

    Attributes:
        call, number, operation: as in `AttemptStarted`.
        elapsed: seconds.
        status: the response's HTTP status; `None` if there was no response.
        error_type: without a response, the kind of failure, such as `"LostError"`.
    """

    call: int
    number: int
    operation: str
    elapsed: float
    status: int | None = None
    error_type: str | None = None


@frozen
class Waited:
    """A call has waited.

    Attributes:
        call, operation: which.
        reason: `"turn"`: for a place in flight and for the rate limit; `"retry"`: after a failure;
            `"throttled"`: because the API asked for it.
        seconds: how long.
    """

    call: int
    operation: str
    reason: Literal["turn", "retry", "throttled"]
    seconds: float


@frozen
class CallEnded:
    """A call has ended.

    Attributes:
        call, operation: which.
        elapsed: seconds, waiting included.
        attempts: requests that were sent.
        error: what is raised, if anything.
        outcome_unknown: it may have been carried out, and nobody knows.
        request_id: the idempotency key, for operations that have one.
    """

    call: int
    operation: str
    elapsed: float
    attempts: int
    error: BaseException | None = field(default=None, eq=False)
    outcome_unknown: bool = False
    request_id: str | None = None


@frozen
class RowSettled:
    """A row of a batch has come to an end in this run: `"accepted"`, `"rejected"`, `"unknown"`."""

    batch: str
    reference: str
    state: str


@frozen
class WebhookHandled:
    """A webhook was handled: `"handled"`, `"duplicate"` or `"failed"`, in so many seconds."""

    entity_type: str
    event_type: str
    result: Literal["handled", "duplicate", "failed"]
    elapsed: float


Event = (
    CallStarted | AttemptStarted | AttemptEnded | Waited | CallEnded | RowSettled | WebhookHandled
)


class Observer(Protocol):
    """Is told what happens, at once and in the task where it happens.

    It must not block. What it raises is logged and goes no further.
    """

    def on_event(self, event: Event, /) -> None:
        """Take note of an event."""
        ...
