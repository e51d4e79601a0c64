"""The raw answers behind the results."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from attrs import field, frozen

from .operation import Operation
from .transport import WireResponse


@frozen
class RawResponse:
    """One answer as it came.

    Attributes:
        operation: the client method, such as `"payouts.create"`.
        method, url: what was asked.
        status, headers, body: what was answered; header names are lower-case.
        elapsed: seconds of the whole call so far, retries and waiting included.
        attempts: how many attempts the call had taken by then.
    """

    operation: str
    method: str
    url: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    elapsed: float
    attempts: int


_recorder: ContextVar[list[RawResponse] | None] = ContextVar("glomo_capture", default=None)


@contextmanager
def capture() -> Generator[list[RawResponse]]:
    """Collect every answer of the calls inside the block, error answers and retries included."""
    answers: list[RawResponse] = []
    token = _recorder.set(answers)
    try:
        yield answers
    finally:
        _recorder.reset(token)


def record(
    op: Operation[Any], url: str, answer: WireResponse, *, elapsed: float, attempts: int
) -> None:
    """Keep an answer, if anyone wants it."""
    answers = _recorder.get()
    if answers is not None:
        raw = RawResponse(
            op.name, op.method, url, answer.status, answer.headers, answer.body, elapsed, attempts
        )
        answers.append(raw)
