"""The sandbox that `payouts run --sandbox` brings along.

It listens on a real port, keeps its state in a file beside the payout file, and has everything in
place that the payouts need.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from glomo.batch import Plan, Report, RowStatus
from glomo.batch.totals import by_currency
from glomo.money import Money

from .connection import DEFAULT_RATE_LIMIT
from .failures import CommandError
from .options import Access

if TYPE_CHECKING:
    from glomo.sandbox import Sandbox

STATE_HINT = "stop the sandbox that uses the file, or name another with --state"
TARGET = "embedded sandbox"
"""What the journal belongs to: the port is another one at each start."""


@dataclass(frozen=True, slots=True)
class RehearsalSandbox:
    """A sandbox that listens."""

    access: Access
    key: str
    sandbox: Sandbox


def require_sandbox() -> None:
    """Refuse if the packages of the extra are not installed."""
    try:
        import_module("glomo.sandbox")
    except ImportError as missing:
        package, _, command = str(missing).partition(": ")
        raise CommandError(package, hint=command or "pip install 'glomo[sandbox]'") from None


@contextmanager
def rehearsal_sandbox(plan: Plan, state: Path, rate_limit: int) -> Generator[RehearsalSandbox]:
    """Serve a sandbox that can pay this plan, and remembers what it paid.

    Args:
        plan: its beneficiaries exist and its totals are covered, fees included.
        state: the file that keeps the sandbox across runs.
        rate_limit: what the client keeps to, requests a minute; the sandbox refuses above the
            API's own limit, or above this if it is higher (0: no limit).
    """
    require_sandbox()
    from glomo.sandbox import Sandbox, sandbox_key  # noqa: PLC0415 - an extra

    limit = max(DEFAULT_RATE_LIMIT, rate_limit) if rate_limit else None
    try:
        sandbox = Sandbox(state=state, rate_limit=limit)
    except RuntimeError as held:
        raise CommandError(str(held), hint=STATE_HINT) from held
    with sandbox:
        add_beneficiaries(sandbox, plan)
        _cover(sandbox, plan)
        with sandbox.serve() as server:
            yield RehearsalSandbox(Access(base_url=server.base_url), sandbox_key(), sandbox)


class InventedPayees:
    """Takes any name for that of a beneficiary, and gives it an id that follows from the name."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        """The names that were asked for, by id."""

    def find(self, name: str) -> str:
        """The id."""
        spelled = " ".join(name.split())
        identifier = f"bene_{sha256(spelled.casefold().encode()).hexdigest()[:12]}"
        self.names[identifier] = spelled
        return identifier


def add_beneficiaries(sandbox: Sandbox, plan: Plan, names: Mapping[str, str] | None = None) -> None:
    """Make the beneficiaries that a plan names, where they do not exist yet.

    Args:
        sandbox: where to.
        plan: the plan.
        names: what they are called, by id, where the file gives names.
    """
    for row in plan:
        if sandbox.beneficiary(row.beneficiary_id) is None:
            name = (names or {}).get(row.beneficiary_id, "Sample Supplier")
            sandbox.add_beneficiary(
                row.beneficiary_id, currency=row.destination_currency, name=name
            )


def _cover(sandbox: Sandbox, plan: Plan) -> None:
    balances = sandbox.ledger.balances
    for currency, total in plan.totals.items():
        # Twice covers the sandbox's fees whatever the amounts are.
        short = 2 * total.minor - balances.get(currency, {"available": 0})["available"]
        if short > 0:
            sandbox.fund(currency, short)


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """The sandbox's own books beside the report."""

    payouts: int
    totals: dict[str, Money]
    """What left each balance, without fees."""
    disagreements: tuple[str, ...]


def check_ledger(sandbox: Sandbox, report: Report) -> LedgerCheck:
    """Compare the report with the sandbox's ledger, row by row."""
    ledger = sandbox.ledger
    counts, by_id = ledger.counts(), {one["id"]: one for one in ledger.payouts}
    payouts = 0
    paid: list[Money] = []
    wrong: list[str] = []
    for row in report.results:
        times = counts.get(row.request_id or "", 0)
        payouts += times
        if times > 1:
            wrong.append(f"{row.reference} is in the ledger {times} times")
        if row.payout_id is None:
            if times and row.status is not RowStatus.UNKNOWN:
                wrong.append(f"{row.reference} is in the ledger, the report says {row.status}")
            continue
        payout = by_id.get(row.payout_id)
        if payout is None or payout["request_id"] != row.request_id:
            wrong.append(f"{row.reference}: {row.payout_id} is not in the ledger")
            continue
        if row.amount not in (
            Money(payout["source_amount"], payout["source_currency"]),
            Money(payout["destination_amount"], payout["destination_currency"]),
        ):
            wrong.append(f"{row.reference}: the ledger has another amount than the file")
        if row.status is RowStatus.ACCEPTED:
            paid.append(Money(payout["source_amount"], payout["source_currency"]))
    return LedgerCheck(payouts, by_currency(paid), tuple(wrong))
