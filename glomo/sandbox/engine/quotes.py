"""Quotes: terms that are locked for half an hour and can be used once, by a payin or a payout.

A quote's record has `id`, `resource` (`payin` or `payout`), `source_currency`,
`destination_currency`, `source_amount`, `destination_amount` (minor units), `fx_rate`,
`fees.txn_fee` and `fees.fx_fee` (amount and currency), `method.payment_rail` and `expires_at`, as
the API shows it, and beside them `_expires` (seconds since 1970) and `_used`.
"""

from __future__ import annotations

from datetime import timedelta

from .account import Account
from .errors import bad_request
from .store import Record

KIND = "quote"
LIFE = timedelta(minutes=30)


def usable(account: Account, quote_id: str, resource: str) -> Record:
    """The quote with this id, for a `payin` or a `payout`; raises the 400 that it deserves."""
    quote = account.store.get(KIND, quote_id)
    if quote is None:
        raise bad_request("quote_id not found")
    if quote["resource"] != resource:
        raise bad_request(
            "Quote is not a payout quote"
            if resource == "payout"
            else "quote_id is not a payin quote"
        )
    if quote["_used"]:
        raise bad_request("quote_id has already been used")
    if quote["_expires"] <= account.now().timestamp():
        raise bad_request("quote_id has expired")
    return quote


def use(account: Account, quote: Record) -> None:
    """Mark a quote as used; belongs inside the transaction that uses it."""
    account.store.put(KIND, quote["id"], {**quote, "_used": True})
