"""The sandbox itself: puts engine, API and server together and gives tests their handles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from starlette.types import ASGIApp

from .api import RESOURCES
from .engine import beneficiaries, payout_queue, payouts
from .engine.account import Account
from .engine.books import Books
from .engine.clock import Clock
from .engine.engine import MERCHANT, Engine
from .engine.errors import ApiError
from .engine.ledger import Ledger
from .engine.options import AccountOptions, Options
from .engine.rates import SOURCE_CURRENCIES
from .engine.seeding import seeded_beneficiary
from .engine.statefile import StateFile
from .engine.store import Record, public, without_nulls
from .engine.store import Snapshot as Tables
from .engine.webhooks import Webhooks
from .payin_methods import PayinMethods
from .server.access import Access
from .server.app import Gateway, RequestLog
from .server.auth import Gate
from .server.control import routes as control_routes
from .server.dashboard import routes as dashboard_routes
from .server.fault_methods import FaultMethods
from .server.faults import Faults
from .server.limiter import RateLimit
from .server.port import Ready, SandboxServer, serve_forever
from .server.responses import Writer

_GENEROUS = 1_000_000_000_00
_REMEMBERED_REQUESTS = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """What a sandbox held at a moment, for `Sandbox.restore`."""

    tables: Tables = field(repr=False)
    options: AccountOptions = field(repr=False)


class Sandbox(FaultMethods, PayinMethods):
    """A local Glomo.

    Parameters:
        seed: ids, bank references, secrets and random faults follow from it.
        clock: the sandbox's time. Without one it follows the machine's clock.
        options: what is switched on for the account; see `Options`.
        rate_limit: requests a minute and source address before a 429; None: no limit.
        state: a file that keeps everything across a kill of the process; every commit is in it
            before its response is sent. What it holds wins over `balances`.
        balances: opening balances, minor units by currency; without, a billion of each.
        trusted_hosts: names (`sandbox.internal`) under which other machines may reach the dashboard
            and the control plane; without, this machine only.
        keys: the only secret keys that pass; without, every key but a publishable one does.
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        clock: Clock | None = None,
        options: Options | None = None,
        rate_limit: int | None = 3000,
        state: str | Path | None = None,
        balances: Mapping[str, int] | None = None,
        keys: Iterable[str] | None = None,
        trusted_hosts: Iterable[str] = (),
    ) -> None:
        self.clock = Clock() if clock is None else clock
        self.engine = Engine(
            seed=seed,
            clock=self.clock,
            options=options or Options(),
            file=None if state is None else StateFile(state),
            indexes=[index for resource in RESOURCES for index in resource.indexes],
            timers={
                name: timer for resource in RESOURCES for name, timer in resource.timers.items()
            },
            setups=[resource.setup for resource in RESOURCES if resource.setup is not None],
        )
        with self.engine.transaction():
            self._account = self.engine.open(None)
        self._open_balances(balances)
        self.ledger = Ledger(self._account)
        self.faults = Faults(
            seed, [route.operation for resource in RESOURCES for route in resource.routes]
        )
        self.requests = RequestLog(maxlen=_REMEMBERED_REQUESTS)
        gateway = Gateway(
            engine=self.engine,
            gate=Gate(self.engine, keys),
            limit=RateLimit(rate_limit, self.clock),
            faults=self.faults,
            requests=self.requests,
            writer=Writer(self.clock),
        )
        access = Access(trusted_hosts)
        control = [*control_routes(self, access), *dashboard_routes(self, access)]
        self.app: ASGIApp = gateway.routes(RESOURCES, control)
        """The ASGI application: the API under `/api`, the control plane under `/_sandbox`, the
        dashboard at `/`."""

    def _open_balances(self, balances: Mapping[str, int] | None) -> None:
        opening = dict.fromkeys(SOURCE_CURRENCIES, _GENEROUS) if balances is None else balances
        opened = self.books.currencies()
        with self.engine.transaction():
            for currency, minor in opening.items():
                if currency not in opened:
                    self.fund(currency, minor)

    def __repr__(self) -> str:
        return f"<Sandbox {self._account.store.count(payouts.KIND)} payouts>"

    # ------------------------------------------------------------------ readings

    @property
    def books(self) -> Books:
        """The double-entry books; `books.check()` proves that no money was made or lost."""
        return self._account.books

    @property
    def webhooks(self) -> Webhooks:
        """The events, the endpoints and the deliveries."""
        return self.engine.webhooks

    def account(self, merchant_id: str | None = None) -> Account:
        """The records and books of an onboarded merchant; without an id, the sandbox's own."""
        return self.engine.account(merchant_id)

    @property
    def options(self) -> Options:
        """What is switched on for the sandbox's own account; `account(id).options` has those of a
        merchant."""
        return self.engine.options.platform

    def set_options(self, merchant_id: str | None = None, /, **changes: Any) -> Options:
        """Switch features of an account on or off: `set_options(queueing=True)`.

        Parameters:
            merchant_id: of an onboarded merchant, whose other options stay those of the platform;
                without, the sandbox's own account.
            changes: the options that change; see `Options`.

        Returns the options in force from now on. Raises TypeError for an option that does not
        exist, KeyError for a merchant that does not.
        """
        with self.engine.store.lock:
            if (
                merchant_id is not None
                and merchant_id not in self.engine.store.table(MERCHANT).records
            ):
                raise KeyError(merchant_id)
            self.engine.options = self.engine.options.changed(merchant_id, changes)
            return self.engine.options.of(merchant_id)

    # ------------------------------------------------------------------- records

    def add_beneficiary(
        self,
        id: str | None = None,
        *,
        currency: str = "INR",
        status: str = "active",
        rails: Iterable[str] | None = None,
        bank_error: str | None = None,
        name: str = "Sample Supplier",
    ) -> Record:
        """Put a beneficiary in place; one with this id is replaced. Returns it as the API would.

        Parameters:
            id: the id to give it; without, one follows from the seed.
            currency: of its bank account.
            status: `active`, `pending` or `rejected`.
            rails: the rails that reach it; None: all.
            bank_error: an `error_code` such as `INVALID_BENE_IFSC`: every payout to it is
                accepted (201) as `failed` with that code.
            name: of the beneficiary.
        """
        with self.engine.transaction():
            return without_nulls(
                seeded_beneficiary(
                    self._account,
                    id,
                    currency=currency,
                    status=status,
                    rails=rails,
                    bank_error=bank_error,
                    name=name,
                )
            )

    def beneficiary(self, id: str) -> Record | None:
        """The beneficiary with this id as the API would show it, or None."""
        with self.engine.store.lock:
            record = self._account.store.get(beneficiaries.KIND, id)
        return None if record is None else without_nulls(record)

    def fund(self, currency: str, minor: int) -> int:
        """Add `minor` units to a balance. Returns what is available then, minor units."""
        if isinstance(minor, bool) or not isinstance(minor, int) or minor < 0:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(f"fund() takes a whole number of minor units, not {minor!r}")
        if not re.fullmatch("[A-Z]{3}", currency):
            raise ValueError(f"a currency is three capital letters, not {currency!r}")
        with self.engine.transaction():
            self.books.open(currency)
            self.books.transfer(
                "funding", currency, currency, minor, source="funding", target="available"
            )
            return self.books.balance("available", currency)

    def settle(self) -> int:
        """Let every payout in progress succeed now. Returns how many did.

        A payout under review that the balance no longer covers fails instead.
        """
        count = 0
        with self.engine.transaction():
            for account in self.engine.accounts():
                for payout in account.store.find(payouts.KIND, "status", "in_progress"):
                    count += payouts.succeed(account, payout)["status"] == "success"
        self.engine.tick()
        return count

    def release(self) -> None:
        """Run a release of the queue now, without waiting for the clock."""
        with self.engine.transaction():
            for account in self.engine.accounts():
                payout_queue.release(account)
        self.engine.tick()

    def approve(self, payout_id: str) -> Record:
        """Approve a payout that is `pending_approval`, as a checker does in the dashboard.

        Raises KeyError if there is none with this id, ValueError if it does not wait for approval
        or the balance has become too short for it.
        """
        with self.engine.transaction():
            account, payout = self._payout_with_status(payout_id, "pending_approval")
            try:
                approved = payouts.approve(account, payout)
            except ApiError as error:
                raise ValueError(error.message) from error
        self.engine.tick()
        return public(approved)

    def reject(self, payout_id: str) -> Record:
        """Let compliance reject a payout under review: `cancelled` with `PAYOUT_REJECTED`.

        Raises KeyError if there is none with this id, ValueError if it is not under review.
        """
        with self.engine.transaction():
            account, payout = self._payout_with_status(payout_id, "review")
            rejected = payouts.move(account, payout, "cancelled", error_code="PAYOUT_REJECTED")
        self.engine.tick()
        return public(rejected)

    def _payout_with_status(self, payout_id: str, needed: str) -> tuple[Account, Record]:
        account = self.engine.owner(payouts.KIND, payout_id)
        payout = account.store.get(payouts.KIND, payout_id)
        if payout is None:
            raise KeyError(payout_id)
        if payouts.effective_status(payout) != needed:
            raise ValueError(f"{payout_id} is {payouts.effective_status(payout)}, not {needed}")
        return account, payout

    # --------------------------------------------------------------------- state

    def snapshot(self) -> Snapshot:
        """What the sandbox holds: records, books, timers, events, options. Not the time."""
        return Snapshot(self.engine.store.snapshot(), self.engine.options)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot; the clock stays, and what it has passed meanwhile happens."""
        self.engine.restore(snapshot.tables, snapshot.options)

    # ------------------------------------------------------------------- serving

    def serve(self, host: str = "127.0.0.1", port: int = 0) -> SandboxServer:
        """Listen on a port (0: any free one) in a thread; use it as a context manager."""
        return SandboxServer(self.app, self.engine, host, port)

    async def serve_forever(
        self, host: str = "127.0.0.1", port: int = 0, on_ready: Ready | None = None
    ) -> None:
        """Listen until cancelled or interrupted; `on_ready(base_url)` is called once it does."""
        await serve_forever(self.app, self.engine, host, port, on_ready)

    def close(self) -> None:
        """Stop delivering webhooks and let go of the state file."""
        self.engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
