"""Orders, payment links, payments and refunds: money that comes in, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from glomo import id_prefixes
from glomo._errors_base import preview
from glomo.models.payins import PaymentMethodType
from glomo.models.payments import (
    ComplianceStatus,
    MockPaymentMethod,
    PayinType,
    PaymentSequence,
    PaymentStatus,
    RemitterName,
)
from glomo.models.refunds import SENDABLE_REASONS, MockRefundStatus
from glomo.serialization.model import OMIT

from . import dates
from .checks import Checks, field_of
from .rails import BALANCE_CURRENCIES

LRS_PURPOSE_CODES = ("S0001", "S0002")
"""The only codes that LRS orders take."""

_REMITTANCE = re.compile(r"[a-zA-Z0-9-]{1,20}\Z")
_FIXED_BY_QUOTE = ("amount", "currency", "price_id", "payment_methods", "split_ids")
_LIST_STATUSES = tuple(s for s in PaymentStatus if s is not PaymentStatus.UNDER_REVIEW)


def check_order(order: Checks) -> None:
    """An order, by amount, by a quote, or for an LRS remittance."""
    if order.nested("lrs"):
        _check_lrs(order)
    else:
        order.purpose_code("payin")
    _check_payin(order, required=("amount", "currency"), fixed_by_quote=_FIXED_BY_QUOTE)
    order.documents_for_purpose("document_id")
    order.request_id()


def check_link(link: Checks) -> None:
    """A payment link, by amount or by a quote."""
    _check_payin(
        link,
        required=("amount", "currency", "expires_at"),
        fixed_by_quote=(*_FIXED_BY_QUOTE, "expires_at"),
    )
    link.flag("notify_customer")
    link.purpose_code("payin")
    link.documents_for_purpose("document_id")
    check_times(link)


def _check_payin(payin: Checks, *, required: Sequence[str], fixed_by_quote: Sequence[str]) -> None:
    """What holds for an order as for a payment link.

    `required` are the fields to give without a quote, `fixed_by_quote` those that it fixes.
    """
    payin.present("customer_id")
    payin.prefix("customer_id", *id_prefixes.CUSTOMER)
    payin.minor_units("invoice_amount")
    if "quote_id" in payin:
        payin.prefix("quote_id", *id_prefixes.QUOTE)
        payin.none_with("quote_id", *fixed_by_quote)
    else:
        payin.present(*required)
        payin.minor_units("amount")
        payin.currency("currency", among=BALANCE_CURRENCIES)
        payin.at_least("invoice_amount", "amount")
    payin.listed("payment_methods", "['card']", among=tuple(PaymentMethodType))
    payin.listed("split_ids", "['psplit_1']", prefixes=id_prefixes.SPLIT)
    payin.prefix("document_id", *id_prefixes.DOCUMENT)
    payin.prefix("price_id", *id_prefixes.PRICE)
    payin.text("invoice_number", "invoice_description", "reference_number")
    payin.notes()
    if payin.nested("product") and not field_of(payin["product"], "name"):
        payin.refuse("product.name", "is required")
    if payin.nested("bank_account_details"):
        payin.exactly_one("bank_account_id", "bank_account_details")
        check_account(payin, payin["bank_account_details"], "bank_account_details.")


def _check_lrs(order: Checks) -> None:
    order.none_with("lrs", "quote_id")
    lrs = order["lrs"]
    if not field_of(lrs, "lrs_quote_id"):
        order.refuse("lrs.lrs_quote_id", "is required")
    order.prefix("lrs.lrs_quote_id", *id_prefixes.QUOTE, value=field_of(lrs, "lrs_quote_id"))
    text = field_of(lrs, "remittance_information")
    if text is None or text == "":
        order.refuse("lrs.remittance_information", "is required")
    if not (isinstance(text, str) and _REMITTANCE.match(text)):
        order.refuse(
            "lrs.remittance_information",
            f"is at most 20 letters, digits and hyphens, not {preview(text)}",
        )
    order.prefix(
        "lrs.bank_account_id", *id_prefixes.LRS_BANK_ACCOUNT, value=field_of(lrs, "bank_account_id")
    )
    order.prefix(
        "lrs.beneficiary_id", *id_prefixes.BENEFICIARY, value=field_of(lrs, "beneficiary_id")
    )
    allowed = any(order.says("purpose_code", code) for code in LRS_PURPOSE_CODES)
    if order["purpose_code"] is not None and not allowed:
        order.refuse("purpose_code", f"of an LRS order is {' or '.join(LRS_PURPOSE_CODES)}")
    if order["currency"] is not None and not order.says("currency", "USD"):
        order.refuse("currency", f"of an LRS order is USD, not {preview(order['currency'])}")


def check_times(link: Checks) -> None:
    """A link expires within six months, and reminds in one of four rhythms."""
    expires_at = link.moment("expires_at")
    if expires_at is not None:
        start = dates.now()
        if expires_at <= start:
            link.refuse("expires_at", f"must be in the future, not {expires_at.isoformat()}")
        last = datetime.combine(dates.months_after(start.date(), 6), start.timetz())
        if expires_at > last:
            link.refuse(
                "expires_at",
                f"may be six months ahead, so {last:%Y-%m-%d %H:%M} UTC at the latest, "
                f"not {expires_at.isoformat()}",
            )
    days = link["reminder_frequency"]
    if days is not None and (type(days) is not int or days not in (1, 2, 7, 14)):
        link.refuse("reminder_frequency", f"is 1, 2, 7 or 14 days, not {preview(days)}")


def check_account(checks: Checks, account: Any, where: str = "") -> None:
    """A customer's account has a number, as text, and a bank."""
    number = field_of(account, "account_number")
    if not isinstance(number, str) or not number:
        checks.refuse(f"{where}account_number", "is required, as text")
    if not field_of(account, "bic_primary") and not field_of(account, "bic_secondary"):
        checks.refuse(
            f"{where}bic_primary", "or bic_secondary is required: SWIFT or local routing code"
        )


