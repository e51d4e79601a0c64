"""Quotes: terms that are locked for half an hour and can be used once, by a payin or a payout.

`_resource` is what a quote can be used for: `payin`, `payout`, or of LRS `lrs_payin` and
`lrs_payout`.

A quote's record has `id`, `resource` (`payin` or `payout`), `source_currency`,
`destination_currency`, `source_amount`, `destination_amount` (minor units), `fx_rate`,
`fees.txn_fee` and `fees.fx_fee` (amount and currency), `method.payment_rail` and `expires_at`, as
the API shows it, and with them `_expires` (seconds since 1970) and `_used`.
"""

from __future__ import annotations

from datetime import timedelta

from .account import Account
from .clock import wire_time
from .errors import bad_request
from .store import Record

KIND = "quote"
LIFE = timedelta(minutes=30)


def lifetime(account: Account) -> Record:
    """The fields of a new quote that tell how long it can be used."""
    now = account.now()
    return {
        "expires_at": wire_time(now + LIFE),
        "created_at": wire_time(now),
        "_created": now.timestamp(),
        "_expires": (now + LIFE).timestamp(),
        "_used": False,
    }


def usable(account: Account, quote_id: str, resource: str, *, name: str = "quote_id") -> Record:
    """The quote with this id, for a use; raises the 400 that it deserves, naming the field."""
    quote = account.store.get(KIND, quote_id)
    if quote is None:
        raise bad_request(f"{name} not found")
    if quote["_resource"] != resource:
        messages = {
            "payin": f"{name} is not a payin quote",
            "payout": "Quote is not a payout quote",
            "lrs_payin": f"{name} is not an LRS payin quote",
        }
        raise bad_request(messages[resource])
    if quote["_used"]:
        raise bad_request(f"{name} has already been used")
    if quote["_expires"] <= account.now().timestamp():
        raise bad_request(f"{name} has expired")
    return quote


def use(account: Account, quote: Record) -> None:
    """Mark a quote as used; belongs inside the transaction that uses it."""
    account.store.put(KIND, quote["id"], {**quote, "_used": True})
