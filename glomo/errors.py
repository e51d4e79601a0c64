"""The errors of the SDK: one tree under `GlomoError`.

    GlomoError
    ├── ConfigurationError            a key, a URL or a limit that cannot work; nothing was sent
    │   └── ProductionKeyError        a sandbox-only call with a production key; nothing was sent
    ├── ParameterError                an argument that the API would refuse; nothing was sent
    ├── MoneyError                    an amount that its currency cannot hold
    ├── DecodingError                 a response that does not fit the model
    ├── TransportError                no usable response came
    │   ├── ConnectError              never sent: no connection
    │   ├── ResponseLostError         sent, and the response did not come back whole
    │   ├── DeadlineError             the total time ran out
    │   ├── ResponseTooLargeError     the response was longer than the cap
    │   └── ResponseMismatchError     the response was that of another request
    ├── OutcomeUnknownError           a call that moves money may or may not have happened
    ├── IdempotencyConflictError      the request_id belongs to a different request
    ├── WaitTimeoutError              a waiter's deadline passed; carries the last object seen
    ├── ClosedError                   the client was closed
    ├── SignatureError                a webhook or a callback that Glomo did not sign
    ├── EventInProgressError          a webhook that another worker is handling right now
    └── StatusError                   the API answered with an error status
        ├── RedirectError             3xx (never followed)
        ├── BadRequestError           400
        │   ├── AlreadyTakenError
        │   └── InsufficientBalanceError
        ├── AuthenticationError       401
        ├── PaymentRequiredError      402
        ├── PermissionDeniedError     403
        ├── NotFoundError             404
        ├── ConflictError             409
        ├── UnprocessableError        422 (may carry the object itself)
        ├── RateLimitError            429
        └── ServerError               5xx
            ├── InternalServerError   500
            ├── BadGatewayError       502
            ├── UnavailableError      503
            └── GatewayTimeoutError   504

Every error pickles, and none holds a key, a client or a connection.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glomo.money import MoneyError

from ._errors_base import GlomoError
from ._status_errors import (
    AlreadyTakenError,
    AuthenticationError,
    BadGatewayError,
    BadRequestError,
    ConflictError,
    GatewayTimeoutError,
    InsufficientBalanceError,
    InternalServerError,
    NotFoundError,
    PaymentRequiredError,
    PermissionDeniedError,
    RateLimitError,
    RedirectError,
    ServerError,
    StatusError,
    UnavailableError,
    UnprocessableError,
)

__all__ = [
    "AlreadyTakenError",
    "AuthenticationError",
    "BadGatewayError",
    "BadRequestError",
    "ClosedError",
    "ConfigurationError",
    "ConflictError",
    "ConnectError",
    "DeadlineError",
    "DecodingError",
    "EventInProgressError",
    "GatewayTimeoutError",
    "GlomoError",
    "IdempotencyConflictError",
    "InsufficientBalanceError",
    "InternalServerError",
    "MoneyError",
    "NotFoundError",
    "OutcomeUnknownError",
    "ParameterError",
    "PaymentRequiredError",
    "PermissionDeniedError",
    "ProductionKeyError",
    "RateLimitError",
    "RedirectError",
    "ResponseLostError",
    "ResponseMismatchError",
    "ResponseTooLargeError",
    "ServerError",
    "SignatureError",
    "StatusError",
    "TransportError",
    "UnavailableError",
    "UnprocessableError",
    "WaitTimeoutError",
]


class ConfigurationError(GlomoError):
    """A setting that cannot work: a key, a URL, a limit. Nothing was sent."""


class ProductionKeyError(ConfigurationError):
    """A sandbox-only call was made with a production key. Nothing was sent."""


class ParameterError(GlomoError, ValueError):
    """An argument that the API would refuse. Nothing was sent.

    `parameter` names it, `operation` is the method's name (`"payouts.create"`) where known.
    `AsyncGlomo(validate=False)` turns the checks of the API's own rules off.
    """

    def __init__(self, message: str, *, parameter: str, operation: str | None = None) -> None:
        super().__init__(message)
        self.parameter = parameter
        self.operation = operation


class DecodingError(GlomoError):
    """The response does not fit the model.

    `path` is the place (`"payouts[3].fees.fx_fee.amount"`), `status` the HTTP status of the
    response and `body` what came, where the error comes from a response. A status of 2xx means that
    the call was carried out; `request_id` is the idempotency key that was sent, if there was one.
    A pickle does not hold the body.
    """

    request_id: str | None = None

    def __init__(
        self, message: str, *, path: str, status: int | None = None, body: bytes = b""
    ) -> None:
        super().__init__(message)
        self.path = path
        self.status = status
        self.body = body

    def __reduce__(self) -> tuple[Any, ...]:
        # The body of a success may hold a new key, which has no place in a pickle.
        rebuild, arguments, state = super().__reduce__()
        return rebuild, arguments, {**state, "body": b""}


class TransportError(GlomoError):
    """No usable response came. `operation`, `method`, `path` and `attempts` say of what."""

    def __init__(
        self,
        message: str,
        *,
        operation: str | None = None,
        method: str | None = None,
        path: str | None = None,
        attempts: int = 0,
    ) -> None:
        super().__init__(message)
        self.operation = operation
        self.method = method
        self.path = path
        self.attempts = attempts


class ConnectError(TransportError):
    """No connection could be made, so nothing was sent."""


class ResponseLostError(TransportError):
    """The request was sent, at least in part; its response did not come back whole."""


class DeadlineError(TransportError, TimeoutError):
    """The call's total time (`timeout=`) ran out."""


