"""The right to work on a slice, which passes to another worker when its holder falls silent.

A worker may be frozen and thawed without noticing. So the time that a lease is good for is counted
on this machine's monotonic clock from *before* it was asked for, and looked at directly before
every request: after the wait for the rate limit, when nothing else stands between the row and the
wire. What slips through all the same is refused by the journal, which compares epochs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar

from .errors import FencedError

_current: ContextVar[Lease | None] = ContextVar("glomo_lease", default=None)


class Lease:
    """A right for so many seconds, renewed by whoever keeps it.

    Args:
        name: what it is a right to, for messages.
        seconds: how long it is good for after it was asked for.
        clock: monotonic time, which goes on while the process is stopped.
    """

    def __init__(
        self, name: str, seconds: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = name
        self.seconds = seconds
        self._clock = clock
        # A request may be on its way for a moment after it was let through.
        self._margin = min(2.0, seconds / 5)
        self._good_until = float("-inf")

    def now(self) -> float:
        """The time, as `renew` takes it."""
        return self._clock()

    def renew(self, asked_at: float) -> None:
        """The database has granted it.

        Args:
            asked_at: when it was asked for, before the request for it was sent.
        """
        self._good_until = asked_at + self.seconds - self._margin

    def lose(self) -> None:
        """It is another's now."""
        self._good_until = float("-inf")

    def check(self) -> None:
        """Do nothing while the lease is good.

        Raises:
            FencedError: it is not.
        """
        if self._clock() >= self._good_until:
            raise FencedError(f"the lease on {self.name} is over: another worker may have it")

    @contextmanager
    def guarding(self) -> Generator[None]:
        """Within the block, and in every task that it starts, requests need this lease."""
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)


def check_lease() -> None:
    """Refuse to send if the work under way belongs to a lease that is over.

    Raises:
        FencedError: it is.
    """
    lease = _current.get()
    if lease is not None:
        lease.check()
