"""The raw responses behind the results."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from attrs import field, frozen


@frozen
class RawResponse:
    """One response as it came.

    Attributes:
        operation: the client method, such as `"payouts.create"`.
        method, url: what was asked.
        status, headers, body: what came back; header names are lower-case.
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


recorder: ContextVar[list[RawResponse] | None] = ContextVar("glomo_capture", default=None)
"""Where the responses of the running context are kept, if anyone wants them."""


@contextmanager
def capture() -> Generator[list[RawResponse]]:
    """Collect every response of the calls inside the block, errors and retries included."""
    responses: list[RawResponse] = []
    token = recorder.set(responses)
    try:
        yield responses
    finally:
        recorder.reset(token)
