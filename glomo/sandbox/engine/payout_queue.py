"""The queue of payouts that wait for money."""

from __future__ import annotations

from operator import itemgetter

from . import payouts
from .account import Account


def release(account: Account, _: str = "") -> None:
    """One release run: strictly first in, first out within each source currency.

    A payout that the balance does not cover blocks those behind it.
    """
    blocked: set[str] = set()
    queued = account.store.find(payouts.KIND, "status", "queued")
    for payout in sorted(queued, key=itemgetter("_queued")):
        currency = payout["source_currency"]
        cost = payouts.cost_of(payout)
        if currency in blocked or account.books.balance("available", currency) < cost:
            blocked.add(currency)
        else:
            payouts.submit(account, payout)
    if blocked:
        account.schedule(payouts.next_release(account.now()), payouts.RELEASE, "")


def expire(account: Account, payout_id: str) -> None:
    """Timer: a payout that has been queued for 30 days fails."""
    payout = account.store.get(payouts.KIND, payout_id)
    if payout is not None and payout["status"] == "queued":
        payouts.move(account, payout, "failed", error_code="QUEUE_EXPIRED")
