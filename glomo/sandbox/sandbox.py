"""The sandbox itself: puts the rooms together and gives tests their handles."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

from starlette.types import ASGIApp

from . import balances as money
from . import beneficiaries, lifecycle, payouts
from .app import Gateway, RequestRecord
from .auth import Gate
from .clock import Clock, Now
from .control import routes as control_routes
from .environment import Environment, Options
from .faults import Fault, FaultKind, Faults
from .ids import Ids
from .ledger import Ledger
from .limiter import RateLimit
from .queueing import QueueTimer, release
from .rates import SOURCE_CURRENCIES
from .refusals import RefusalError
from .seeding import seeded_beneficiary
from .server import Ready, SandboxServer, serve_forever
from .statefile import StateFile
from .store import Record, Store, public

_GENEROUS = 1_000_000_000_00
_REMEMBERED_REQUESTS = 50_000


class Sandbox:
    """A local Glomo.

    Parameters:
        seed: ids, bank references and random faults follow from it.
        clock: the sandbox's time: a `Clock`, or anything that returns an aware datetime. Without
            one it follows the machine's clock and can be advanced.
        rate_limit: requests a minute and source address before a 429; None: no limit.
        queueing: payouts start `queued` and are released as balance allows.
        maker_checker: payouts start `pending_approval` until `approve()`.
        screening: payouts start under compliance review until `settle()` or a mock step.
        beneficiary_review: beneficiaries made over the API start `pending`.
        state: a file that keeps everything across a kill of the process; every commit is in it
            before its answer is sent. What it holds wins over `balances`.
        balances: opening balances, minor units by currency; without, a billion of each.
        keys: the only secret keys that pass; without, every key but a publishable one does.
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        clock: Now | None = None,
        rate_limit: int | None = 3000,
        queueing: bool = False,
        maker_checker: bool = False,
        screening: bool = False,
        beneficiary_review: bool = False,
        state: str | Path | None = None,
        balances: Mapping[str, int] | None = None,
        keys: Iterable[str] | None = None,
    ) -> None:
        self.clock: Now = Clock() if clock is None else clock
        gate, limit = Gate(keys), RateLimit(rate_limit, self.clock)
        self._store = Store(
            None if state is None else StateFile(state),
            indexes=(payouts.INDEX, beneficiaries.INDEX),
        )
        self._env = Environment(
            store=self._store,
            clock=self.clock,
            ids=Ids(seed),
            options=Options(
                queueing=queueing,
                maker_checker=maker_checker,
                screening=screening,
                beneficiary_review=beneficiary_review,
            ),
        )
        self._open_balances(balances)
        self.ledger = Ledger(self._store)
        self.faults = Faults(seed)
        self.requests: deque[RequestRecord] = deque(maxlen=_REMEMBERED_REQUESTS)
        tick = QueueTimer(self._env).tick
        gateway = Gateway(
            env=self._env,
            gate=gate,
            limit=limit,
            faults=self.faults,
            requests=self.requests,
            tick=tick,
        )
        self.app: ASGIApp = gateway.routes(
            (*money.ENDPOINTS, *beneficiaries.ENDPOINTS, *payouts.ENDPOINTS), control_routes(self)
        )
        """The ASGI application: the API under `/api`, the control plane under `/_sandbox`."""

    def _open_balances(self, given: Mapping[str, int] | None) -> None:
        opening = dict.fromkeys(SOURCE_CURRENCIES, _GENEROUS) if given is None else given
        with self._store.transaction():
            for currency, minor in opening.items():
                if self._store.get(money.KIND, currency) is None:
                    self.fund(currency, minor)

    def __repr__(self) -> str:
        return f"<Sandbox {self._store.count(lifecycle.KIND)} payouts>"

    # ------------------------------------------------------------------ records

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
        with self._store.lock:
            made = seeded_beneficiary(
                self._env,
                id,
                currency=currency,
                status=status,
                rails=rails,
                bank_error=bank_error,
                name=name,
            )
        return public(made)

    def beneficiary(self, id: str) -> Record | None:
        """The beneficiary with this id as the API would show it, or None."""
        with self._store.lock:
            found = self._store.get(beneficiaries.KIND, id)
        return None if found is None else public(found)

    def fund(self, currency: str, minor: int) -> int:
        """Add `minor` units to a balance. Returns what is available then, minor units."""
        if isinstance(minor, bool) or not isinstance(minor, int) or minor < 0:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(f"fund() takes a whole number of minor units, not {minor!r}")
        if not re.fullmatch("[A-Z]{3}", currency):
            raise ValueError(f"a currency is three capital letters, not {currency!r}")
        with self._store.transaction():
            return int(money.fund(self._env, currency, minor)["available"])

    def settle(self) -> int:
        """Let every payout in progress succeed. Returns how many did.

        Payouts under review whose cost the balance does not cover stay where they are.
        """
        settled = 0
        with self._store.transaction():
            for payout in list(self._store.all(lifecycle.KIND)):
                if payout["status"] == "in_progress":
                    try:
                        lifecycle.move(self._env, payout, "success")
                    except RefusalError:
                        continue
                    settled += 1
        return settled

    def release(self) -> None:
        """Run a release of the queue now, without waiting for the clock."""
        release(self._env)

    def approve(self, payout_id: str) -> Record:
        """Approve a payout that is `pending_approval`, as a checker does in the dashboard.

        Raises KeyError if there is none with this id, ValueError if it does not wait for approval
        or the balance has become too short for it.
        """
        with self._store.transaction():
            payout = self._standing(payout_id, "pending_approval")
            try:
                return public(lifecycle.approved(self._env, payout))
            except RefusalError as short:
                raise ValueError(short.message) from short

    def reject(self, payout_id: str) -> Record:
        """Let compliance reject a payout under review: `cancelled` with `PAYOUT_REJECTED`.

        Raises KeyError if there is none with this id, ValueError if it is not under review.
        """
        with self._store.transaction():
            payout = self._standing(payout_id, "review")
            moved = lifecycle.move(self._env, payout, "cancelled", error_code="PAYOUT_REJECTED")
            return public(moved)

    def _standing(self, payout_id: str, needed: str) -> Record:
        payout = self._store.get(lifecycle.KIND, payout_id)
        if payout is None:
            raise KeyError(payout_id)
        if lifecycle.standing(payout) != needed:
            raise ValueError(f"{payout_id} is {lifecycle.standing(payout)}, not {needed}")
        return payout

    # ------------------------------------------------------------------- faults

    def lose_response(
        self,
        after_commit: bool = True,
        operation: str | None = "payouts.create",
        times: int | None = 1,
    ) -> None:
        """Cut the connection in the place of an answer, by default when the deed is done.

        For all faults: `operation` is the client's method (None: every one), `times` how often
        (None: until `clear_faults()`).
        """
        kind = FaultKind.CUT_AFTER if after_commit else FaultKind.CUT_BEFORE
        self.faults.add(Fault(kind, operation, times))

    def fail(
        self,
        status: int = 503,
        before_commit: bool = True,
        operation: str | None = None,
        times: int | None = 1,
    ) -> None:
        """Answer with a 5xx; with `before_commit=False` although the deed is done."""
        kind = FaultKind.FAIL_BEFORE if before_commit else FaultKind.FAIL_AFTER
        self.faults.add(Fault(kind, operation, times, status=status))

    def garbage(
        self, truncated: bool = False, operation: str | None = None, times: int | None = 1
    ) -> None:
        """Do what was asked and answer 200 or 201 with an HTML page, or with half of the JSON."""
        kind = FaultKind.TRUNCATED if truncated else FaultKind.HTML
        self.faults.add(Fault(kind, operation, times))

    def delay(self, seconds: float, operation: str | None = None, times: int | None = 1) -> None:
        """Take this long (seconds, real time) before doing anything."""
        self.faults.add(Fault(FaultKind.DELAY, operation, times, seconds=seconds))

    def limit(self, operation: str | None = None, times: int | None = 1) -> None:
        """Answer 429 without doing anything."""
        self.faults.add(Fault(FaultKind.LIMIT, operation, times))

    def storm(self, rate: float = 0.2, operation: str | None = None, delay: float = 0.05) -> None:
        """Hit this share of all calls with a fault of any kind, drawn by the seed.

        `delay` is how long (seconds) the slow ones take.
        """
        self.faults.add(Fault(None, operation, None, rate=rate, seconds=delay))

    def clear_faults(self) -> None:
        """Everything works again."""
        self.faults.clear()

    # ------------------------------------------------------------------ serving

    def serve(self, host: str = "127.0.0.1", port: int = 0) -> SandboxServer:
        """Listen on a port (0: any free one) in a thread; use it as a context manager."""
        return SandboxServer(self.app, host, port)

    async def serve_forever(
        self, host: str = "127.0.0.1", port: int = 0, on_ready: Ready | None = None
    ) -> None:
        """Listen until cancelled or interrupted; `on_ready(base_url)` is called once it does."""
        await serve_forever(self.app, host, port, on_ready)

    def close(self) -> None:
        """Let go of the state file. Without `state` there is nothing to close."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
