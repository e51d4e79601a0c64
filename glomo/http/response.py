"""From the bytes of an answer to a result or a typed error."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from glomo.errors import (
    BadRequestError,
    DecodingError,
    InsufficientBalanceError,
    StatusError,
    UnprocessableError,
    error_class,
)
from glomo.money import Money, MoneyError
from glomo.serialization.codec import structure
from glomo.serialization.json import parse_json
from glomo.serialization.values import is_list, is_object

from .operation import Operation
from .transport import WireResponse

T = TypeVar("T")

# Minor units; a point and digits after it would be major units, which the API does not speak.
_SHORTFALL = re.compile(
    r"additional amount required:?\s*(\d[\d,]{0,40})(?![\d,]|\.\d)", re.IGNORECASE | re.ASCII
)


def value_of(op: Operation[Any], answer: WireResponse) -> Any:
    """The JSON value of an answer that says yes.

    Raises:
        ValueError: not JSON, or nothing at all where there must be something.
    """
    if not answer.body:
        if answer.status not in (204, 205):
            try:
                structure(None, op.result)  # some results are read from anything, or from nothing
            except DecodingError:
                raise ValueError("is empty") from None
        return None
    try:
        return parse_json(answer.body)
    except ValueError:
        raise ValueError("is not JSON") from None


def read_result(op: Operation[T], answer: WireResponse, value: Any) -> T:
    """The operation's result.

    Raises:
        DecodingError: the value does not fit; carries the status and the body.
    """
    if op.unwrap is not None and is_object(value) and op.unwrap in value:
        value = value[op.unwrap]
    try:
        return structure(value, op.result, root=root_of(op))
    except DecodingError as error:
        error.status, error.body = answer.status, answer.body
        raise


def root_of(op: Operation[Any]) -> str:
    """How a decoding error's path starts: `payouts` for a list, `payout` for one object."""
    # A page names itself after its resource; a model after its class.
    return op.name.split(".")[0] if op.name.rpartition(".")[2].startswith("list") else ""


def read_error(
    op: Operation[Any], answer: WireResponse, *, path: str, attempts: int, request_id: str | None
) -> StatusError:
    """The typed error of an answer whose status is not 2xx. Understands both error shapes."""
    try:
        value = parse_json(answer.body)
    except ValueError:
        value = None
    error, message, code = _texts(value)
    if not is_object(value):
        message = _plain_text(answer.body)
    kind = error_class(answer.status)
    if kind is BadRequestError and _is_short(code, message, error):
        kind = InsufficientBalanceError
    made = kind(
        message,
        status=answer.status,
        code=code,
        error=error,
        operation=op.name,
        method=op.method,
        path=path,
        attempts=attempts,
        headers=answer.headers,
        body=answer.body,
        request_id=request_id,
    )
    if isinstance(made, UnprocessableError) and op.result_in_error and is_object(value):
        made.object = _object_in_error(op, value)
    return made


def shortfall(error: InsufficientBalanceError, currency: object) -> Money | None:
    """What the API says is missing, in the currency that was asked to be debited."""
    found = _SHORTFALL.search(error.message)
    if found is None or not isinstance(currency, str):
        return None
    try:
        return Money(int(found[1].replace(",", "")), currency.upper())
    except MoneyError:
        return None


def _is_short(code: str | None, *texts: str | None) -> bool:
    return code == "INSUFFICIENT_BALANCE" or any(
        "insufficient balance" in text.lower() for text in texts if text
    )


def _texts(value: Any) -> tuple[str | None, str, str | None]:
    """The `error`, `message` and `code` of a body, flat or nested, whatever is missing."""
    if not is_object(value):
        return None, "", None
    error, source = value.get("error"), value
    if is_object(error):  # documented, {"error": {"code", "message"}}; the wire is flat
        source, error = error, None
    message, code = source.get("message"), source.get("code")
    if is_list(message):
        message = ", ".join(str(entry) for entry in message)
    return (
        error if isinstance(error, str) else None,
        message if isinstance(message, str) else "",
        code if isinstance(code, str) else None,
    )


def _plain_text(body: bytes) -> str:
    text = " ".join(re.sub(r"<[^>]*>", " ", body[:2000].decode(errors="replace")).split())
    return text[:200] + "…" if len(text) > 200 else text


def _object_in_error(op: Operation[Any], value: dict[str, Any]) -> Any:
    try:
        return structure(value, op.result)
    except DecodingError:
        return None  # an ordinary error body, not the object
