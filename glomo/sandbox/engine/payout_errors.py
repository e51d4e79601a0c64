"""Why a payout failed: its `error_code`s and their texts."""

from __future__ import annotations

ERROR_TEXTS = {
    "QUOTE_EXPIRED": "The quote expired before the payout was submitted",
    "QUEUE_EXPIRED": "The payout stayed queued for 30 days without sufficient balance",
    "PAYOUT_REJECTED": "The payout was rejected",
    "INSUFFICIENT_BALANCE": "The balance no longer covers the payout",
    "INVALID_BENE_ACCOUNT_NUMBER": "The beneficiary account number is invalid",
    "INVALID_BENE_ACCOUNT_TYPE": "The beneficiary account type is invalid",
    "INVALID_BENE_IFSC": "The beneficiary IFSC is invalid",
    "INVALID_VPA": "The beneficiary UPI address is invalid",
    "INVALID_BENE_NAME": "The beneficiary name is invalid",
    "INVALID_BENE_ADDRESS": "The beneficiary address is invalid",
    "INVALID_BENE_EMAIL": "The beneficiary email is invalid",
    "INVALID_BENE_CONTACT": "The beneficiary contact number is invalid",
    "NAME_MISMATCH": "The remitter and beneficiary names do not match for this purpose",
}
FOR_MERCHANT_ONLY = frozenset(
    {"QUOTE_EXPIRED", "QUEUE_EXPIRED", "PAYOUT_REJECTED", "INSUFFICIENT_BALANCE"}
)
