"""The vocabulary between the protocol of a call and its driver: steps, and what became of them."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from attrs import frozen

from .operation import Call, Operation
from .transport import LostError, NotSentError, TooLargeError, WireResponse


@frozen
class Send:
    """Send the call's own request."""


@frozen
class Read:
    """Send a GET that finds out what the call has done."""

    op: Operation[Any]
    call: Call


@frozen
class Wait:
    """Let time pass."""

    seconds: float


@frozen
class Hold:
    """Let no call of the client have a turn for so long: the server had too much."""

    seconds: float


@frozen
class DiscardConnections:
    """Use no open connection again: one of them delivers other requests' responses."""


class OutOfTimeError(Exception):
    """The time passed, or would pass, before the step could be carried out: nothing was sent."""


SEND = Send()
DISCARD_CONNECTIONS = DiscardConnections()

Step = Send | Read | Wait | Hold | DiscardConnections
Outcome = WireResponse | NotSentError | LostError | TooLargeError | OutOfTimeError | None
"""What became of a step. `None`: there is nothing to say."""
Steps = Generator[Step, Outcome, Any]
