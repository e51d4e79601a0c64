"""Why a payment failed or waits: codes and their texts."""

from __future__ import annotations

from .store import Record

_CUSTOMER = (
    "Your payment could not be completed. Please try a different payment method or contact "
    "your bank."
)
_TEXTS = {
    "PAYMENT_DECLINED": (
        "The payment attempt was declined by the issuer or a risk check. The customer should "
        "contact their bank or try a different payment method."
    ),
    "PAYIN_NOT_FOUND": "No active payin was found for this payment",
    "PAYIN_AMOUNT_MISMATCH": "The amount or currency received does not match the payin",
    "SANCTION_HIT": "The payment was stopped by sanctions screening",
    "TXM_HOLD": "The payment was stopped by transaction monitoring",
    "INSUFFICIENT_BALANCE": "The card or account has insufficient balance",
    "CARD_NOT_SUPPORTED_ON_3DS": "The card does not support 3DS",
    "CARD_EXPIRED": "The card has expired",
    "INVALID_CARD": "The card is invalid",
    "INVALID_CARD_NUMBER": "The card number is invalid",
    "INVALID_CARD_CVV": "The CVV is invalid",
    "INVALID_CARD_EXPIRY_DATE": "The expiry date of the card is invalid",
}
CODES = frozenset(_TEXTS)
_FOR_MERCHANT_ONLY = frozenset(
    {"PAYIN_NOT_FOUND", "PAYIN_AMOUNT_MISMATCH", "SANCTION_HIT", "TXM_HOLD"}
)


def error_fields(error_code: str) -> Record:
    """The fields of a payment that tell an error."""
    return {
        "error_code": error_code,
        "error_description": _TEXTS[error_code],
        "customer_error_description": None if error_code in _FOR_MERCHANT_ONLY else _CUSTOMER,
    }
