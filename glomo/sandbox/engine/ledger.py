"""What really happened to payouts, for tests to compare with what a client believes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from . import payouts
from .account import Account
from .store import Record, public

_UNPAID = payouts.TERMINAL - {"success"}
_REQUEST_ID = (payouts.KIND, "request_id")


class Ledger:
    """A reading of an account's payouts. Records are copies, in the shape the API sends."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._store = account.store
        self._lock = account.engine.store.lock

    @property
    def payouts(self) -> list[Record]:
        """Every payout, oldest first."""
        with self._lock:
            return [public(payout) for payout in self._store.all(payouts.KIND)]

    @property
    def balances(self) -> dict[str, dict[str, int]]:
        """`available`, `held` and `paid` (by payouts, fees included) by currency, minor units."""
        books = self._account.books
        with self._lock:
            return {
                currency: {
                    "available": books.balance("available", currency),
                    "held": books.balance("held", currency),
                    "paid": books.balance("payouts", currency)
                    + books.balance("fees.payout", currency),
                }
                for currency in books.currencies()
            }

    def by_request_id(self, request_id: str) -> Record | None:
        """The payout with this `request_id`, or None."""
        with self._lock:
            matches = self._store.find(*_REQUEST_ID, request_id)
            return public(matches[0]) if matches else None

    def count(self, request_id: str) -> int:
        """How many payouts bear this `request_id`, whatever became of them."""
        with self._lock:
            return len(self._store.find(*_REQUEST_ID, request_id))

    def counts(self) -> dict[str, int]:
        """How many payouts bear each `request_id`."""
        return dict(
            Counter(payout["request_id"] for payout in self.payouts if payout["request_id"])
        )

    def paid_once(self, request_id: str) -> bool:
        """Whether exactly one payout bears this `request_id`, and it neither failed nor was
        cancelled."""
        with self._lock:
            matches = self._store.find(*_REQUEST_ID, request_id)
            return len(matches) == 1 and matches[0]["status"] not in _UNPAID

    def totals(self, statuses: Collection[str] | None = None) -> dict[str, int]:
        """Sum of `source_amount` by source currency, minor units.

        Counts the payouts in the given statuses; without, all that neither failed nor were
        cancelled.
        """
        sums: Counter[str] = Counter()
        for payout in self.payouts:
            status = payout["status"]
            if status in statuses if statuses is not None else status not in _UNPAID:
                sums[payout["source_currency"]] += payout["source_amount"]
        return dict(sums)
