"""The queue of payouts that wait for money."""

from __future__ import annotations

from datetime import datetime, timedelta

from .balances import balance_of
from .environment import Environment
from .lifecycle import KIND, cost_of, move, submit

_RELEASE_MINUTES = (2, 17, 32, 47)
_EXPIRES_AFTER = timedelta(days=30).total_seconds()


def next_release(after: datetime) -> datetime:
    """The next release run: every quarter of an hour, at :02, :17, :32 and :47."""
    hour = after.replace(minute=0, second=0, microsecond=0)
    runs = [hour + timedelta(minutes=m) for m in (*_RELEASE_MINUTES, 60 + _RELEASE_MINUTES[0])]
    return next(run for run in runs if run > after)


def release(env: Environment) -> None:
    """One release run: strictly first in, first out within each source currency.

    A payout that the balance does not cover blocks those behind it; one that has waited 30 days
    fails with `QUEUE_EXPIRED`.
    """
    now = env.clock().timestamp()
    blocked: set[str] = set()
    with env.store.transaction():
        for payout in list(env.store.all(KIND)):
            if payout["status"] != "queued":
                continue
            currency = payout["source_currency"]
            if now - payout["_created"] >= _EXPIRES_AFTER:
                move(env, payout, "failed", error_code="QUEUE_EXPIRED")
            elif currency in blocked or balance_of(env, currency)["available"] < cost_of(payout):
                blocked.add(currency)
            else:
                submit(env, payout)


class QueueTimer:
    """Runs the releases that are due on the sandbox's clock, whenever somebody looks."""

    def __init__(self, env: Environment) -> None:
        self._env = env
        self._next = next_release(env.clock())

    def tick(self) -> None:
        """Catch up with the clock. Several missed runs come to the same as one."""
        now = self._env.clock()
        if now >= self._next:
            self._next = next_release(now)
            release(self._env)
