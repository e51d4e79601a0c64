"""What a rejected row needs before it can be paid."""

from __future__ import annotations

CONFLICT = "IDEMPOTENCY_CONFLICT"
"""The row's `request_id` belongs to a payout with other contents."""

_CORRECT = "correct the beneficiary, then send rejected rows again"
_ADVICE = {
    "INSUFFICIENT_BALANCE": "the balance does not cover the payout and its fees: add funds, then "
    "send rejected rows again",
    "QUOTE_EXPIRED": "the exchange rate lapsed before the payout left: send rejected rows again",
    "QUEUE_EXPIRED": "the payout waited 30 days for funds: add funds, then send rejected rows "
    "again",
    "PAYOUT_REJECTED": "refused by compliance or by the bank: do not send it again, ask Glomo",
    "INVALID_BENE_ACCOUNT_NUMBER": f"the bank does not know this account number: {_CORRECT}",
    "INVALID_BENE_ACCOUNT_TYPE": f"the bank does not pay to this type of account: {_CORRECT}",
    "INVALID_BENE_IFSC": f"the bank does not know this IFSC: {_CORRECT}",
    "INVALID_VPA": f"there is no such UPI id: {_CORRECT}",
    "INVALID_BENE_NAME": f"the bank does not accept this name: {_CORRECT}",
    "INVALID_BENE_ADDRESS": f"the bank does not accept this address: {_CORRECT}",
    "INVALID_BENE_EMAIL": f"the bank does not accept this e-mail address: {_CORRECT}",
    "INVALID_BENE_CONTACT": f"the bank does not accept this phone number: {_CORRECT}",
    "NAME_MISMATCH": f"the account is in another name: {_CORRECT}",
    CONFLICT: "a payout with other contents was made for this row before: compare the two, and "
    "give the row a new reference only if it is a new payout",
}


def advice_for(error_code: str | None) -> str | None:
    """What to do about an error code of a payout, in a sentence; `None` if none is known."""
    if error_code is None:
        return None
    if error_code not in _ADVICE and error_code.startswith("INVALID_BENE_"):
        return f"the bank refused the beneficiary's details: {_CORRECT}"
    return _ADVICE.get(error_code)