class ResponseTooLargeError(TransportError):
    """The response was longer than the client reads (`max_response_bytes=`)."""


class ResponseMismatchError(TransportError):
    """The response is not that of this request: another object, or another `request_id`."""


class OutcomeUnknownError(GlomoError):
    """A call that creates or moves something may or may not have happened.

    Never repeat it blindly: find out first. `how_to_find_out` says how.

    Attributes:
        operation: the client method, such as `"payouts.create"`.
        how_to_find_out: what to do now.
        request_id: the idempotency key that was sent, for operations that have one.
        status: the HTTP status of the last response, if there was one.
        attempts: how many times a request was sent.
        carried_out: true if it did happen, and only its response cannot be read (the cause is a
            `DecodingError`).
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str,
        how_to_find_out: str,
        request_id: str | None = None,
        status: int | None = None,
        attempts: int = 0,
        carried_out: bool = False,
    ) -> None:
        super().__init__(message)
        self.operation = operation
        self.carried_out = carried_out
        self.how_to_find_out = how_to_find_out
        self.request_id = request_id
        self.status = status
        self.attempts = attempts


class IdempotencyConflictError(GlomoError):
    """The `request_id` was used before, for a different request. Nothing new was created.

    `differences` maps each field that differs to what was asked and what exists;
    `existing` is the object that holds the `request_id`.
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str,
        request_id: str,
        differences: Mapping[str, tuple[object, object]],
        existing: Any,
    ) -> None:
        super().__init__(message)
        self.operation = operation
        self.request_id = request_id
        self.differences = dict(differences)
        self.existing = existing


class WaitTimeoutError(GlomoError, TimeoutError):
    """A waiter's deadline passed. `last_seen` is the object as last read."""

    def __init__(self, message: str, *, last_seen: Any) -> None:
        super().__init__(message)
        self.last_seen = last_seen


class ClosedError(GlomoError):
    """The client was closed before the call."""


class SignatureError(GlomoError):
    """A webhook or a callback that Glomo did not sign, or whose signature cannot be one.

    Answer it with status 400. Nothing of its body may be believed.
    """


class EventInProgressError(GlomoError):
    """This event is being handled by another worker, or was, by one that died a short while ago.

    Answer it with status 503, so that it is delivered again. `dedupe_key` names the event.
    """

    def __init__(self, message: str, *, dedupe_key: str) -> None:
        super().__init__(message)
        self.dedupe_key = dedupe_key
