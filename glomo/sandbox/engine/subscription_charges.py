"""Payments of subscriptions: the customer's first one, the renewals, and charges on demand."""

from __future__ import annotations

from . import payments, refunds, subscriptions
from .account import Account
from .payment_fees import borne_by_merchant, charges, fee_fields
from .store import Record

_VERIFICATION = "Refunded For Subscription Verification"


def draft(
    account: Account,
    subscription: Record,
    method: Record,
    minor: int,
    *,
    auto_debit: bool,
    sender: str,
) -> Record:
    """A payment of a subscription that has just begun. It is not written."""
    currency = subscription["currency"]
    payment = payments.draft(account, method, minor, currency, sender)
    terms: Record = {"currency": currency, "amount": minor, "_customer_fees": {}}
    fees = charges(account, terms, method["type"])
    return {
        **payment,
        "subscription_id": subscription["id"],
        "customer_id": subscription["customer_id"],
        "transaction_reference_number": subscription["id"],
        "product_name": subscription["product_name"],
        "product_description": subscription["product_description"],
        "auto_debit?": auto_debit,
        **fee_fields(fees, currency),
        "_fee": borne_by_merchant(fees),
    }


def on_demand(account: Account, subscription: Record, minor: int) -> Record:
    """Charge the card on file."""
    method = subscription["_method"]
    sender = method["details"].get("card_holder_name", "Sample Payer")
    payment = draft(account, subscription, method, minor, auto_debit=True, sender=sender)
    return {**payment, "_outcome": _outcome(account)}


def renew(account: Account, subscription_id: str) -> None:
    """Timer: a cycle is due."""
    subscription = account.store.get(subscriptions.KIND, subscription_id)
    today = account.now().date().isoformat()
    if (
        subscription is not None
        and subscription["status"] in ("active", "authorized")
        and subscription["next_payment_date"] == today
    ):
        payments.begin(account, on_demand(account, subscription, subscription["amount"]))


def refund_verification(account: Account, payment_id: str) -> None:
    """Timer: a payment that only verified the card goes back."""
    payment = account.store.get(payments.KIND, payment_id)
    if payment is not None and payment["status"] == "success":
        refund: Record = {
            "reason": _VERIFICATION,
            "documents": [],
            "_minor": payment["converted_amount"],
        }
        refunds.start(account, payment, refund)


def _outcome(account: Account) -> str | None:
    return "PAYMENT_DECLINED" if account.options.decline_renewals else None
