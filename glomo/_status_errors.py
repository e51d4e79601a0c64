"""The errors of responses that say no: one class a status. `glomo.errors` has the whole tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glomo.money import Money

from ._errors_base import GlomoError, printable
from .retry_after import seconds


class StatusError(GlomoError):
    """The API responded with an error status.

    Attributes:
        status: the HTTP status.
        message: the API's own text (may be empty).
        code: the API's error code, where it sent one.
        error: the API's `error` text, usually the reason phrase.
        operation: the client method, such as `"payouts.create"`.
        method, path: the HTTP method, and the path without its query.
        attempts: how many times the request was sent.
        headers: the response's headers, lower-case names.
        body: the response's body as it came.
        request_id: the idempotency key that was sent, where there was one.
    """

    def __init__(
        self,
        message: str = "",
        *,
        status: int,
        code: str | None = None,
        error: str | None = None,
        operation: str = "",
        method: str = "",
        path: str = "",
        attempts: int = 1,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.error = error
        self.operation = operation
        self.method = method
        self.path = path
        self.attempts = attempts
        self.headers = dict(headers or {})
        self.body = body
        self.request_id = request_id

    @property
    def retry_after(self) -> float | None:
        """Seconds after which the API asks to be tried again (`Retry-After`), if it says so."""
        return seconds(self.headers.get("retry-after", ""))

    def __str__(self) -> str:
        text = printable(self.message or self.error or "no message")
        code = f" [{printable(self.code)}]" if self.code else ""
        tries = f" (after {self.attempts} attempts)" if self.attempts > 1 else ""
        where = f" from {self.method} {printable(self.path)}" if self.method else ""
        return f"{self.status}{where}: {text}{code}{tries}"


class RedirectError(StatusError):
    """3xx. Redirects are never followed: the key would go to another address."""


class BadRequestError(StatusError):
    """400: the API refused the input."""


class AlreadyTakenError(BadRequestError):
    """400: something that must be unique is in use, such as a customer's email in its country."""


class InsufficientBalanceError(BadRequestError):
    """400: the balance does not cover the payout and its fees; nothing was created.

    `additional_required` is what is missing (`None` where the API did not say).
    """

    additional_required: Money | None = None


class AuthenticationError(StatusError):
    """401: the key is missing, wrong, expired or revoked."""


class PaymentRequiredError(StatusError):
    """402: the request was valid, and failed."""


class PermissionDeniedError(StatusError):
    """403: the key, the address it came from, or the account may not do this."""


class NotFoundError(StatusError):
    """404: no such object in this account and environment."""


class ConflictError(StatusError):
    """409: in conflict with what exists."""


class UnprocessableError(StatusError):
    """422: a business rule failed. `object` is the object itself where the API sent it."""

    object: Any = None


class RateLimitError(StatusError):
    """429, after every retry that the deadline allowed."""


class ServerError(StatusError):
    """5xx."""


class InternalServerError(ServerError):
    """500."""


class BadGatewayError(ServerError):
    """502."""


class UnavailableError(ServerError):
    """503."""


class GatewayTimeoutError(ServerError):
    """504."""


_BY_STATUS: dict[int, type[StatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    402: PaymentRequiredError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableError,
    429: RateLimitError,
    500: InternalServerError,
    502: BadGatewayError,
    503: UnavailableError,
    504: GatewayTimeoutError,
}


def error_class(status: int) -> type[StatusError]:
    """The class for an HTTP status that is not a success."""
    exact = _BY_STATUS.get(status)
    if exact is not None:
        return exact
    if status >= 500:
        return ServerError
    return RedirectError if 300 <= status < 400 else StatusError
