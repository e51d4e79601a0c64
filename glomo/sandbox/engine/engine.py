"""The engine: everything behind the API, with no HTTP in it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from .account import Account
from .books import Books, UnbalancedError
from .clock import Clock
from .ids import Ids
from .keys import Keys
from .options import AccountOptions, Options
from .scheduler import Handler, Scheduler, moment_of
from .statefile import StateFile
from .store import Index, Snapshot, Store, Tables
from .webhooks import Webhooks
from .webhooks.deliveries import DELIVERY_INDEX
from .webhooks.outbox import DELIVER

log = logging.getLogger("glomo.sandbox")

MERCHANT = "merchant"
Setup = Callable[[Account], None]


class Engine:
    """The accounts of the sandbox, its clock, and what happens by itself."""

    def __init__(
        self,
        *,
        seed: int,
        clock: Clock,
        options: Options,
        file: StateFile | None,
        indexes: Iterable[Index],
        timers: Mapping[str, Handler],
        setups: Iterable[Setup] = (),
    ) -> None:
        self.clock = clock
        self.options = AccountOptions(options)
        self.ids = Ids(seed)
        self.store = Store(file, [*indexes, DELIVERY_INDEX])
        self.keys = Keys(self.store)
        self.webhooks = Webhooks(self, seed)
        self.scheduler = Scheduler(self.store, {**timers, DELIVER: self.webhooks.ready})
        self._moment: datetime | None = None
        self._accounts: dict[str | None, Account] = {}
        self._setups = list(setups)
        clock.on_move(self.tick)
        self.webhooks.recover()

    def now(self) -> datetime:
        """The present; while a timer is at work, its own moment."""
        return self._moment or self.clock()

    def ago(self, seconds: float) -> datetime:
        """So many seconds before the present."""
        return self.now() - timedelta(seconds=seconds)

    def account(self, merchant_id: str | None = None) -> Account:
        """A merchant's account; without an id, the sandbox's own."""
        account = self._accounts.get(merchant_id)
        if account is None:
            parent = None if merchant_id is None else self.account(None)
            tables = Tables(self.store, merchant_id)
            books = Books(tables, self.now)
            account = Account(self, merchant_id, tables, books, parent)
            self._accounts[merchant_id] = account
        return account

    def open(self, merchant_id: str | None) -> Account:
        """A merchant's account with what it has from the start; belongs inside a transaction."""
        account = self.account(merchant_id)
        for setup in self._setups:
            setup(account)
        return account

    def accounts(self) -> list[Account]:
        """The sandbox's own account and those of all merchants that were onboarded."""
        children = self.store.table(MERCHANT).records
        return [self.account(None), *(self.account(merchant_id) for merchant_id in children)]

    def owner(self, kind: str, key: str) -> Account:
        """The account that has a record of this kind; the sandbox's own if none has."""
        for account in self.accounts():
            if account.store.get(kind, key) is not None:
                return account
        return self.account()

    def transaction(self) -> AbstractContextManager[None]:
        """All writes inside happen together or not at all."""
        return self.store.transaction()

    def tick(self) -> None:
        """Let happen what is due by now, in order of time, and deliver the webhooks."""
        self.webhooks.deliver_ready()
        while self._fire_next():
            self.webhooks.deliver_ready()

    def next_at(self) -> float | None:
        """When the next timer fires, seconds since 1970; None: nothing is planned."""
        with self.store.lock:
            return self.scheduler.next_at()

    def restore(self, snapshot: Snapshot, options: AccountOptions) -> None:
        """Put all records back to what they were, and the future with them."""
        self.webhooks.wait()
        with self.store.lock:
            self.store.restore(snapshot)
            self.options = options
            self.scheduler.rebuild()
            self.webhooks.recover()
        self.tick()

    def close(self) -> None:
        """Stop delivering webhooks and let go of the state file."""
        self.clock.forget(self.tick)
        self.webhooks.close()
        self.store.close()

    def check(self) -> None:
        """Prove that no account's money was made or lost; raises `UnbalancedError`."""
        between: Counter[str] = Counter()
        for account in self.accounts():
            account.books.check()
            between.update(account.books.balances().get("merchants", {}))
        if any(between.values()):
            raise UnbalancedError(f"transfers between merchants do not add up: {between}")

    def _fire_next(self) -> bool:
        with self.store.lock:
            at = self.scheduler.next_at()
            if at is None or at > self.clock().timestamp() or self._moment is not None:
                return False
            self._moment = moment_of(at)
            try:
                self.scheduler.fire(self.account)
            except UnbalancedError:
                raise
            except Exception:
                log.exception("a timer of the sandbox failed")
            finally:
                self._moment = None
            return True
