"""From a response that says no to a typed error."""

from __future__ import annotations

import re
from typing import Any

from attrs import frozen

from glomo._status_errors import error_class
from glomo.errors import (
    AlreadyTakenError,
    BadRequestError,
    DecodingError,
    InsufficientBalanceError,
    StatusError,
    UnprocessableError,
)
from glomo.money import Money, MoneyError
from glomo.serialization.codec import structure

from .operation import Operation
from .transport import WireResponse

# Minor units; a point and digits after it would be major units, which the API does not speak.
_SHORTFALL = re.compile(
    r"additional amount required:?\s*(\d[\d,]{0,40})(?![\d,]|\.\d)", re.IGNORECASE | re.ASCII
)

# The first is what the API sends; the others are in its documentation.
_TAKEN = re.compile(
    r"has already been taken|already registered under your business|with this email already exists",
    re.IGNORECASE,
)

# What a server repeats of a request: the key, and what could be the number of a card.
_KEY = re.compile(r"eyJ[\w-]{5,}(?:\.[\w-]*)*|(?<=bearer )\S{16,}", re.IGNORECASE)
_CARD = re.compile(r"\b[2-6](?:[ -]?\d){8,14}([ -]?(?:\d[ -]?){3}\d)\b", re.ASCII)


@frozen
class ErrorResponse:
    """A response whose status is not 2xx.

    Attributes:
        error: as a typed error.
        is_lock: the API is still busy with the object: wait, and try again.
        is_duplicate: the API says that the request_id was used before.
        speaks_of_use: it may come from an earlier use of the same request_id.
    """

    error: StatusError
    is_lock: bool
    is_duplicate: bool
    speaks_of_use: bool


def read_error(
    op: Operation[Any],
    response: WireResponse,
    value: Any,
    *,
    path: str,
    attempts: int,
    request_id: str | None,
    currency: object = None,
) -> ErrorResponse:
    """Read a response whose status is not 2xx. Understands both error shapes.

    Args:
        op, response: the operation, and what came.
        value: the response's JSON value; `None` if it is not JSON.
        path, attempts, request_id: of the request, for the error.
        currency: what a short balance is short of.
    """
    if value.__class__ is dict:
        error, message, code = _texts(value)
    else:
        error, message, code = None, _plain_text(response.body), None
    message, error = _masked(message), error and _masked(error)
    status, text = response.status, f"{message} {error or ''}".lower()
    kind = error_class(status)
    if kind is BadRequestError and _is_short(code, message, error):
        kind = InsufficientBalanceError
    elif kind is BadRequestError and _TAKEN.search(message):
        kind = AlreadyTakenError
    status_error = kind(
        message,
        status=status,
        code=code,
        error=error,
        operation=op.name,
        method=op.method,
        path=path,
        attempts=attempts,
        headers=response.headers,
        body=response.body,
        request_id=request_id,
    )
    if (
        isinstance(status_error, UnprocessableError)
        and op.result_in_error
        and value.__class__ is dict
    ):
        status_error.object = _object_in_error(op, value, request_id)
    if isinstance(status_error, InsufficientBalanceError):
        status_error.additional_required = _shortfall(status_error, currency)
    return ErrorResponse(
        status_error,
        is_lock=status == 409 and "being processed" in text,
        is_duplicate=status in (400, 409) and "already exist" in text,
        speaks_of_use=status == 409 or "already" in text,
    )


def _shortfall(error: InsufficientBalanceError, currency: object) -> Money | None:
    """What the API says is missing, in the currency that was asked to be debited."""
    match = _SHORTFALL.search(error.message)
    if match is None or not isinstance(currency, str):
        return None
    try:
        return Money(int(match[1].replace(",", "")), currency.upper())
    except MoneyError:
        return None


def _is_short(code: str | None, *texts: str | None) -> bool:
    return code == "INSUFFICIENT_BALANCE" or any(
        "insufficient balance" in text.lower() for text in texts if text
    )


def _texts(value: Any) -> tuple[str | None, str, str | None]:
    """The `error`, `message` and `code` of a body, flat or nested, whatever is missing."""
    error, source = value.get("error"), value
    if error.__class__ is dict:  # documented, {"error": {"code", "message"}}; the wire is flat
        source, error = error, None
    message, code = source.get("message"), source.get("code")
    if message.__class__ is list:
        message = ", ".join(str(entry) for entry in message)
    return (
        error if isinstance(error, str) else None,
        message if isinstance(message, str) else "",
        code if isinstance(code, str) else None,
    )


def _masked(text: str) -> str:
    """A text without keys and card numbers: errors are logged."""
    return _CARD.sub(r"…\1", _KEY.sub("***", text))


def _plain_text(body: bytes) -> str:
    text = " ".join(re.sub(r"<[^>]*>", " ", body[:2000].decode(errors="replace")).split())
    return text[:200] + "…" if len(text) > 200 else text


def _object_in_error(op: Operation[Any], value: dict[str, Any], request_id: str | None) -> Any:
    if request_id is not None and value.get("request_id") not in (None, request_id):
        return None  # another request's
    try:
        return structure(value, op.result)
    except DecodingError:
        return None  # an ordinary error body, not the object
