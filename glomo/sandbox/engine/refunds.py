"""The life of a refund: what may be refunded, and the way of the money back.

    (create) -> in_progress | action_required | failed      (failed: the balance is too short)
    action_required -> under_review -> in_progress | cancelled
    in_progress -> success | failed

While a refund is in progress its money is `held` in the books.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from . import rfis
from .account import Account
from .books import Line
from .errors import ApiError, bad_request
from .payments import BANK_TRANSFER, CARD
from .payments import KIND as PAYMENT_KIND
from .screening import AMOUNT, name_hit
from .store import Record

KIND = "refund"
REQUEST_ID = (KIND, "_request_id")
PAYMENT = (KIND, "payment_id")
SETTLE = "refund.settle"
REASONS = ("Requested By Customer", "Duplicate", "Fraudulent", "Others")
LATEST = timedelta(days=180)
_UNDER_WAY = frozenset({"in_progress", "under_review", "action_required"})
_PUBLISHED = frozenset({"success", "failed", "action_required"})


def refundable(account: Account, payment: Record, amount: int | None) -> int:
    """How much of a payment is refunded if `amount` is requested; raises the 400 that it deserves.

    In minor units of the payment's `converted_currency`; None asks for everything.
    """
    _check_payment(account, payment)
    refundable_total = int(payment["converted_amount"])
    earlier = account.store.find(*PAYMENT, payment["id"])
    refunded = sum(
        refund["_minor"] for refund in earlier if refund["status"] in {*_UNDER_WAY, "success"}
    )
    partial = account.options.partial_refunds and payment["payment_method"]["type"] == CARD
    under_way = any(refund["status"] in _UNDER_WAY for refund in earlier)
    if under_way and (not partial or refunded >= refundable_total):
        raise bad_request("Refund is already in progress.")
    if refunded >= refundable_total:
        raise bad_request("Payment has already been fully refunded")
    if not partial:
        if amount is not None and amount < refundable_total:
            raise bad_request("Partial refunds are not enabled for this business")
        return refundable_total
    if amount is not None and amount > refundable_total - refunded:
        raise bad_request("Refund amount exceeds the refundable amount")
    return refundable_total - refunded if amount is None else amount


def take_lock(account: Account, payment: Record) -> bool:
    """Whether another refund of the payment is just being made; see `Sandbox.lock_refunds`."""
    remaining = payment["_refund_locks"]
    if remaining:
        account.store.put(PAYMENT_KIND, payment["id"], {**payment, "_refund_locks": remaining - 1})
    return bool(remaining)


def start(account: Account, payment: Record, refund: Record) -> Record:
    """Write a new refund and take its first step. `_minor` is in `converted_currency`."""
    minor, currency = refund["_minor"], payment["converted_currency"]
    payment_amount = int(payment["payment_amount"])
    refund = {
        "id": account.new_id("refund", KIND),
        **refund,
        "payment_id": payment["id"],
        "currency": payment["payment_currency"],
        "amount": payment_amount * minor // payment["converted_amount"],
        "balance_used": {"currency": currency, "amount": minor},
        "fees": {name: {"amount": 0, "currency": currency} for name in ("fx_fees", "txn_fees")},
        "partial_refund": minor < payment["converted_amount"],
        "_method": payment["payment_method"]["type"],
        **account.stamps(),
    }
    if "customer_id" in payment:
        refund["customer_id"] = payment["customer_id"]
        customer = account.store.get("customer", payment["customer_id"])
    else:
        customer = None
    if minor == AMOUNT or name_hit(customer):
        rfi = rfis.request_documents(account, KIND, refund["id"])
        required = [
            {"rfi_doc_id": document["rfi_doc_id"], "type": "rfi", "status": "pending"}
            for document in rfi["documents_required"]
        ]
        return _put(account, refund, "action_required", documents=[*refund["documents"], *required])
    return submit(account, refund)


def submit(account: Account, refund: Record) -> Record:
    """Send a refund to the bank, if the balance covers it."""
    minor, currency = refund["balance_used"]["amount"], refund["balance_used"]["currency"]
    try:
        account.books.transfer(
            KIND, refund["id"], currency, minor, source="available", target="held"
        )
    except ApiError:
        return _put(account, refund, "failed")
    refund = _put(account, refund, "in_progress")
    after = account.options.settle_after
    if after == timedelta():
        return succeed(account, refund)
    if after is not None:
        account.schedule(account.now() + after, SETTLE, refund["id"])
    return refund


def mock(account: Account, refund: Record, target: str) -> Record:
    """End a refund that is at the bank."""
    if refund["status"] != "in_progress":
        raise bad_request(f"Refund cannot be marked {target}.")
    return succeed(account, refund) if target == "success" else fail(account, refund)


def settle(account: Account, refund_id: str) -> None:
    """Timer: the bank carried the refund out."""
    refund = account.store.get(KIND, refund_id)
    if refund is not None and refund["status"] == "in_progress":
        succeed(account, refund)


def succeed(account: Account, refund: Record) -> Record:
    """The customer has the money; the bank's reference follows at once."""
    used, currency = refund["balance_used"]["amount"], refund["balance_used"]["currency"]
    back, paid_in = refund["amount"], refund["currency"]
    lines = [Line("held", currency, -used), Line("customers", paid_in, back)]
    if paid_in == currency:  # fees that the customer bore go back too
        lines.append(Line("fees.payment", currency, used - back))
    else:
        lines += [Line("exchange", currency, used), Line("exchange", paid_in, -back)]
    account.books.post(KIND, refund["id"], lines)
    refund = _put(account, refund, "success")
    utr = account.engine.ids.bank_reference(refund["id"])
    refund = account.store.put(KIND, refund["id"], account.updated(refund, utr=utr))
    account.emit(KIND, refund, "utr.updated")
    return refund


