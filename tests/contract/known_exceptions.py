"""Where the SDK departs from the API's description on purpose: place and reason."""

from __future__ import annotations

from collections.abc import Mapping

_HYPHEN = "the live API responses the hyphen form only; the description has an underscore"
_ID = "the id comes first as in every method, though the API takes it in the body"

EXCEPTIONS: Mapping[str, str] = {
    "orders.update_rfi path": _HYPHEN,
    "payment_links.update_rfi path": _HYPHEN,
    "payouts.mock_update_status id": _ID,
    "quotes.create method": "an older form of payment_method; the SDK has one spelling, the newer",
    "platform.mock_update_merchant_status merchant_id": _ID,
}
