"""The life of a payment: how it comes in, what screening makes of it, where its money goes.

    in_progress -> success | failed | action_required
    action_required -> success      (the payment is connected to a payin)

A payment that is `success` may still be held: `compliance_status` goes `action_required` ->
`under_review` -> `approved` | `rejected`. Its money is `pending` in the books until
`funds_available`, then `available`.
"""

from __future__ import annotations

from . import payins, rfis, subscriptions
from .account import Account
from .books import Line
from .clock import wire_time
from .errors import bad_request
from .payment_errors import error_fields
from .payment_fees import borne_by_merchant, charges, fee_fields
from .screening import AMOUNT
from .store import Record

KIND = "payment"
REQUEST_ID = (KIND, "_request_id")
"""The API filters by it, but no response is documented to have it."""

PAYIN = (KIND, "payin_id")
COMPLETE = "payment.complete"
CONNECTABLE = frozenset({"PAYIN_NOT_FOUND", "PAYIN_AMOUNT_MISMATCH"})
BANK_TRANSFER, PAY_VIA_BANK, CARD = "bank_transfer", "pay_via_bank", "card"


def draft(account: Account, method: Record, minor: int, currency: str, sender: str) -> Record:
    """A payment that has just begun and belongs to nothing yet. It is not written."""
    return {
        "id": account.new_id("payt", KIND),
        "payin_id": None,
        "payin_type": None,
        "subscription_id": None,
        "status": "in_progress",
        "compliance_status": None,
        "payment_currency": currency,
        "payment_amount": minor,
        "converted_currency": currency,
        "converted_amount": minor,
        "requested_currency": currency,
        "requested_amount": minor,
        "purpose_code": "",
        "sender_name": sender,
        "customer_error_description": None,
        "paid_at": None,
        "merchant_id": account.merchant_id,
        "product_name": None,
        "product_description": None,
        "country": "USA",
        **fee_fields([], currency),
        "documents": [],
        "funds_available": False,
        "payment_method": method,
        "auto_debit?": None,
        **account.stamps(),
        "_fee": 0,
        "_hit": minor == AMOUNT,
        "_lrs": False,
        "_otp": False,
        "_outcome": None,
        "_refund_locks": 0,
    }


def of_payin(account: Account, payment: Record, payin: Record) -> Record:
    """The payment as one of a payin: its amounts, purpose, product and fees. It is not written."""
    method = payment["payment_method"]["type"]
    fees = charges(account, payin, method)
    customer = account.store.get("customer", payin["customer_id"])
    product: Record = payin.get("product") or {}
    fields: Record = {
        "payin_id": payin["id"],
        "payin_type": payins.ENTITY[payin["_kind"]],
        "converted_currency": payin["currency"],
        "converted_amount": payin["amount"],
        "requested_currency": payin["currency"],
        "requested_amount": payin["amount"],
        "purpose_code": payin.get("purpose_code") or "",
        "customer_id": payin["customer_id"],
        "transaction_reference_number": payin["id"],
        "product_name": product.get("name"),
        "product_description": product.get("description"),
        "country": customer["country"] if customer else payment["country"],
        **fee_fields(fees, payin["currency"]),
        "_fee": borne_by_merchant(fees),
        "_lrs": "lrs" in payin,
    }
    if payin.get("notes"):
        fields["notes"] = payin["notes"]
    if payin.get("document_id"):
        document = {"id": payin["document_id"], "type": "invoice", "status": "uploaded"}
        fields["documents"] = [{**document, "rfi_doc_id": None}]
    return {**payment, **fields}


def under_way(account: Account, payin: Record) -> bool:
    """Whether a payment of a payin is in progress."""
    return any(
        payment["status"] == "in_progress" for payment in account.store.find(*PAYIN, payin["id"])
    )


