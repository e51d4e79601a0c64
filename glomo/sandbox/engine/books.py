"""Double entry: every movement of money is a posting whose lines add up to nothing.

A merchant's accounts hold what is its own (`available`, `held`, `pending`), what it spent
(`payouts`, `fees.payout`) and the world outside (`funding`, `customers`, `exchange`,
`beneficiaries`). An amount that is added to one account is taken from another, so in every
currency all accounts together are zero for ever; `check()` recomputes that from the postings.

A resource that moves money writes

    account.books.post("refund", refund["id"], [
        Line("available", "USD", -1000),
        Line("customers", "USD", 1000),
    ])
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .clock import Now, wire_time
from .errors import insufficient_balance
from .store import Record, Tables

POSTING = "posting"
BALANCE = "balance"

OWN = frozenset({"available", "held", "pending"})
"""Accounts that hold the merchant's money and can never be below zero."""


class Line(NamedTuple):
    """What a posting does to one account: an amount in minor units, negative if it is taken."""

    account: str
    currency: str
    minor: int


class UnbalancedError(RuntimeError):
    """The sandbox itself is wrong: money was made or lost."""


class Books:
    """One merchant's books."""

    def __init__(self, store: Tables, now: Now) -> None:
        self._store = store
        self._now = now

    def balance(self, account: str, currency: str) -> int:
        """What an account holds in a currency, minor units."""
        record = self._store.get(BALANCE, f"{account}/{currency}")
        return 0 if record is None else int(record["minor"])

    def currencies(self, account: str = "available") -> list[str]:
        """The currencies in which an account was ever used, in that order."""
        return [
            balance["currency"]
            for balance in self._store.all(BALANCE)
            if balance["account"] == account
        ]

    def need(self, currency: str, minor: int, account: str = "available") -> None:
        """Raise the API's 400 with the shortfall if less than `minor` is in the account."""
        available = self.balance(account, currency)
        if available < minor:
            raise insufficient_balance(minor - available)

    def open(self, currency: str) -> None:
        """Show a currency among the balances although nothing was posted in it yet."""
        if self._store.get(BALANCE, f"available/{currency}") is None:
            self._put("available", currency, 0)

    def post(self, kind: str, reference: str, lines: Sequence[Line]) -> None:
        """Write a posting for a resource (`payout`, its id); lines of zero are left out.

        Raises the API's 400 for a short balance if an account of the merchant's own would fall
        below zero, `UnbalancedError` if the lines do not add up.
        """
        lines = [line for line in lines if line.minor]
        if not lines:
            return
        if any(_sums(lines).values()):
            raise UnbalancedError(f"{kind} {reference}: {lines}")
        changes: dict[tuple[str, str], int] = {}
        for account, currency, minor in lines:
            changes[account, currency] = changes.get((account, currency), 0) + minor
        for (account, currency), minor in changes.items():
            after = self.balance(account, currency) + minor
            if after < 0 and account in OWN:
                raise insufficient_balance(-after)
            self._put(account, currency, after)
        number = self._store.count(POSTING) + 1
        self._store.put(
            POSTING,
            str(number),
            {
                "kind": kind,
                "reference": reference,
                "lines": [tuple(line) for line in lines],
                "created_at": wire_time(self._now()),
            },
        )

    def transfer(
        self,
        kind: str,
        reference: str,
        currency: str,
        minor: int,
        *,
        source: str,
        target: str,
    ) -> None:
        """Post `minor` units from one account to another."""
        self.post(kind, reference, [Line(source, currency, -minor), Line(target, currency, minor)])

    def postings(self, reference: str | None = None) -> list[Record]:
        """The postings of a resource, or all of them, oldest first."""
        with self._store.whole.lock:
            return [
                {**posting, "lines": [Line(*line) for line in posting["lines"]]}
                for posting in self._store.all(POSTING)
                if reference is None or posting["reference"] == reference
            ]

    def balances(self) -> dict[str, dict[str, int]]:
        """Every account's balances, minor units by currency."""
        with self._store.whole.lock:
            accounts: dict[str, dict[str, int]] = {}
            for balance in self._store.all(BALANCE):
                accounts.setdefault(balance["account"], {})[balance["currency"]] = balance["minor"]
            return accounts

    def check(self) -> None:
        """Prove from the postings that nothing was made or lost; raises `UnbalancedError`."""
        with self._store.whole.lock:
            sums: defaultdict[tuple[str, str], int] = defaultdict(int)
            for posting in self._store.all(POSTING):
                lines = [Line(*line) for line in posting["lines"]]
                if any(_sums(lines).values()):
                    raise UnbalancedError(
                        f"posting of {posting['reference']} does not add up: {lines}"
                    )
                for account, currency, minor in lines:
                    sums[account, currency] += minor
            balances = {
                (balance["account"], balance["currency"]): balance
                for balance in self._store.all(BALANCE)
            }
            for account, currency in {*sums, *balances}:
                is_ = balances.get((account, currency), {"minor": 0})["minor"]
                if is_ != sums[account, currency]:
                    raise UnbalancedError(
                        f"{account} has {is_} {currency}, its postings say "
                        f"{sums[account, currency]}"
                    )
                if is_ < 0 and account in OWN:
                    raise UnbalancedError(f"{account} is overdrawn: {is_} {currency}")

    def _put(self, account: str, currency: str, minor: int) -> None:
        self._store.put(
            BALANCE,
            f"{account}/{currency}",
            {"account": account, "currency": currency, "minor": minor},
        )


def _sums(lines: Iterable[Line]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for _, currency, minor in lines:
        sums[currency] = sums.get(currency, 0) + minor
    return sums
