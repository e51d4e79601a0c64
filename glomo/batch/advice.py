"""What a rejected row needs before it can be paid."""

from __future__ import annotations

from glomo.diagnosis import Diagnosis, Remedy

CONFLICT = "IDEMPOTENCY_CONFLICT"
"""The row's `request_id` belongs to a payout with other contents."""

_CORRECT = (Remedy.CORRECT_BENEFICIARY, Remedy.RETRY_REJECTED)
_FUND = (Remedy.ADD_FUNDS, Remedy.RETRY_REJECTED)
_DIAGNOSES = {
    "HTTP_404": Diagnosis(
        "this account and environment have no such beneficiary or document",
        remedies=(Remedy.CORRECT_ROW, Remedy.RETRY_REJECTED),
    ),
    "INSUFFICIENT_BALANCE": Diagnosis(
        "the balance does not cover the payout and its fees", remedies=_FUND
    ),
    "QUOTE_EXPIRED": Diagnosis(
        "the exchange rate lapsed before the payout left", remedies=(Remedy.RETRY_REJECTED,)
    ),
    "QUEUE_EXPIRED": Diagnosis("the payout waited 30 days for funds", remedies=_FUND),
    "PAYOUT_REJECTED": Diagnosis(
        "refused by compliance or by the bank", remedies=(Remedy.DO_NOT_RESEND,)
    ),
    CONFLICT: Diagnosis(
        "a payout with other contents exists for this row's request_id",
        remedies=(Remedy.COMPARE_PAYOUT,),
    ),
    **{
        code: Diagnosis(problem, remedies=_CORRECT)
        for code, problem in {
            "INVALID_BENE_ACCOUNT_NUMBER": "the bank does not know this account number",
            "INVALID_BENE_ACCOUNT_TYPE": "the bank does not pay to this type of account",
            "INVALID_BENE_IFSC": "the bank does not know this IFSC",
            "INVALID_VPA": "there is no such UPI id",
            "INVALID_BENE_NAME": "the bank does not accept this name",
            "INVALID_BENE_ADDRESS": "the bank does not accept this address",
            "INVALID_BENE_EMAIL": "the bank does not accept this e-mail address",
            "INVALID_BENE_CONTACT": "the bank does not accept this phone number",
            "NAME_MISMATCH": "the account is in another name",
        }.items()
    },
}


def advice_for(error_code: str | None) -> Diagnosis | None:
    """What an error code of a payout means and what to do; `None` for a code without advice."""
    if error_code is None:
        return None
    if error_code not in _DIAGNOSES and error_code.startswith("INVALID_BENE_"):
        return Diagnosis("the bank refused the beneficiary's details", remedies=_CORRECT)
    return _DIAGNOSES.get(error_code)
