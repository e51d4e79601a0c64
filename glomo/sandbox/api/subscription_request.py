"""The body of `POST /subscriptions`, read and checked."""

from __future__ import annotations

import re
from datetime import date

from glomo.sandbox.engine import splits
from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.errors import ApiError, bad_request
from glomo.sandbox.engine.payments import CARD
from glomo.sandbox.engine.rates import SOURCE_CURRENCIES
from glomo.sandbox.engine.store import Record
from glomo.sandbox.engine.subscriptions import AS_PRESENTED, add_months

from . import fields
from .endpoint import Json
from .payin_request import split_ids

_FIXED_ONLY = ("interval_count", "billing_cycles", "start_date")
_NAME = re.compile(r"[A-Za-z0-9\s\-_.,()&]+")
_DESCRIPTION = re.compile(r"[A-Za-z0-9\s\-_.,()&!:'*;]+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_LATEST_START = 12 * 30
"""Months from today; the API's own limit, if it has one, is not known."""

_MOST_CYCLES = {("month", 1): 360, ("month", 3): 120, ("month", 6): 60, ("year", 1): 30}


def read(account: Account, body: Json) -> Record:
    """The subscription in a body, in the shape of the response, and beside it what the schedule
    needs; raises the first 400 that it deserves."""
    customer_id = fields.required(body, "customer_id")
    if account.store.get("customer", customer_id) is None:
        raise bad_request("Customer not found")
    subscription: Record = {
        "customer_id": customer_id,
        "product_name": _wording(body, "product_name", _NAME, 128, required=True),
        "product_description": _wording(
            body, "product_description", _DESCRIPTION, 512, required=True
        ),
        "plan_name": _wording(body, "plan_name", _NAME, 128),
        "plan_description": _wording(body, "plan_description", _DESCRIPTION, 512),
        "reference_number": fields.text(body, "reference_number"),
        "amount": _integer(body, "amount"),
        "currency": _currency(body),
        "interval_type": fields.choice(
            "interval_type",
            fields.required(body, "interval_type"),
            ("month", "year", AS_PRESENTED),
        ),
        "notes": fields.notes(body),
    }
    today = account.now().date()
    subscription["expires_at"] = _expiry(body, today)
    for name in ("notify_customer", "starts_with_first_payment"):
        if fields.flag(body, name) is None:
            raise bad_request(f"{name} is missing")
    subscription["_starts_with_first_payment"] = body["starts_with_first_payment"]
    if subscription["interval_type"] == AS_PRESENTED:
        return {**subscription, **_as_presented(account, body, subscription["amount"], today)}
    return {**subscription, **_fixed(body, subscription["interval_type"], today)}


def read_date(body: Json, name: str) -> date:
    """A date as the API writes it: `2026-11-24`."""
    text = fields.required(body, name)
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise bad_request(f"{name} must be a date in the form YYYY-MM-DD")


def _as_presented(account: Account, body: Json, amount: int, today: date) -> Record:
    for name in _FIXED_ONLY:
        if body.get(name) is not None:
            raise bad_request(f"{name} cannot be specified when interval_type is as_presented")
    if body["starts_with_first_payment"] is False:
        raise bad_request("starts_with_first_payment cannot be false for as_presented")
    max_amount = _integer(body, "max_amount")
    if max_amount < amount:
        raise bad_request("max_amount must be greater than or equal to amount")
    declared = split_ids(body)
    splits.resolve(account, declared or [], [CARD])
    return {
        "interval_count": None,
        "billing_cycles": None,
        "max_amount": max_amount,
        "start_date": today.isoformat(),
        "end_date": None,
        "_split_ids": declared or [],
    }


def _fixed(body: Json, interval: str, today: date) -> Record:
    if body.get("max_amount") is not None:
        raise bad_request("max_amount can only be specified when interval_type is as_presented")
    if body.get("split_ids"):
        raise _invalid("Split ids are only supported for as_presented subscriptions")
    count, cycles = _integer(body, "interval_count"), _integer(body, "billing_cycles")
    max_cycles = _MOST_CYCLES.get((interval, count))
    if max_cycles is None:
        raise bad_request("interval_count does not have a valid value")
    if not 2 <= cycles <= max_cycles:
        raise bad_request(f"billing_cycles must be between 2 and {max_cycles}")
    start = read_date(body, "start_date")
    if start < today:
        raise _invalid("Start date must be today or in the future")
    if start > add_months(today, _LATEST_START):
        raise _invalid("Start date is too far in the future")
    months = count * (12 if interval == "year" else 1)
    return {
        "interval_count": count,
        "billing_cycles": cycles,
        "max_amount": None,
        "start_date": start.isoformat(),
        "end_date": add_months(start, months * (cycles - 1)).isoformat(),
    }


def _expiry(body: Json, today: date) -> str:
    expires = read_date(body, "expires_at")
    if expires < today:
        raise _invalid("Expires at must be today or in the future")
    if expires > add_months(today, 1):
        raise _invalid("Expires at cannot be more than 1 months from today")
    return expires.isoformat()


def _wording(
    body: Json, name: str, allowed: re.Pattern[str], longest: int, *, required: bool = False
) -> str | None:
    value = fields.text(body, name, longest=longest)
    if value is None and required:
        raise bad_request(f"{name} is missing")
    if value is not None and not allowed.fullmatch(value):
        raise bad_request(f"{name} contains invalid characters")
    return value


def _integer(body: Json, name: str) -> int:
    value = fields.amount(body, name)
    if value is None:
        raise bad_request(f"{name} is missing")
    return value


def _currency(body: Json) -> str:
    currency = fields.required(body, "currency")
    if currency not in SOURCE_CURRENCIES:
        raise bad_request("Currency not supported")
    return currency


def _invalid(problem: str) -> ApiError:
    return bad_request(f"Validation failed: {problem}")