def receive(account: Account, payment: Record, payin: Record | None) -> Record:
    """A bank transfer came in for a payin, or for none that anybody knows."""
    error = "PAYIN_NOT_FOUND" if payin is None else mismatch(payment, payin)
    if payin is not None:
        payment = {**payment, "customer_id": payin["customer_id"]}
        if error is None:
            payment = of_payin(account, payment, payin)
    if payment["_hit"] and not _screened(account, payment):
        return hold(account, payment, "SANCTION_HIT")
    return succeed(account, payment) if error is None else hold(account, payment, error)


def mismatch(payment: Record, payin: Record) -> str | None:
    """Why a payment does not pay a payin, as an error code; None: it does."""
    if payin["status"] != "active":
        return "PAYIN_NOT_FOUND"
    due = payins.due(payin, payment["payment_method"]["type"])
    received = payment["payment_amount"], payment["payment_currency"]
    return None if received == due else "PAYIN_AMOUNT_MISMATCH"


def add_funds(account: Account, currency: str, minor: int) -> Record:
    """A transfer of the merchant's own that tops up its balance."""
    details = {"sender_name": "Sandbox Merchant", "sender_account_number": "0000000000"}
    method = {"type": BANK_TRANSFER, "details": details}
    payment = draft(account, method, minor, currency, "Sandbox Merchant")
    payin_id = account.engine.ids.make("addfunds", payment["id"], account.id)
    payin: Record = {
        "id": payin_id,
        "status": "active",
        "amount": minor,
        "currency": currency,
        **account.stamps(),
        "_kind": payins.ADD_FUNDS,
    }
    payment |= {
        "payin_id": payin_id,
        "payin_type": payins.ADD_FUNDS,
        "transaction_reference_number": payin_id,
        "_hit": False,
    }
    account.store.put(payins.ADD_FUNDS, payin_id, payin)
    payment = succeed(account, payment)
    credit = {"payment_id": payment["id"], "timestamp": payment["paid_at"]}
    account.emit("balance", credit, "balance.funded_balance.credited")
    return payment


def begin(account: Account, payment: Record) -> Record:
    """Write a new payment. Unless it needs a password it ends at once, otherwise it waits."""
    if not payment["_otp"]:
        return finish(account, payment, payment["_outcome"])
    stored = account.store.put(KIND, payment["id"], payment)
    if payment["_lrs"]:  # in the other flows nobody is told
        account.emit(KIND, stored)
    if account.options.settle_after is not None:
        account.schedule(account.now() + account.options.settle_after, COMPLETE, payment["id"])
    return stored


def complete(account: Account, payment_id: str) -> None:
    """Timer: the customer entered the password, or the bank carried the transfer out."""
    payment = account.store.get(KIND, payment_id)
    if payment is not None and payment["status"] == "in_progress":
        finish(account, payment, payment["_outcome"])


def finish(account: Account, payment: Record, error_code: str | None) -> Record:
    """End a payment in progress: with an error code it fails, otherwise it succeeds."""
    payin = _payin(account, payment)
    # Of two attempts at one order only the first may take money.
    if error_code is None and payin is not None and payin["status"] not in ("active", "expired"):
        error_code = "PAYMENT_DECLINED"
    if error_code is not None:
        return fail(account, payment, error_code)
    if payment["_hit"] and not _screened(account, payment):
        return hold(account, payment, "SANCTION_HIT")
    return succeed(account, payment)


def fail(account: Account, payment: Record, error_code: str) -> Record:
    """End a payment without money. Its payin can be paid by another."""
    payment = _put(account, payment, status="failed", **error_fields(error_code))
    if payment["subscription_id"] is not None:
        subscriptions.after_decline(account, payment)
    return payment


def hold(account: Account, payment: Record, error_code: str) -> Record:
    """Keep a payment until somebody acts."""
    return _put(account, payment, status="action_required", **error_fields(error_code))


