"""Parts and rules that orders, payment links and payments share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from glomo.serialization.model import OMIT
from glomo.validation import Checks, get, months_after


def check_payin(
    checks: Checks,
    body: Mapping[str, Any],
    *,
    required: Sequence[str],
    fixed_by_quote: Sequence[str],
) -> None:
    """What holds for an order as for a payment link.

    `required` are the fields to give without a quote, `fixed_by_quote` those that it fixes.
    """
    checks.present("customer_id")
    checks.prefix("customer_id", "cust_")
    if body["quote_id"] is not OMIT:
        checks.prefix("quote_id", "quote_", "quo_")
        checks.none_with("quote_id", *fixed_by_quote)
    else:
        checks.present(*required)
        checks.minor_units("amount")
        checks.currency("currency")
        _check_list(checks, "payment_methods", body["payment_methods"], "['card']")
    _check_list(checks, "split_ids", body["split_ids"], "[split_id]")
    checks.prefix("document_id", "doc_")
    checks.prefix("price_id", "price_")
    if body["product"] not in (OMIT, None) and not get(body["product"], "name"):
        checks.refuse("product.name", "is required")
    account = body["bank_account_details"]
    if account not in (OMIT, None):
        checks.exactly_one("bank_account_id", "bank_account_details")
        check_account(checks, account, "bank_account_details.")


def _check_list(checks: Checks, name: str, entries: object, example: str) -> None:
    # A lone text would be taken for a list of its letters.
    if entries is not OMIT and (isinstance(entries, str) or not entries):
        checks.refuse(name, f"must be a list such as {example}, not {entries!r}")


def check_times(checks: Checks, expires_at: object, reminder_frequency: object) -> None:
    """A link expires within six months, and reminds in one of four rhythms."""
    if expires_at not in (OMIT, None):
        if not isinstance(expires_at, datetime) or expires_at.tzinfo is None:
            checks.refuse(
                "expires_at",
                f"must be a datetime with its time zone, as tzinfo=UTC, not {expires_at!r}",
            )
        start = now()
        if expires_at <= start:
            checks.refuse("expires_at", f"must be in the future, not {expires_at.isoformat()}")
        last = datetime.combine(months_after(start.date(), 6), start.timetz())
        if expires_at > last:
            checks.refuse(
                "expires_at",
                f"may be six months ahead, so {last:%Y-%m-%d %H:%M} UTC at the latest, "
                f"not {expires_at.isoformat()}",
            )
    if reminder_frequency not in (OMIT, None, 1, 2, 7, 14):
        checks.refuse("reminder_frequency", f"is 1, 2, 7 or 14 days, not {reminder_frequency!r}")


def now() -> datetime:
    """The time that an expiry is measured from."""
    return datetime.now(UTC)


def check_account(checks: Checks, account: Any, where: str = "") -> None:
    """A customer's account has a number, as text, and a bank."""
    number = get(account, "account_number")
    if not isinstance(number, str) or not number:
        checks.refuse(f"{where}account_number", "is required, as text")
    if not get(account, "bic_primary") and not get(account, "bic_secondary"):
        checks.refuse(
            f"{where}bic_primary", "or bic_secondary is required: SWIFT or local routing code"
        )
