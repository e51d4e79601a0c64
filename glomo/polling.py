"""Waiting for an object to reach the end of its life cycle."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Any, Protocol, TypeVar

import anyio

from .errors import ParameterError, RateLimitError, ServerError, TransportError, WaitTimeoutError
from .serialization.status import Status

FIRST = 1.0
GROWTH = 1.5
LONGEST = 30.0
SHORTEST = 0.25
"""Seconds before the deadline in which nothing is asked any more."""

_BAD_ENDS = frozenset({"failed", "cancelled", "rejected", "expired"})


class HasStatus(Protocol):
    """An object with a life cycle."""

    @property
    def status(self) -> str | None: ...


T = TypeVar("T", bound=HasStatus)

Until = Callable[[T], bool] | Collection[str]
"""A condition on the object, or the statuses to wait for."""


def is_terminal(resource: HasStatus) -> bool:
    """Whether the object's life cycle has ended."""
    return isinstance(resource.status, Status) and resource.status.terminal


async def wait_for(
    read: Callable[[float], Awaitable[T]],
    description: str,
    *,
    until: Until[T] | None,
    timeout: float,
    is_ended: Callable[[T], bool] | None = None,
    clock: Callable[[], float] = anyio.current_time,
    sleep: Callable[[float], Awaitable[Any]] = anyio.sleep,
) -> T:
    """Read an object again and again, at growing intervals, until it is as wanted or at an end.

    Args:
        read: reads the object, within the given seconds.
        description: the object's id, for the error.
        until: when to stop before the end; `None` waits for a terminal status.
        timeout: seconds to wait at most.
        is_ended: whether nothing can come of waiting any longer; `None` tells it by the status.
        clock, sleep: what time is, and passes by.

    Raises:
        WaitTimeoutError: the time is up; carries the object as last seen.
    """
    number = isinstance(timeout, (int, float)) and not isinstance(timeout, bool)  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
    if not number or not timeout > 0:
        raise ParameterError(
            f"timeout must be a positive number of seconds, not {timeout!r}", parameter="timeout"
        )
    if isinstance(until, str):
        until = (until,)
    deadline = clock() + timeout
    interval = FIRST
    last: T | None = None
    while True:
        try:
            last = await read(deadline - clock())
        except (TransportError, ServerError, RateLimitError):
            pass  # the object is still there; the deadline bounds the patience
        else:
            if _is_met(last, until) or (is_ended(last) if is_ended else _is_over(last, until)):
                return last
        remaining = deadline - clock()
        if remaining <= SHORTEST:
            break
        # The last stretch is halved again and again: what happens near its end is seen too.
        await sleep(interval if interval + SHORTEST < remaining else remaining / 2)
        interval = min(LONGEST, interval * GROWTH)
    await sleep(max(0.0, remaining))
    last_state = "it could not be read" if last is None else f"last seen as {last.status!s}"
    raise WaitTimeoutError(
        f"{description}: not there after {timeout:g} s ({last_state})", last_seen=last
    )


def _is_met(resource: T, until: Until[T] | None) -> bool:
    if until is None:
        return False
    return until(resource) if callable(until) else resource.status in until


def _is_over(resource: T, until: Until[T] | None) -> bool:
    """Whether what is waited for can no longer come.

    A success is not the end for a condition: funds or a bank reference may follow it.
    """
    return is_terminal(resource) and (not callable(until) or resource.status in _BAD_ENDS)
