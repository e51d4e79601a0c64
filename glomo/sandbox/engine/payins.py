"""The life of a payin: an order or a payment link, from creation until it is paid or over.

(create) -> active | action_required
action_required -> under_review -> active | failed      (an RFI is answered and decided)
active, action_required, under_review -> expired        (by the clock)
active -> paid;  active, action_required, under_review -> cancelled   (links only)
expired -> paid                                         (by a payment that was under way)
"""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta

from . import rfis
from .account import Account
from .clock import wire_time
from .errors import bad_request, state_change_not_allowed
from .screening import name_hit
from .store import Record

ORDER = "order"
LINK = "payment_link"
ADD_FUNDS = "add_funds"
EXPIRE = "payin.expire"
REMIND = "payin.remind"
ENTITY = {ORDER: "orders", LINK: "payment_link", ADD_FUNDS: "payment_link"}
"""The entity of a kind's webhooks: whatever is no order is sent as a payment link."""

PREFIXES = {"order": ORDER, "plink": LINK, "addfunds": ADD_FUNDS}
OPEN = frozenset({"active", "action_required", "under_review"})
ORDER_MONTHS = 3
LINK_MONTHS = 6


def months_after(moment: datetime, months: int) -> datetime:
    """The same day so many calendar months later, or the last day of a shorter month."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def kind_of(payin_id: str) -> str | None:
    """What an id is of, or None if no payin has such ids."""
    return PREFIXES.get(payin_id.partition("_")[0])


def get(account: Account, payin_id: str) -> Record | None:
    """A payin of any kind, or None."""
    kind = kind_of(payin_id)
    return None if kind is None else account.store.get(kind, payin_id)


def due(payin: Record, method: str) -> tuple[int, str]:
    """What the payer is asked for, minor units and currency: with the fees that the payer bears."""
    if "_quoted" in payin:
        minor, currency = payin["_quoted"]
        return minor, currency
    return payin["amount"] + payin["_customer_fees"].get(method, 0), payin["currency"]


def start(account: Account, payin: Record, expires: datetime) -> Record:
    """Write a new payin: screen its customer, plan its end."""
    kind = payin["_kind"]
    account.schedule(expires, EXPIRE, payin["id"])
    if payin.get("reminder_frequency"):
        _remind_later(account, payin)
    customer = account.store.get("customer", payin["customer_id"])
    if name_hit(customer):
        rfi = rfis.request_documents(account, kind, payin["id"], ("Passport", "Proof of Address"))
        return _put(
            account, {**payin, "rfi_documents": rfis.required_documents(rfi)}, "action_required"
        )
    return _put(account, payin, "active")


def start_review(account: Account, payin: Record) -> Record:
    """The RFI of a payin was answered."""
    if payin["status"] != "action_required":
        raise state_change_not_allowed()
    return _put(account, payin, "under_review")


def end_review(account: Account, payin: Record, approved: bool) -> Record:
    """The review of a payin is over."""
    if payin["status"] != "under_review":
        raise state_change_not_allowed()
    return _put(account, payin, "active" if approved else "failed")


def cancel(account: Account, payin: Record) -> Record:
    """Make a payment link invalid."""
    if payin["status"] not in OPEN:
        raise bad_request("Payment link cannot be cancelled in its current state")
    return _put(account, payin, "cancelled")


def fail(account: Account, payin: Record) -> Record:
    """Give a payin up for lost."""
    return _put(account, payin, "failed")


def mark_paid(account: Account, payin: Record) -> Record:
    """A payment succeeded; one that was under way revives a payin that expired meanwhile."""
    return _put(account, payin, "paid")


def reschedule(account: Account, link: Record, changes: Record, expires: datetime | None) -> Record:
    """Give a payment link another expiry or other reminders."""
    changed = account.store.put(LINK, link["id"], account.updated(link, **changes))
    if expires is not None:
        account.schedule(expires, EXPIRE, link["id"])
    if "reminder_frequency" in changes:
        _remind_later(account, changed)
    return changed


def expire(account: Account, payin_id: str) -> None:
    """Timer: nobody paid in time."""
    payin = get(account, payin_id)
    if payin is not None and payin["status"] in OPEN:
        _put(account, payin, "expired")


def remind(account: Account, link_id: str) -> None:
    """Timer: the customer is reminded of an unpaid link."""
    link = account.store.get(LINK, link_id)
    if link is not None and link["status"] == "active":
        reminded = account.updated(link, last_reminder_sent_at=wire_time(account.now()))
        _remind_later(account, account.store.put(LINK, link_id, reminded))


def _remind_later(account: Account, link: Record) -> None:
    days = timedelta(days=link["reminder_frequency"])
    account.schedule(account.now() + days, REMIND, link["id"])


def _put(account: Account, payin: Record, status: str) -> Record:
    changed = account.updated(payin, status=status)
    if status != "action_required":
        changed.pop("rfi_documents", None)
    if status == "active" and payin["_kind"] == LINK:
        changed["payment_link"] = f"https://sandbox.glomo.invalid/pl/{payin['id']}"
    stored = account.store.put(payin["_kind"], payin["id"], changed)
    # Nobody is told that an order is active: only links have that event.
    if status != "active" or payin["_kind"] == LINK:
        account.emit(ENTITY[payin["_kind"]], stored)
    return stored
