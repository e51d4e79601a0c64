"""Subscriptions: how often, how many times, from when."""

from __future__ import annotations

import re
from collections.abc import Mapping

from glomo import id_prefixes
from glomo._errors_base import preview
from glomo.models.subscriptions import IntervalType

from . import dates
from .checks import Checks

MOST_CYCLES: Mapping[tuple[str, int], int] = {
    ("month", 1): 360,
    ("month", 3): 120,
    ("month", 6): 60,
    ("year", 1): 30,
}
"""The intervals there are, and how many of each make up thirty years."""

_NAME = re.compile(r"[A-Za-z0-9\s\-_.,()&]*\Z", re.ASCII)
_DESCRIPTION = re.compile(r"[A-Za-z0-9\s\-_.,()&!:'*]*\Z", re.ASCII)
_SCHEDULE = ("interval_count", "billing_cycles", "start_date")
_REQUIRED = (
    "customer_id",
    "product_name",
    "product_description",
    "amount",
    "currency",
    "interval_type",
    "expires_at",
    "notify_customer",
    "starts_with_first_payment",
)


def check_create(plan: Checks) -> None:
    """A plan by calendar, or one that the merchant charges."""
    plan.present(*_REQUIRED)
    plan.prefix("customer_id", *id_prefixes.CUSTOMER)
    for name in ("product", "plan"):
        plan.at_most(f"{name}_name", 128)
        plan.at_most(f"{name}_description", 512)
        plan.characters(f"{name}_name", _NAME, "letters, digits, spaces and - _ . , ( ) &")
        plan.characters(
            f"{name}_description",
            _DESCRIPTION,
            "letters, digits, spaces and - _ . , ( ) & ! : ' *",
        )
    plan.minor_units("amount", "max_amount")
    plan.currency("currency")
    plan.one_of("interval_type", tuple(IntervalType))
    plan.flag("notify_customer", "starts_with_first_payment")
    plan.text("reference_number")
    plan.notes()
    if plan["interval_type"] == IntervalType.AS_PRESENTED:
        _check_as_presented(plan)
    else:
        _check_calendar(plan)
    _check_days(plan)


def _check_as_presented(plan: Checks) -> None:
    plan.present("max_amount")
    for name in _SCHEDULE:
        if name in plan:
            plan.refuse(name, "does not go with as_presented: leave it out")
    if plan["starts_with_first_payment"] is False:
        plan.refuse("starts_with_first_payment", "must not be False with as_presented")
    plan.listed("split_ids", "['psplit_1']", prefixes=id_prefixes.SPLIT)


def _check_calendar(plan: Checks) -> None:
    for name in ("max_amount", "split_ids"):
        if name in plan:
            plan.refuse(name, "goes with as_presented only: leave it out")
    plan.present(*_SCHEDULE)
    interval, count = str(plan["interval_type"]), plan["interval_count"]
    counts = [n for kind, n in MOST_CYCLES if kind == interval]
    if type(count) is not int or count not in counts:
        allowed = " or ".join(map(str, counts))
        plan.refuse("interval_count", f"must be {allowed} with {interval}, not {preview(count)}")
    plan.integer("billing_cycles", 2, MOST_CYCLES[interval, count])


def _check_days(plan: Checks) -> None:
    start, expires, today = plan.day("start_date"), plan.day("expires_at"), dates.today()
    if start is not None and start < today:
        plan.refuse("start_date", f"must be today (UTC) or later, not {start}")
    last = dates.months_after(today, 1)
    if expires is not None and not today <= expires <= last:
        plan.refuse(
            "expires_at", f"must be from today (UTC) to a month ahead, {last}, not {expires}"
        )


def check_filters(subscriptions: Checks) -> None:
    """What the list of subscriptions can be asked for."""
    subscriptions.day("start_date")
    subscriptions.day("end_date")


def check_next_payment_date(change: Checks) -> None:
    """A day to come."""
    change.present("next_payment_date")
    day = change.day("next_payment_date")
    if day is not None and day <= dates.today():
        change.refuse("next_payment_date", f"must be a day to come (UTC), not {day}")
