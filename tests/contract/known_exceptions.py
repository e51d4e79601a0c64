"""Where the SDK departs from the API's description on purpose: place and reason."""

from __future__ import annotations

from collections.abc import Mapping

_HYPHEN = "the live API answers the hyphen form only; the description has an underscore"
_CURRENCY = "currencies are text throughout: which ones there are depends on the account"
_ID = "the id comes first as in every method, though the API takes it in the body"

EXCEPTIONS: Mapping[str, str] = {
    "orders.update_rfi path": _HYPHEN,
    "payment_links.update_rfi path": _HYPHEN,
    "payouts.create source_currency": _CURRENCY,
    "payouts.create destination_currency": _CURRENCY,
    "internal_transfers.create currency": _CURRENCY,
    "payouts.mock_update_status id": _ID,
    "platform.mock_update_merchant_status merchant_id": _ID,
    "subscriptions.create interval_count": "a number, checked together with its interval_type",
}
