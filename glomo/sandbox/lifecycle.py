"""The life of a payout: which steps there are, and what each does to the balance.

Where a payout stands is its status, except that `in_progress` has two meanings: under compliance
review (no money held, still cancellable) and at the bank (money held, out of everybody's hands).
"""

from __future__ import annotations

from .balances import need, shift
from .clock import wire_time
from .environment import Environment
from .payout_request import REPATRIATION
from .refusals import state_change_not_allowed
from .store import Record

KIND = "payout"
TERMINAL = frozenset({"success", "failed", "cancelled"})
CANCELLABLE = frozenset({"pending_approval", "queued", "action_required", "review"})
RESERVED_SANCTIONS_AMOUNT = 6623

# Where a payout stands -> the statuses a mock may ask for. `pending` is the bank.
_MOCK_STEPS = {
    "pending_approval": frozenset({"pending", "action_required", "cancelled"}),
    "queued": frozenset({"pending", "action_required", "cancelled"}),
    "action_required": frozenset({"pending", "cancelled"}),
    "review": frozenset({"pending", "success", "failed", "action_required", "cancelled"}),
    "in_progress": frozenset({"success", "failed"}),
}
MOCK_STATUSES = frozenset[str]().union(*_MOCK_STEPS.values())

ERROR_TEXTS = {
    "QUOTE_EXPIRED": "The quote expired before the payout was submitted",
    "QUEUE_EXPIRED": "The payout stayed queued for 30 days without sufficient balance",
    "PAYOUT_REJECTED": "The payout was rejected",
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
_FOR_MERCHANT_ONLY = frozenset({"QUOTE_EXPIRED", "QUEUE_EXPIRED", "PAYOUT_REJECTED"})


def standing(payout: Record) -> str:
    """The status, with `review` told apart from `in_progress` at the bank."""
    return "review" if payout["_review"] else payout["status"]


def cost_of(payout: Record) -> int:
    """What a payout takes from the balance: amount and fees, minor units."""
    fees = payout["fees"]
    return int(payout["source_amount"] + fees["fx_fee"]["amount"] + fees["txn_fee"]["amount"])


def move(
    env: Environment,
    payout: Record,
    status: str,
    *,
    review: bool = False,
    error_code: str | None = None,
) -> Record:
    """Put a payout into a status and its money where it belongs; raises if that is short."""
    currency, cost = payout["source_currency"], cost_of(payout)
    at_bank = status == "in_progress" and not review
    held = payout["_held"]
    if held and status == "success":
        shift(env, currency, held, "held", "paid")
    elif held and not at_bank:
        shift(env, currency, held, "held", "available")
    elif not held and status == "success":
        shift(env, currency, cost, "available", "paid")
    elif not held and at_bank:
        shift(env, currency, cost, "available", "held")
    changed = {
        **payout,
        "status": status,
        "updated_at": wire_time(env.clock()),
        "_review": review,
        "_held": cost if at_bank else 0,
    }
    if error_code is not None:
        told = ERROR_TEXTS[error_code]
        changed["error_code"] = error_code
        changed["error_description"] = told
        changed["customer_error_description"] = None if error_code in _FOR_MERCHANT_ONLY else told
    if status == "success":
        changed["utr"] = env.ids.bank_reference(payout["id"])
        changed["taxes"] = _withheld(payout)
    return env.store.put(KIND, payout["id"], changed)


def submit(env: Environment, payout: Record) -> Record:
    """Send a payout on its way: to screening first, then to the bank."""
    if payout["_sanctioned"] and not payout["_answered"]:
        return move(env, payout, "action_required")
    if env.options.screening and not payout["_answered"]:
        return move(env, payout, "in_progress", review=True)
    return move(env, payout, "in_progress")


def start(env: Environment, payout: Record, bank_error: str | None) -> Record:
    """The first step of a payout that was just made."""
    if bank_error is not None:
        return move(env, payout, "failed", error_code=bank_error)
    if not env.options.queueing:
        need(env, payout["source_currency"], cost_of(payout))
    if env.options.maker_checker:
        return move(env, payout, "pending_approval")
    return approved(env, payout)


def approved(env: Environment, payout: Record) -> Record:
    """The step after approval, or after creation where none is needed."""
    return move(env, payout, "queued") if env.options.queueing else submit(env, payout)


def mock(env: Environment, payout: Record, asked: str) -> Record:
    """The step that a mock call asks for; raises unless the life cycle has it."""
    if asked not in _MOCK_STEPS.get(standing(payout), ()):
        raise state_change_not_allowed()
    return move(env, payout, "in_progress" if asked == "pending" else asked)


def _withheld(payout: Record) -> list[Record]:
    """GST on the conversion of a repatriation: 18% of a taxable 1%."""
    if payout["purpose_code"] != REPATRIATION:
        return []
    taxable = payout["destination_amount"] // 100
    return [
        {
            "name": "GST",
            "amount": taxable * 1800 // 10_000,
            "currency": payout["destination_currency"],
            "bps": 1800,
        }
    ]
