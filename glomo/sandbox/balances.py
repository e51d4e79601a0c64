"""Balances: what is available, what is held for payouts under way, what was paid."""

from __future__ import annotations

from .environment import Environment
from .refusals import insufficient_balance
from .store import Record
from .wire import Answer, Call, Endpoint

KIND = "balance"


def balance_of(env: Environment, currency: str) -> Record:
    """The balance in a currency: `available`, `held`, `paid`, minor units."""
    found = env.store.get(KIND, currency)
    return found or {"currency": currency, "available": 0, "held": 0, "paid": 0}


def fund(env: Environment, currency: str, minor: int) -> Record:
    """Add money to a balance, or open one."""
    before = balance_of(env, currency)
    return env.store.put(KIND, currency, {**before, "available": before["available"] + minor})


def need(env: Environment, currency: str, minor: int) -> None:
    """Refuse with the shortfall if less than `minor` is available."""
    available = balance_of(env, currency)["available"]
    if available < minor:
        raise insufficient_balance(minor - available)


def shift(env: Environment, currency: str, minor: int, source: str, target: str) -> None:
    """Move money between `available`, `held` and `paid` of one balance."""
    if minor == 0:
        return
    before = balance_of(env, currency)
    if source == "available":
        need(env, currency, minor)
    moved = {source: before[source] - minor, target: before[target] + minor}
    env.store.put(KIND, currency, {**before, **moved})


def _retrieve(call: Call) -> Answer:
    balances = list(call.env.store.all(KIND))
    return Answer(
        {
            "available": [
                {"currency": one["currency"], "amount": one["available"]} for one in balances
            ],
            # Money on its way in. A hold for a payout is not: it has merely left `available`.
            "pending": [{"currency": one["currency"], "amount": 0} for one in balances],
        }
    )


ENDPOINTS = (Endpoint("balances.retrieve", "GET", "/api/v1/balances", _retrieve),)
