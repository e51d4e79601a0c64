"""What a sandbox saw, in the report of a test that failed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from glomo.money import Money

if TYPE_CHECKING:
    from glomo.sandbox import Sandbox

REQUESTS = 10
PAYOUTS = 10


def describe(sandbox: Sandbox) -> str:
    """The last requests, the last payouts, and the balances that have moved."""
    return "\n".join([*_requests(sandbox), *_payouts(sandbox), *_balances(sandbox)])


def _requests(sandbox: Sandbox) -> Iterator[str]:
    yield f"last requests of {len(sandbox.requests)}:"
    start = max(0, len(sandbox.requests) - REQUESTS)
    for record in islice(sandbox.requests, start, None):
        key = f"  request_id={record.request_id}" if record.request_id else ""
        status = record.status or "no response"
        yield f"  {record.method} {record.path} -> {status}{key}"


def _payouts(sandbox: Sandbox) -> Iterator[str]:
    payouts = sandbox.ledger.payouts
    yield f"last payouts of {len(payouts)}:"
    for payout in payouts[-PAYOUTS:]:
        amount = Money(payout["source_amount"], payout["source_currency"])
        yield f"  {payout['id']}  {payout['status']}  {amount}  {payout.get('request_id')}"


def _balances(sandbox: Sandbox) -> Iterator[str]:
    yield "balances:"
    for currency, accounts in sorted(sandbox.ledger.balances.items()):
        changed = {name: minor for name, minor in accounts.items() if minor}
        amounts = ", ".join(f"{name} {Money(minor, currency)}" for name, minor in changed.items())
        yield f"  {currency}: {amounts or 'nothing'}"
