"""`POST /payment` for a subscription: the first payment by card, or a later charge on demand."""

from __future__ import annotations

from glomo.sandbox.engine import splits, subscription_charges, subscriptions
from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.errors import bad_request, not_found
from glomo.sandbox.engine.payments import CARD
from glomo.sandbox.engine.store import Record

from . import fields, payment_request
from .endpoint import Json
from .payin_request import split_ids

_SUBSEQUENT = "subsequent"
_PAYABLE = ("created", "halted")


def read(account: Account, body: Json, subscription_id: str, request_id: str | None) -> Record:
    """The payment in a body, not written yet; raises the first 400 that it deserves."""
    if not subscription_id.startswith("sub_"):
        raise bad_request("Subscription id must start with 'sub_'")
    subscription = account.store.get(subscriptions.KIND, subscription_id)
    if subscription is None:
        raise not_found("Subscription")
    if fields.text(body, "sequence") == _SUBSEQUENT:
        return _subsequent(account, body, subscription, request_id)
    if subscription["status"] not in _PAYABLE:
        raise bad_request(f"Subscription cannot be paid in its state: {subscription['status']}")
    method = payment_request.payment_method(body, methods=[CARD])
    payment = subscription_charges.draft(
        account,
        subscription,
        method.method,
        subscription["amount"],
        auto_debit=False,
        sender=method.sender,
    )
    return payment | {"_otp": method.outcome.needs_otp, "_outcome": method.outcome.error_code}


def _subsequent(
    account: Account, body: Json, subscription: Record, request_id: str | None
) -> Record:
    if subscription["interval_type"] != subscriptions.AS_PRESENTED:
        raise bad_request("Subsequent payments are only supported for as_presented subscriptions")
    if request_id is None:
        raise bad_request("request_id is missing")
    if subscription["status"] != "active":
        raise bad_request(f"Subscription cannot be paid in its state: {subscription['status']}")
    amount = fields.amount(body, "amount")
    if amount is None:
        raise bad_request("amount is missing")
    if amount > subscription["max_amount"]:
        raise bad_request("amount cannot be greater than the max_amount of the subscription")
    if fields.required(body, "currency") != subscription["currency"]:
        raise bad_request("currency must be that of the subscription")
    splits.resolve(account, split_ids(body) or subscription["_split_ids"], [CARD])
    return subscription_charges.on_demand(account, subscription, amount)