def fail(account: Account, refund: Record) -> Record:
    """The bank could not carry it out: the money is back in the balance."""
    used = refund["balance_used"]
    account.books.transfer(
        KIND, refund["id"], used["currency"], used["amount"], source="held", target="available"
    )
    return _put(account, refund, "failed")


def start_review(account: Account, refund: Record, documents: dict[str, list[str]]) -> Record:
    """The RFI of a refund was answered."""
    remaining = [
        document for document in refund["documents"] if document.get("rfi_doc_id") not in documents
    ]
    uploaded = [
        {"id": doc_id, "rfi_doc_id": rfi_doc_id, "type": "rfi", "status": "uploaded"}
        for rfi_doc_id, doc_ids in documents.items()
        for doc_id in doc_ids
    ]
    return _put(account, refund, "under_review", documents=[*remaining, *uploaded])


def end_review(account: Account, refund: Record, approved: bool) -> Record:
    """The review of a refund is over."""
    return submit(account, refund) if approved else _put(account, refund, "cancelled")


def _check_payment(account: Account, payment: Record) -> None:
    if payment["status"] != "success":
        raise bad_request("Payment must be in success status")
    if payment["payin_type"] == "add_funds":
        raise bad_request("Add funds payments cannot be refunded")
    if payment["payment_method"]["type"] not in (CARD, BANK_TRANSFER):
        raise bad_request("Pay via bank payments cannot be refunded")
    if not payment["funds_available"]:
        raise bad_request("Payment is withheld and cannot be refunded")
    paid_at = datetime.fromisoformat(payment["paid_at"])
    if account.now() - paid_at > LATEST:
        raise bad_request("Payment is older than 180 days and cannot be refunded")


def _put(account: Account, refund: Record, status: str, **changes: object) -> Record:
    updated = account.updated(refund, status=status, **changes)
    stored = account.store.put(KIND, refund["id"], updated)
    if status in _PUBLISHED:
        account.emit(KIND, stored)
    return stored
