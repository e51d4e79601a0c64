"""The life of a payout: which steps there are, and what each does to the books.

Where a payout stands is its status, except that `in_progress` has two meanings: under compliance
review (no money held, still cancellable) and at the bank (money held, out of everybody's hands).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from . import rfis
from .account import Account
from .books import Line
from .errors import ApiError, state_change_not_allowed
from .payout_errors import ERROR_TEXTS, FOR_MERCHANT_ONLY
from .quotes import KIND as QUOTE
from .store import Record

KIND = "payout"
SETTLE = "payout.settle"
RELEASE = "payout.release"
EXPIRE = "payout.expire"
TERMINAL = frozenset({"success", "failed", "cancelled"})
CANCELLABLE = frozenset({"pending_approval", "queued", "action_required", "review"})
REPATRIATION = "P0001"
QUEUE_LIFE = timedelta(days=30)
_RELEASE_MINUTES = (2, 17, 32, 47)

# Where a payout stands -> the statuses a mock may ask for. `pending` is the bank.
MOCK_STEPS = {
    "pending_approval": frozenset({"pending", "action_required", "cancelled"}),
    "queued": frozenset({"pending", "action_required", "cancelled"}),
    "action_required": frozenset({"pending", "cancelled"}),
    "review": frozenset({"pending", "success", "failed", "action_required", "cancelled"}),
    "in_progress": frozenset({"success", "failed"}),
}
MOCK_STATUSES = frozenset[str]().union(*MOCK_STEPS.values())


def effective_status(payout: Record) -> str:
    """The status, with `review` told apart from `in_progress` at the bank."""
    return "review" if payout["_review"] else payout["status"]


def cost_of(payout: Record) -> int:
    """What a payout takes from the balance: amount and fees, minor units."""
    return int(payout["source_amount"]) + fees_of(payout)


def fees_of(payout: Record) -> int:
    """The fees of a payout, minor units of the source currency."""
    fees = payout["fees"]
    return int(fees["fx_fee"]["amount"] + fees["txn_fee"]["amount"])


def move(
    account: Account,
    payout: Record,
    status: str,
    *,
    review: bool = False,
    error_code: str | None = None,
) -> Record:
    """Put a payout into a status and its money where it belongs; raises if that is short."""
    at_bank = status == "in_progress" and not review
    _post(account, payout, status, at_bank=at_bank)
    changes: Record = {
        "status": status,
        "_review": review,
        "_held": cost_of(payout) if at_bank else 0,
    }
    if status == "queued":
        changes["_queued"] = account.now().timestamp()
    if error_code is not None:
        text = ERROR_TEXTS[error_code]
        changes["error_code"] = error_code
        changes["error_description"] = text
        changes["customer_error_description"] = None if error_code in FOR_MERCHANT_ONLY else text
    if status == "success":
        changes["utr"] = account.engine.ids.bank_reference(payout["id"])
        changes["taxes"] = _withheld(payout)
    updated = account.store.put(KIND, payout["id"], account.updated(payout, **changes))
    if status != payout["status"]:
        account.emit(KIND, updated)
    if status == "action_required":
        rfis.ask(account, KIND, payout["id"], payout["_rfi_documents"])
    elif payout["_review"] and not review:
        rfis.close(account, payout["id"], approved=error_code != "PAYOUT_REJECTED")
    if status == "in_progress":
        _settle_later(account, updated)
    elif status == "queued":
        account.schedule(account.now() + QUEUE_LIFE, EXPIRE, payout["id"])
        account.schedule(next_release(account.now()), RELEASE, "")
    return updated


def submit(account: Account, payout: Record) -> Record:
    """Send a payout on its way: to screening first, then to the bank."""
    if payout["_sanctioned"] and not payout["_cleared"]:
        return move(account, payout, "action_required")
    if account.options.screening and not payout["_cleared"]:
        return move(account, payout, "in_progress", review=True)
    return move(account, payout, "in_progress")


def start(account: Account, payout: Record, bank_error: str | None) -> Record:
    """The first step of a new payout."""
    if bank_error is not None:
        return move(account, payout, "failed", error_code=bank_error)
    if not account.options.queueing:
        account.books.need(payout["source_currency"], cost_of(payout))
    if account.options.maker_checker:
        return move(account, payout, "pending_approval")
    return approve(account, payout)


def approve(account: Account, payout: Record) -> Record:
    """The step after approval, or after creation where none is needed."""
    if payout["status"] == "pending_approval" and _quote_expired(account, payout):
        return move(account, payout, "failed", error_code="QUOTE_EXPIRED")
    if account.options.queueing:
        return move(account, payout, "queued")
    return submit(account, payout)


def clear(account: Account, payout: Record) -> Record:
    """Let a payout out of review: to the bank, or to `failed` if the balance is short by now."""
    cleared = {**payout, "_cleared": True}
    try:
        return move(account, cleared, "in_progress")
    except ApiError:
        return move(account, cleared, "failed", error_code="INSUFFICIENT_BALANCE")


def succeed(account: Account, payout: Record) -> Record:
    """Let a payout in progress succeed, out of review first; `failed` if the balance is short."""
    if payout["_review"]:
        payout = clear(account, payout)
    return move(account, payout, "success") if payout["status"] == "in_progress" else payout


def mock(account: Account, payout: Record, target: str) -> Record:
    """The step that a mock call asks for; raises unless the life cycle has it."""
    if target not in MOCK_STEPS.get(effective_status(payout), ()):
        raise state_change_not_allowed()
    if target == "pending":
        # Mocked, it never reaches a rail: only another mock ends it.
        updated = clear(account, {**payout, "_mocked": True})
    elif target == "success":
        updated = succeed(account, payout)
    else:
        updated = move(account, payout, target)
    return updated


def respond(account: Account, payout: Record, documents: list[Record]) -> Record:
    """Answer an RFI with documents: the payout goes under review, and then on its way."""
    rfis.put_under_review(account, payout["id"])
    responded = {
        **payout,
        "documents": [*payout["documents"], *documents],
        "_cleared": True,
        "_rfi_documents": [],
    }
    return move(account, responded, "in_progress", review=True)


def settle(account: Account, payout_id: str) -> None:
    """Timer: a review ends well, a payout at the bank succeeds."""
    payout = account.store.get(KIND, payout_id)
    if payout is not None and payout["status"] == "in_progress":
        if payout["_review"]:
            clear(account, payout)
        else:
            move(account, payout, "success")


def _quote_expired(account: Account, payout: Record) -> bool:
    if payout["quote_id"] is None:
        return False
    quote = account.store.get(QUOTE, payout["quote_id"])
    return quote is not None and quote["_expires"] <= account.now().timestamp()


def next_release(after: datetime) -> datetime:
    """The next release run: every quarter of an hour, at :02, :17, :32 and :47."""
    hour = after.replace(minute=0, second=0, microsecond=0)
    runs = [hour + timedelta(minutes=m) for m in (*_RELEASE_MINUTES, 60 + _RELEASE_MINUTES[0])]
    return next(run for run in runs if run > after)


def _settle_later(account: Account, payout: Record) -> None:
    after = account.options.settle_after
    if after is not None and not payout["_mocked"]:
        account.schedule(account.now() + after, SETTLE, payout["id"])


def _post(account: Account, payout: Record, status: str, *, at_bank: bool) -> None:
    """Post what the step does to the balance, and to the beneficiary's."""
    currency, held_amount = payout["source_currency"], payout["_held"]
    source = "held" if held_amount else "available"
    if status == "success":
        taxes = sum(tax["amount"] for tax in _withheld(payout))
        target, amount = payout["destination_currency"], payout["destination_amount"]
        lines = [
            Line(source, currency, -cost_of(payout)),
            Line("payouts", currency, payout["source_amount"]),
            Line("fees.payout", currency, fees_of(payout)),
            Line("exchange", target, -amount),
            Line("beneficiaries", target, amount - taxes),
            Line("taxes", target, taxes),
        ]
        account.books.post(KIND, payout["id"], lines)
    elif held_amount and not at_bank:
        account.books.transfer(
            KIND, payout["id"], currency, held_amount, source="held", target="available"
        )
    elif at_bank and not held_amount:
        cost = cost_of(payout)
        account.books.transfer(
            KIND, payout["id"], currency, cost, source="available", target="held"
        )


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
