"""The seam between the SDK and whatever speaks HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterable, Mapping
from typing import Protocol

from attrs import field, frozen


@frozen
class WireRequest:
    """One attempt, ready for the wire. `url` is absolute; header names are lower-case."""

    method: str
    url: str
    headers: tuple[tuple[bytes, bytes], ...] = field(repr=False)
    content: bytes | AsyncIterable[bytes] = field(repr=False)
    max_response_bytes: int


@frozen
class WireResponse:
    """What came back, read whole. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class NotSentError(Exception):
    """No connection: nothing of the request reached the server."""


class LostError(Exception):
    """The request was sent, at least in part, and no whole response came back."""


class TooLargeError(Exception):
    """The response is longer than `max_response_bytes`. Only its status is known."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Transport(Protocol):
    """Sends one request and reads its whole response.

    A transport never retries and never follows a redirect. At most the client's `max_in_flight`
    calls run at once. A cancelled `send` must free what it holds.
    """

    async def send(self, request: WireRequest, timeout: float) -> WireResponse:
        """Send and read.

        Args:
            request: what to send.
            timeout: seconds for all of it: connecting, sending and reading.

        Raises:
            NotSentError: nothing reached the server. Also when time ran out while connecting.
            LostError: something may have reached it. Also when time ran out after that.
            TooLargeError: the response is longer than the request allows.
        """
        ...

    def discard_connections(self) -> None:
        """Use no open connection for another request: a response was not that of its request."""
        ...

    def reset(self) -> None:
        """Forget every connection without touching it: after a fork, or in a new event loop."""
        ...

    async def aclose(self) -> None:
        """Close every connection."""
        ...