def check_charge(payment: Checks) -> None:
    """A first payment brings a card, a later one its amount."""
    payment.exactly_one("order_id", "subscription_id")
    payment.prefix("order_id", *id_prefixes.ORDER)
    payment.prefix("subscription_id", *id_prefixes.SUBSCRIPTION)
    payment.one_of("sequence", tuple(PaymentSequence))
    payment.one_of("method", tuple(PaymentMethodType))
    if payment.says("sequence", PaymentSequence.SUBSEQUENT):
        payment.present("subscription_id", "amount", "currency")
        if "method" in payment:
            payment.refuse("method", "goes with a first payment: leave it out")
    else:
        payment.present("card", "callback_url")
    url = payment["callback_url"]
    if url is not None and not (isinstance(url, str) and url.startswith("https://")):
        payment.refuse("callback_url", f"must start with https://, not {preview(url)}")
    payment.minor_units("amount")
    payment.currency("currency")
    payment.listed("split_ids", "['psplit_1']", prefixes=id_prefixes.SPLIT)
    payment.request_id()


class _Concealed(dict[str, Any]):
    """Card data, in a form that no report of an error shows."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


def conceal(card: Any) -> Any:
    """Card data that can be sent, and not shown. What is no mapping is shown by its type alone."""
    if card is OMIT or card is None:
        return card
    if isinstance(card, Mapping):
        return _Concealed(cast("Mapping[str, Any]", card))
    return _Concealed({"": card})


def check_card(payment: Checks) -> None:
    """Refuse here what cannot be sent, whether the client validates or not: a later refusal would
    quote it, and this is card data.
    """
    problem = _card_problem(payment["card"], "card")
    if problem is not None:
        payment.refuse(*problem)


def _card_problem(value: object, where: str) -> tuple[str, str] | None:
    if isinstance(value, _Concealed) and "" in value:
        return where, f"must be a mapping, not a {type(value['']).__name__}"
    if isinstance(value, Mapping):
        entries = cast("Mapping[object, object]", value).items()
        problems = (_card_problem(entry, f"{where}.{name}") for name, entry in entries)
        return next((problem for problem in problems if problem is not None), None)
    if value is None or isinstance(value, (str, int)):
        return None
    return where, f"must be text or a whole number, not {type(value).__name__}"


def check_payment_filters(payments: Checks) -> None:
    """What the list of payments can be asked for."""
    if payments["payin_id"] is not None:
        payments.none_with("payin_id", "subscription_id")
        payments.prefix("payin_id", *id_prefixes.PAYIN)
    payments.prefix("subscription_id", *id_prefixes.SUBSCRIPTION)
    if payments.says("status", PaymentStatus.UNDER_REVIEW):
        payments.refuse("status", "cannot be under_review: ask for in_progress, which holds them")
    payments.one_of("status", _LIST_STATUSES)
    payments.one_of("compliance_status", tuple(ComplianceStatus))
    payments.one_of("payment_type", tuple(PayinType))


def check_mock_payment(payment: Checks) -> None:
    """A payment of the sandbox."""
    payment.present("amount", "currency")
    payment.integer("amount", 100)
    payment.currency("currency")
    payment.one_of("payment_method", tuple(MockPaymentMethod))
    payment.one_of("remitter_name", tuple(RemitterName))
    if payment["payin_id"] is None:
        payment.exactly_one("payin_id", "payment_method")


def check_rfi_answers(call: Checks) -> None:
    """Documents for the RFI of an order, a link, a payment, a payout or a refund."""
    call.rfi_answers()


def check_refund(refund: Checks) -> None:
    """A refund of a payment."""
    refund.present("payment_id", "reason")
    refund.prefix("payment_id", *id_prefixes.PAYMENT)
    refund.one_of("reason", SENDABLE_REASONS)
    refund.minor_units("amount")
    refund.prefix("document_id", *id_prefixes.DOCUMENT)
    refund.text("document_url", "file_name")
    refund.request_id()


def check_mock_refund(refund: Checks) -> None:
    """A step of the sandbox."""
    refund.one_of("status", tuple(MockRefundStatus))
