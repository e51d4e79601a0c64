"""Compliance reviews: what an answered and a decided RFI do to whatever it holds."""

from __future__ import annotations

from collections.abc import Mapping

from . import payins, payments, payouts, refunds, rfis, subscriptions
from .account import Account
from .store import Record

REVIEW = "rfi.review"

Documents = Mapping[str, list[str]]
"""Ids of documents by the `rfi_doc_id` that they answer."""


def respond(account: Account, rfi: Record, documents: Documents) -> Record:
    """Answer an RFI. What it holds goes under review, and on its way after a while.

    A payment link waits for `mock_mark_reviewed`; a payout's own timer ends its review.
    """
    rfi = rfis.respond(account, rfi, documents)
    subject, kind = _subject(account, rfi), rfi["_kind"]
    if kind in (payins.ORDER, payins.LINK):
        payins.start_review(account, subject)
    elif kind == payments.KIND:
        payments.start_review(account, subject)
    elif kind == subscriptions.KIND:
        subscriptions.start_review(account, subject)
    elif kind == refunds.KIND:
        refunds.start_review(account, subject, dict(documents))
    else:
        attached = [
            {"id": doc_id, "type": "rfi", "status": "uploaded", "rfi_doc_id": rfi_doc_id}
            for rfi_doc_id, doc_ids in documents.items()
            for doc_id in doc_ids
        ]
        payouts.respond(account, subject, attached)
    after = account.options.settle_after
    if after is not None and kind not in (payins.LINK, payouts.KIND):
        account.schedule(account.now() + after, REVIEW, rfi["id"])
    return rfi


def awaits_documents(account: Account, rfi: Record) -> bool:
    """Whether an RFI can be answered: it is open, and so is what it holds."""
    subject = _subject(account, rfi)
    name = "compliance_status" if rfi["_kind"] == payments.KIND else "status"
    return bool(rfi["status"] == subject[name] == "action_required")


def review(account: Account, rfi_id: str) -> None:
    """Timer: compliance is content."""
    rfi = account.store.get(rfis.KIND, rfi_id)
    if rfi is not None and rfi["status"] == "under_review":
        decide(account, rfi)


def decide(account: Account, rfi: Record, *, approved: bool = True) -> Record:
    """End a review, in either way."""
    subject, kind = _subject(account, rfi), rfi["_kind"]
    if kind in (payins.ORDER, payins.LINK):
        if subject["status"] == "under_review":  # it may be expired or cancelled by now
            payins.end_review(account, subject, approved)
    elif kind == payments.KIND:
        payments.end_review(account, subject, approved)
    elif kind == subscriptions.KIND:
        if subject["status"] == "under_review":  # it may be cancelled by now
            subscriptions.end_review(account, subject, approved)
    elif kind == refunds.KIND:
        refunds.end_review(account, subject, approved)
    elif payouts.effective_status(subject) == "review":
        if approved:
            payouts.clear(account, subject)
        else:
            payouts.move(account, subject, "cancelled", error_code="PAYOUT_REJECTED")
    return rfis.set_status(account, rfi, "approved" if approved else "rejected")


def _subject(account: Account, rfi: Record) -> Record:
    subject = account.store.get(rfi["_kind"], rfi["_subject"])
    assert subject is not None  # nothing that an RFI is about is ever removed
    return subject
