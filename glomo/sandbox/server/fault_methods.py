"""Faults as a test asks for them."""

from __future__ import annotations

from .faults import Fault, FaultKind, Faults


class FaultMethods:
    """Ways to put a fault in force.

    For all of them: `operation` is the client's method (`payouts.create`; None: every one), `times`
    how often (None: until `clear_faults()`).
    """

    faults: Faults

    def lose_response(
        self,
        after_commit: bool = True,
        operation: str | None = "payouts.create",
        times: int | None = 1,
    ) -> None:
        """Cut the connection in the place of a response, by default after the commit."""
        kind = FaultKind.CUT_AFTER if after_commit else FaultKind.CUT_BEFORE
        self.faults.add(Fault(kind, operation, times))

    def fail(
        self,
        status: int = 503,
        before_commit: bool = True,
        operation: str | None = None,
        times: int | None = 1,
    ) -> None:
        """Respond with a 5xx; with `before_commit=False` although the operation was done."""
        kind = FaultKind.FAIL_BEFORE if before_commit else FaultKind.FAIL_AFTER
        self.faults.add(Fault(kind, operation, times, status=status))

    def garbage(
        self, truncated: bool = False, operation: str | None = None, times: int | None = 1
    ) -> None:
        """Do the operation and send 200 or 201 with an HTML page, or with half of the JSON."""
        kind = FaultKind.TRUNCATED if truncated else FaultKind.HTML
        self.faults.add(Fault(kind, operation, times))

    def wrong_object(self, operation: str | None = "payouts.create", times: int | None = 1) -> None:
        """Do the operation and send a 2xx with another object of the kind."""
        self.faults.add(Fault(FaultKind.WRONG_OBJECT, operation, times))

    def stray_response(self, operation: str | None = None, times: int | None = 1) -> None:
        """Send an extra response on the connection after the right one; on a port only, because
        in process there is no connection."""
        self.faults.add(Fault(FaultKind.STRAY_RESPONSE, operation, times))

    def slow_body(
        self, seconds: float, operation: str | None = None, times: int | None = 1
    ) -> None:
        """Send the head at once and the body in drops, over so many seconds of real time."""
        self.faults.add(Fault(FaultKind.SLOW_BODY, operation, times, seconds=seconds))

    def lag(
        self, seconds: float, operation: str | None = "payouts.list", times: int | None = None
    ) -> None:
        """Leave what was created in the last `seconds` of the sandbox's clock out of a list and
        its filters, as a read replica does that lags."""
        self.faults.add(Fault(FaultKind.LAG, operation, times, seconds=seconds))

    def delay(self, seconds: float, operation: str | None = None, times: int | None = 1) -> None:
        """Take this long (seconds, real time) before doing anything."""
        self.faults.add(Fault(FaultKind.DELAY, operation, times, seconds=seconds))

    def limit(self, operation: str | None = None, times: int | None = 1) -> None:
        """Respond with 429 without doing anything."""
        self.faults.add(Fault(FaultKind.LIMIT, operation, times))

    def random_faults(
        self, rate: float = 0.2, operation: str | None = None, delay: float = 0.05
    ) -> None:
        """Hit this share of all calls with a fault of any kind of `RANDOM_KINDS`, drawn by the
        seed. `delay` is how long (seconds) the slow ones take."""
        self.faults.add(Fault(None, operation, None, rate=rate, seconds=delay))

    def clear_faults(self) -> None:
        """Everything works again."""
        self.faults.clear()
