"""What really happened, for tests to compare with what a client believes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from . import lifecycle, payouts
from .balances import KIND as BALANCE
from .store import Record, Store, public

_UNPAID = lifecycle.TERMINAL - {"success"}


class Ledger:
    """A reading of the sandbox's payouts. Records are copies, in the shape the API answers."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def payouts(self) -> list[Record]:
        """Every payout, oldest first."""
        with self._store.lock:
            return [public(one) for one in self._store.all(lifecycle.KIND)]

    @property
    def balances(self) -> dict[str, dict[str, int]]:
        """`available`, `held` and `paid` by currency, minor units."""
        with self._store.lock:
            return {
                one["currency"]: {key: one[key] for key in ("available", "held", "paid")}
                for one in self._store.all(BALANCE)
            }

    def by_request_id(self, request_id: str) -> Record | None:
        """The payout with this `request_id`, or None."""
        with self._store.lock:
            found = self._store.find(*payouts.INDEX, request_id)
            return public(found[0]) if found else None

    def count(self, request_id: str) -> int:
        """How many payouts bear this `request_id`, whatever became of them."""
        with self._store.lock:
            return len(self._store.find(*payouts.INDEX, request_id))

    def counts(self) -> dict[str, int]:
        """How many payouts bear each `request_id`."""
        return dict(Counter(one["request_id"] for one in self.payouts if one["request_id"]))

    def paid_once(self, request_id: str) -> bool:
        """Whether exactly one payout bears this `request_id`, and it neither failed nor was
        cancelled."""
        with self._store.lock:
            found = self._store.find(*payouts.INDEX, request_id)
            return len(found) == 1 and found[0]["status"] not in _UNPAID

    def totals(self, statuses: Collection[str] | None = None) -> dict[str, int]:
        """Sum of `source_amount` by source currency, minor units.

        Counts the payouts in the given statuses; without, all that neither failed nor were
        cancelled.
        """
        sums: Counter[str] = Counter()
        for one in self.payouts:
            status = one["status"]
            if status in statuses if statuses is not None else status not in _UNPAID:
                sums[one["source_currency"]] += one["source_amount"]
        return dict(sums)