def succeed(account: Account, payment: Record) -> Record:
    """Book a payment and mark its payin as paid."""
    changes: Record = {"status": "success", "paid_at": wire_time(account.now())}
    on_hold = False
    if _screened(account, payment):
        on_hold = payment["_hit"]
        changes["compliance_status"] = "action_required" if on_hold else "approved"
    if on_hold:
        changes["rfi"] = _shown_rfi(rfis.request_documents(account, KIND, payment["id"]))
    changes["funds_available"] = not on_hold and not payment["_lrs"]
    solved = {k: v for k, v in payment.items() if k not in ("error_code", "error_description")}
    payment = _put(account, solved, **changes, customer_error_description=None)
    _book(account, payment)
    if on_hold:
        account.emit(KIND, payment, "compliance_action_required")
    payin = _payin(account, payment)
    if payin is not None:
        payins.mark_paid(account, payin)
    if payment["subscription_id"] is not None:
        subscriptions.after_payment(account, payment)
    return payment


def make_available(account: Account, payment: Record) -> Record:
    """Let the merchant use the money of a payment."""
    currency, net = payment["converted_currency"], _net(payment)
    account.books.transfer(KIND, payment["id"], currency, net, source="pending", target="available")
    return _put(account, payment, "funds_available", funds_available=True)


def start_review(account: Account, payment: Record) -> Record:
    """The RFI of a payment was answered."""
    rfi = {**payment["rfi"]}
    rfi.pop("documents_required", None)
    return _put(
        account, payment, "compliance_under_review", compliance_status="under_review", rfi=rfi
    )


def end_review(account: Account, payment: Record, approved: bool) -> Record:
    """The compliance review of a payment is over; a rejected one keeps its money withheld."""
    status = "approved" if approved else "rejected"
    payment = _put(account, payment, f"compliance_{status}", compliance_status=status)
    if approved and not payment["_lrs"]:
        return make_available(account, payment)
    return payment


def connectable(payment: Record, payin: Record) -> bool:
    """Whether a payment that matched nothing could pay a payin."""
    customer = payment.get("customer_id")
    return (
        payment["status"] == "action_required"
        and payment.get("error_code") in CONNECTABLE
        and "lrs" not in payin
        and mismatch(payment, payin) is None
        and customer in (None, payin["customer_id"])
    )


def connect(account: Account, payment: Record, payin: Record) -> Record:
    """Let a payment that matched nothing pay a payin."""
    if payment["status"] != "action_required" or payment.get("error_code") not in CONNECTABLE:
        raise bad_request("Payment cannot be connected to a payin")
    if not connectable(payment, payin):
        raise bad_request("Payin is not eligible for this payment")
    return succeed(account, of_payin(account, payment, payin))


def _screened(account: Account, payment: Record) -> bool:
    return payment["payment_method"]["type"] in account.options.payment_screening


def _payin(account: Account, payment: Record) -> Record | None:
    return None if payment["payin_id"] is None else payins.get(account, payment["payin_id"])


def _net(payment: Record) -> int:
    return int(payment["converted_amount"] - payment["_fee"])


def _shown_rfi(rfi: Record) -> Record:
    names = (
        "id",
        "reason_code",
        "reason_code_description",
        "response_deadline",
        "documents_required",
    )
    return {name: rfi[name] for name in names}


def _book(account: Account, payment: Record) -> None:
    """Post a payment: from the customer, fees to Glomo, the rest to the merchant."""
    payment_amount, paid_in = payment["payment_amount"], payment["payment_currency"]
    converted_amount, currency = payment["converted_amount"], payment["converted_currency"]
    balance_account = "available" if payment["funds_available"] else "pending"
    account.books.open(currency)
    lines = [
        Line("customers", paid_in, -payment_amount),
        Line(balance_account, currency, _net(payment)),
        Line("fees.payment", currency, payment["_fee"]),
    ]
    if paid_in == currency:
        lines.append(Line("fees.payment", currency, payment_amount - converted_amount))
    else:
        lines += [
            Line("exchange", paid_in, payment_amount),
            Line("exchange", currency, -converted_amount),
        ]
    account.books.post(KIND, payment["id"], lines)


def _put(
    account: Account, payment: Record, event: str | None = None, /, **changes: object
) -> Record:
    stored = account.store.put(KIND, payment["id"], account.updated(payment, **changes))
    account.emit(KIND, stored, event)
    return stored
