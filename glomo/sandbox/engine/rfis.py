"""Requests for information (RFIs): what compliance wants to see before it lets something go on.

An RFI belongs to a payin, payment, payout or refund (`_kind`, `_subject`). It is `action_required`
until it is answered, `under_review` until it is decided, then `approved` or `rejected`; left
unanswered it is `expired`. What each step does to the subject is in `reviews.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from .account import Account
from .clock import wire_time
from .errors import bad_request
from .store import Record

KIND = "rfi"
SUBJECT = (KIND, "_subject")
EXPIRE = "rfi.expire"
LIFE = timedelta(days=30)
_REASON = (
    "The transaction has been flagged for a compliance review and requires additional "
    "information before it can proceed."
)


def ask(account: Account, kind: str, subject: str, rfi_doc_ids: Sequence[str] = ()) -> Record:
    """Ask for documents, with the RFI that the subject has under review if there is one."""
    rfi = of(account, subject)
    if rfi is not None and rfi["status"] == "under_review":
        account.schedule(account.now() + LIFE, EXPIRE, rfi["id"])
        deadline = wire_time(account.now() + LIFE)
        return set_status(account, {**rfi, "response_deadline": deadline}, "action_required")
    return request_documents(account, kind, subject, rfi_doc_ids=rfi_doc_ids)


def request_documents(
    account: Account,
    kind: str,
    subject: str,
    names: Sequence[str] = ("Passport",),
    rfi_doc_ids: Sequence[str] = (),
) -> Record:
    """Open an RFI that asks for one document of each name, or under each of these ids."""
    rfi_id = account.new_id("rfi", KIND)
    deadline = account.now() + LIFE
    token = account.engine.ids.token
    required = dict.fromkeys(rfi_doc_ids, "Supporting document") or {
        f"rfidoc_{token(rfi_id, name, 12)}": name for name in names
    }
    rfi = {
        "id": rfi_id,
        "status": "action_required",
        "reason_code": "COMPLIANCE_REVIEW",
        "reason_code_description": _REASON,
        "response_deadline": wire_time(deadline),
        "documents_required": [
            {
                "rfi_doc_id": rfi_doc_id,
                "description": name,
                "multiple_allowed": False,
                "max_count": 1,
            }
            for rfi_doc_id, name in required.items()
        ],
        "_created": account.now().timestamp(),
        "_kind": kind,
        "_subject": subject,
    }
    account.schedule(deadline, EXPIRE, rfi_id)
    return account.store.put(KIND, rfi_id, rfi)


def of(account: Account, subject: str) -> Record | None:
    """The last RFI of a payin, payment, payout or refund."""
    rfis = account.store.find(*SUBJECT, subject)
    return rfis[-1] if rfis else None


def respond(account: Account, rfi: Record, documents: Mapping[str, list[str]]) -> Record:
    """Put an RFI under review with documents (ids by `rfi_doc_id`), all in one call."""
    if rfi["status"] == "expired":
        raise bad_request("RFI has expired")
    if rfi["status"] != "action_required":
        raise bad_request("RFI is not in action_required status")
    required = {document["rfi_doc_id"]: document for document in rfi["documents_required"]}
    for rfi_doc_id, document_ids in documents.items():
        if rfi_doc_id not in required:
            raise bad_request(f"Invalid rfi_doc_id {rfi_doc_id}")
        if len(document_ids) > required[rfi_doc_id]["max_count"]:
            raise bad_request(f"Too many documents for rfi_doc_id {rfi_doc_id}")
    missing = [document for document in required if document not in documents]
    if missing:
        raise bad_request(f"Document is missing for rfi_doc_id {missing[0]}")
    return set_status(account, rfi, "under_review")


def put_under_review(account: Account, subject: str) -> None:
    """The RFI of a subject was answered by another operation than `rfis.respond`."""
    rfi = of(account, subject)
    if rfi is not None and rfi["status"] == "action_required":
        set_status(account, rfi, "under_review")


def close(account: Account, subject: str, *, approved: bool) -> None:
    """The subject's review is over."""
    rfi = of(account, subject)
    if rfi is not None and rfi["status"] == "under_review":
        set_status(account, rfi, "approved" if approved else "rejected")


def set_status(account: Account, rfi: Record, status: str) -> Record:
    """Write an RFI with another status."""
    return account.store.put(KIND, rfi["id"], {**rfi, "status": status})


def expire(account: Account, rfi_id: str) -> None:
    """Timer: nobody answered."""
    rfi = account.store.get(KIND, rfi_id)
    if rfi is not None and rfi["status"] == "action_required":
        set_status(account, rfi, "expired")


def required_documents(rfi: Record) -> list[Record]:
    """What a payin shows as `rfi_documents`."""
    return [
        {"rfi_doc_id": document["rfi_doc_id"], "name": document["description"]}
        for document in rfi["documents_required"]
    ]
