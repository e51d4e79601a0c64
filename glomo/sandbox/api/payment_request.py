"""The body of `POST /payment`: a payment that the merchant's own server starts."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from glomo.sandbox.engine import cards, payins, splits
from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.cards import CardOutcome
from glomo.sandbox.engine.errors import ApiError, bad_request, not_found
from glomo.sandbox.engine.payments import CARD, PAY_VIA_BANK
from glomo.sandbox.engine.store import Record

from . import fields
from .endpoint import Json

_METHODS = (CARD, PAY_VIA_BANK)
# How the API calls the parts of a card is not documented: whatever means the same is taken.
_NUMBER = ("number", "card_number")
_HOLDER = ("holder_name", "card_holder_name", "name")


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """How a payment is made: what it shows of it, and what becomes of it."""

    method: Record
    sender: str
    outcome: CardOutcome
    callback_url: str


def subject(body: Json) -> tuple[str, str]:
    """Whether an `order_id` or a `subscription_id` is paid, and its value."""
    ids = {name: fields.text(body, name) for name in ("order_id", "subscription_id")}
    named = [(name, value) for name, value in ids.items() if value is not None]
    if len(named) != 1:
        raise bad_request("Exactly one of order_id or subscription_id must be provided")
    return named[0]


def payable(account: Account, order_id: str) -> Record:
    """The order with this id; raises unless it can be paid."""
    if not order_id.startswith("order_"):
        raise bad_request("Order id must start with 'order_'")
    order = account.store.get(payins.ORDER, order_id)
    if order is None:
        raise not_found("Order")
    if order["status"] != "active":
        raise bad_request("Order is not active")
    try:
        splits.live(account, order.get("split_ids") or [])
    except ApiError:  # whoever opens its checkout now finds that out, and it is over
        with account.engine.transaction():
            payins.expire(account, order_id)
        raise
    return order


def payment_method(
    body: Json, *, lrs: bool = False, methods: list[str] | None = None
) -> PaymentMethod:
    """The method and the card of a first payment; raises the first 400 that it deserves.

    An LRS order is paid at the customer's bank, so that it has no card.
    """
    method = fields.text(body, "method") or (PAY_VIA_BANK if lrs else CARD)
    fields.choice("method", method, _METHODS)
    if methods is not None and method not in methods and not lrs:
        raise bad_request(f"Payment method {method} is not enabled for this order")
    callback_url = _callback_url(body)
    if method == PAY_VIA_BANK:
        sender = "Sample Payer"
        details = {"sender_name": sender, "sender_country": "IND", "transfer_type": "local"}
        return PaymentMethod(
            {"type": method, "details": details}, sender, CardOutcome(True, None), callback_url
        )
    card = fields.part(body, "card")
    if card is None:
        raise bad_request("card is missing")
    number = _first(card, _NUMBER)
    if number is None:
        raise bad_request("card number is missing")
    outcome = cards.outcome_of(number)
    if outcome is None:
        raise bad_request("Card is not a valid test card")
    holder = _first(card, _HOLDER) or "Sample Payer"
    return PaymentMethod(
        {"type": CARD, "details": cards.details(number, holder)}, holder, outcome, callback_url
    )


def _callback_url(body: Json) -> str:
    """`callback_url`, which must be there, with https."""
    url = fields.required(body, "callback_url")
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "https" or not parts.netloc:
        raise bad_request("callback_url must be a valid https URL")
    return url


def _first(body: Json, names: tuple[str, ...]) -> str | None:
    values = (fields.text(body, name) for name in names)
    return next((value for value in values if value is not None), None)
