"""The life of a subscription: its states, and the dates on which it is charged.

    created -> action_required -> under_review -> active | failed
                            the first payment, if screening is not content with the customer
            -> active       the first payment, if it opens the schedule
            -> authorized   the first payment, if charges begin later -> active
            -> expired      nobody paid by `expires_at`
    active <-> paused       by the merchant
    active -> halted        a charge failed; -> active with the next payment that succeeds
    active -> completed     after the last cycle
    any of these -> cancelled

The due dates follow from the first one and the interval, not from one another, so a subscription
that begins on the 31st is not moved to the 28th for ever by a February.
"""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta

from . import rfis
from .account import Account
from .errors import bad_request
from .screening import name_hit
from .store import Record

KIND = "subscription"
CHARGE = "subscription.charge"
EXPIRE = "subscription.expire"
REFUND_VERIFICATION = "subscription.refund_verification"
TERMINAL = frozenset({"completed", "cancelled", "expired", "failed"})
AS_PRESENTED = "as_presented"
_CHARGED_AT = time(1, 0, tzinfo=UTC)
"""06:30 in India, where Glomo's renewals run."""


def add_months(start: date, months: int) -> date:
    """The same day so many months later, or the month's last day if there is none."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def due_date(subscription: Record, cycle: int) -> date:
    """When a cycle (the first is 0) is due."""
    months = 12 if subscription["interval_type"] == "year" else 1
    first = date.fromisoformat(subscription["start_date"])
    return add_months(first, months * subscription["interval_count"] * cycle)


def write(account: Account, subscription: Record) -> Record:
    """Write a new subscription, which waits for its first payment."""
    account.store.put(KIND, subscription["id"], subscription)
    last_day = date.fromisoformat(subscription["expires_at"])
    expiry = datetime.combine(last_day + timedelta(days=1), time(0, tzinfo=UTC))
    account.schedule(expiry, EXPIRE, subscription["id"])
    return subscription


def after_payment(account: Account, payment: Record) -> None:
    """A payment of a subscription has succeeded."""
    subscription = account.store.get(KIND, payment["subscription_id"])
    if subscription is None or subscription["status"] in TERMINAL:
        return
    method, before = payment["payment_method"], subscription["_method"]
    subscription = {**subscription, "_method": method}
    if before is not None and before != method:
        account.emit(KIND, subscription, "payment_method.updated")
    customer = account.store.get("customer", subscription["customer_id"])
    if subscription["status"] == "created" and name_hit(customer):
        rfis.request_documents(account, KIND, subscription["id"])
        _put(account, {**subscription, "_first_payment": payment["id"]}, "action_required")
    elif subscription["status"] == "created":
        _open(account, subscription, payment["id"])
    elif subscription["interval_type"] == AS_PRESENTED:
        _put(account, subscription, "active")
    else:
        today = account.now().date()
        _next_cycle(account, subscription, subscription["_cycle"] + 1, today)


def start_review(account: Account, subscription: Record) -> Record:
    """The RFI of a subscription was answered."""
    return _put(account, subscription, "under_review")


def end_review(account: Account, subscription: Record, approved: bool) -> Record:
    """The review of a subscription is over: it begins, or it has failed."""
    if approved:
        return _open(account, subscription, subscription["_first_payment"])
    return _put(account, subscription, "failed")


def after_decline(account: Account, payment: Record) -> None:
    """A payment of a subscription has failed. A first payment may simply be tried again."""
    subscription = account.store.get(KIND, payment["subscription_id"])
    if subscription is None or not payment["auto_debit?"]:
        return
    if subscription["interval_type"] != AS_PRESENTED:
        _put(account, subscription, "halted", halt_reason=payment["error_code"])


def pause(account: Account, subscription: Record) -> Record:
    """Stop charging until `resume`."""
    _check_fixed(subscription, "paused", ("active",))
    return _put(account, subscription, "paused")


def resume(account: Account, subscription: Record) -> Record:
    """Go on charging, on the dates of the original schedule."""
    _check_fixed(subscription, "resumed", ("paused",))
    return _next_cycle(account, subscription, subscription["_cycle"], account.now().date())


def cancel(account: Account, subscription: Record) -> Record:
    """End it for good."""
    _check_state(subscription, "cancelled", subscription["status"] not in TERMINAL)
    today = account.now().date().isoformat()
    return _put(account, subscription, "cancelled", cancelled_at=today)


def move_next_payment(account: Account, subscription: Record, day: date) -> Record:
    """Charge the coming cycle on another day; the cycles after it stay where they are."""
    _check_fixed(subscription, "updated", ("active",))
    if day < account.now().date() + timedelta(days=2):
        raise bad_request("Validation failed: Next payment date must be at least 2 days from today")
    updated = {**subscription, "next_payment_date": day.isoformat()}
    account.store.put(KIND, updated["id"], updated)
    _schedule(account, updated)
    account.emit(KIND, updated, "updated")
    return updated


def expire(account: Account, subscription_id: str) -> None:
    """Timer: the link has expired."""
    subscription = account.store.get(KIND, subscription_id)
    if subscription is not None and subscription["status"] == "created":
        _put(account, subscription, "expired")


def _open(account: Account, subscription: Record, payment_id: str) -> Record:
    """Begin with the first payment."""
    if subscription["interval_type"] == AS_PRESENTED:
        return _put(account, subscription, "active")
    today = account.now().date()
    starts = date.fromisoformat(subscription["start_date"])
    if subscription["_starts_with_first_payment"]:
        starts = today
    if starts <= today:
        subscription = {**subscription, "start_date": starts.isoformat()}
        last = due_date(subscription, subscription["billing_cycles"] - 1)
        return _next_cycle(account, {**subscription, "end_date": last.isoformat()}, 1, today)
    account.schedule(account.now(), REFUND_VERIFICATION, payment_id)
    day = subscription["start_date"]
    return _put(account, subscription, "authorized", next_payment_date=day)


def _next_cycle(account: Account, subscription: Record, cycle: int, today: date) -> Record:
    """Wait for a cycle, or for the next one if its date has passed; without any it is over."""
    while cycle < subscription["billing_cycles"] and due_date(subscription, cycle) <= today:
        cycle += 1
    subscription = {**subscription, "_cycle": cycle}
    if cycle >= subscription["billing_cycles"]:
        return _put(account, subscription, "completed")
    day = due_date(subscription, cycle).isoformat()
    return _put(account, subscription, "active", next_payment_date=day)


def _put(
    account: Account,
    subscription: Record,
    status: str,
    *,
    next_payment_date: str | None = None,
    **changes: object,
) -> Record:
    before = subscription["status"]
    bare = {key: value for key, value in subscription.items() if key != "halt_reason"}
    changed: Record = {**bare, "status": status, "next_payment_date": next_payment_date, **changes}
    account.store.put(KIND, changed["id"], changed)
    if next_payment_date is not None:
        _schedule(account, changed)
    if status != before:
        account.emit(KIND, changed)
    return changed


def _schedule(account: Account, subscription: Record) -> None:
    day = date.fromisoformat(subscription["next_payment_date"])
    account.schedule(datetime.combine(day, _CHARGED_AT), CHARGE, subscription["id"])


def _check_fixed(subscription: Record, verb: str, states: tuple[str, ...]) -> None:
    if subscription["interval_type"] == AS_PRESENTED:
        raise bad_request(f"Subscription with as_presented interval cannot be {verb}")
    _check_state(subscription, verb, subscription["status"] in states)


def _check_state(subscription: Record, verb: str, allowed: bool) -> None:
    if not allowed:
        raise bad_request(
            f"Subscription cannot be {verb} from current state: {subscription['status']}"
        )
