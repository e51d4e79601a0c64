"""What a subscription's plan may be: how often, how many times, from when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glomo.models.subscriptions import IntervalType
from glomo.serialization.model import OMIT
from glomo.validation import Checks, day, months_after, today, whole

MOST_CYCLES: Mapping[tuple[str, int], int] = {
    ("month", 1): 120,
    ("month", 3): 40,
    ("month", 6): 20,
    ("year", 1): 10,
}
"""The intervals there are, and how many of each make up ten years."""

_SCHEDULE = (
    "amount",
    "interval_count",
    "billing_cycles",
    "start_date",
    "expires_at",
    "notify_customer",
    "starts_with_first_payment",
)


def check_plan(checks: Checks, plan: Mapping[str, Any]) -> None:
    """Check the parameters of a new subscription."""
    checks.present(
        "customer_id", "product_name", "product_description", "currency", "interval_type"
    )
    checks.prefix("customer_id", "cust_")
    for name, length in (("product", 128), ("plan", 128)):
        checks.at_most(f"{name}_name", length)
        checks.at_most(f"{name}_description", 512)
    checks.minor_units("amount", "max_amount")
    checks.currency("currency")
    interval = str(plan["interval_type"])
    if interval == IntervalType.AS_PRESENTED:
        _check_as_presented(checks, plan)
    elif interval in (IntervalType.MONTH, IntervalType.YEAR):
        checks.present(*_SCHEDULE)
        _check_cycles(checks, interval, plan)
    _check_days(checks, plan)


def _check_as_presented(checks: Checks, plan: Mapping[str, Any]) -> None:
    checks.present("max_amount")
    for name in ("interval_count", "billing_cycles", "start_date"):
        if plan[name] is not OMIT:
            checks.refuse(name, "does not go with as_presented: leave it out")
    if plan["starts_with_first_payment"] is False:
        checks.refuse("starts_with_first_payment", "must not be False with as_presented")


def _check_cycles(checks: Checks, interval: str, plan: Mapping[str, Any]) -> None:
    count = plan["interval_count"]
    counts = [n for kind, n in MOST_CYCLES if kind == interval]
    if type(count) is not int or count not in counts:
        allowed = " or ".join(map(str, counts))
        checks.refuse("interval_count", f"must be {allowed} with {interval}, not {count!r}")
    most = MOST_CYCLES[interval, count]
    whole(checks, "billing_cycles", plan["billing_cycles"], 2, most)


def _check_days(checks: Checks, plan: Mapping[str, Any]) -> None:
    start = day(checks, "start_date", plan["start_date"])
    expires = day(checks, "expires_at", plan["expires_at"])
    if start is None:
        return
    if start < today():
        checks.refuse("start_date", f"must be today (UTC) or later, not {start}")
    if expires is not None and not start <= expires <= months_after(start, 6):
        checks.refuse(
            "expires_at",
            f"must be from start_date to six months after it ({start} to "
            f"{months_after(start, 6)}), not {expires}",
        )
