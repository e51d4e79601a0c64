"""The kinds of record that the dashboard shows, and how a list shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from glomo.money import Money
from glomo.sandbox.engine.store import Record


class Kind(NamedTuple):
    """A kind of record: its table, what several are called, and which fields hold its money."""

    table: str
    title: str
    amount: str | None = None
    currency: str | None = None
    detail: str = "customer_id"
    main: bool = False


KINDS = {
    kind.table: kind
    for kind in (
        Kind("payout", "Payouts", "source_amount", "source_currency", "beneficiary_id", True),
        Kind("payment", "Payments", "payment_amount", "payment_currency", "sender_name", True),
        Kind("order", "Orders", "amount", "currency", main=True),
        Kind("payment_link", "Links", "amount", "currency", main=True),
        Kind("refund", "Refunds", "amount", "currency", "payment_id", True),
        Kind("beneficiary", "Beneficiaries", detail="name"),
        Kind("customer", "Customers", detail="name"),
        Kind("subscription", "Subscriptions", "amount", "currency"),
        Kind("settlement", "Settlements", "amount", "currency", "utr"),
        Kind("quote", "Quotes", detail="type"),
        Kind("rfi", "RFIs", detail="reason_code"),
        Kind("document", "Documents", detail="document_name"),
        Kind("balance_conversion", "Conversions"),
        Kind("withdrawal", "Withdrawals", "amount", "currency"),
        Kind("internal_transfer", "Transfers", "amount", "currency"),
        Kind("virtual_account", "Virtual accounts", detail="currency"),
        Kind("add_funds", "Top-ups", "amount", "currency"),
        Kind("merchant", "Merchants", detail="name"),
    )
}


def money(minor: object, currency: object) -> str:
    """`USD 1,250.00`, or the bare number where the currency is not known."""
    if isinstance(minor, int) and isinstance(currency, str):
        return Money(minor, currency).format()
    return "" if minor is None else str(minor)


def moment(text: object) -> str:
    """`9 Sep 2026 07:00:09` of a timestamp of the API, which is UTC; anything else as it is."""
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return str(text)
    return f"{at.day} {at:%b %Y %H:%M:%S}"


def row(kind: Kind, key: str, record: Record, merchant: str | None) -> dict[str, Any]:
    """What a list shows of a record; `merchant` is None for the sandbox's own account."""
    amount = (
        ""
        if kind.amount is None
        else money(record.get(kind.amount), record.get(kind.currency or ""))
    )
    return {
        "id": key,
        "status": "under_review" if record.get("_review") else record.get("status"),
        "amount": amount,
        "merchant": merchant,
        "detail": record.get(kind.detail) or "",
        "created_at": record.get("created_at") or "",
    }
