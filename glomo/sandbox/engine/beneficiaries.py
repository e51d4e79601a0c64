"""Beneficiaries: who may be paid, and by which rails."""

from __future__ import annotations

from .account import Account
from .errors import bad_request, not_found
from .store import Record

KIND = "beneficiary"
STATUSES = ("pending", "active", "rejected")
ACCOUNT_INDEX = (KIND, "_account")


def payable(account: Account, beneficiary_id: str) -> Record:
    """The beneficiary of a payout; raises unless it may be paid."""
    beneficiary = account.store.get(KIND, beneficiary_id)
    if beneficiary is None:
        raise not_found("Beneficiary")
    if beneficiary["status"] == "pending":
        raise bad_request("Beneficiary verification is pending")
    if beneficiary["status"] == "rejected":
        raise bad_request("Beneficiary has been rejected")
    return beneficiary


def write(
    account: Account,
    details: Record,
    *,
    beneficiary_id: str,
    status: str,
    rails: list[str] | None,
    bank_error: str | None = None,
) -> Record:
    """Write a beneficiary, new or in the place of the one with this id."""
    stamps = account.stamps()
    before = account.store.get(KIND, beneficiary_id)
    if before is not None:
        stamps |= {key: before[key] for key in ("created_at", "_created")}
    record = {
        "id": beneficiary_id,
        **details,
        "status": status,
        **stamps,
        "_rails": rails,
        "_bank_error": bank_error,
        "_account": account_key(details),
    }
    return account.store.put(KIND, beneficiary_id, record)


def review(account: Account, beneficiary: Record, status: str) -> Record:
    """End a review with `active` or `rejected`."""
    reviewed = account.store.put(
        KIND, beneficiary["id"], account.updated(beneficiary, status=status)
    )
    account.emit(KIND, reviewed)
    return reviewed


def account_key(details: Record) -> str:
    """What makes two beneficiaries the same account."""
    if details["upi_account"] is not None:
        return f"upi/{details['upi_account']['upi_id']}"
    bank = details["bank_account"]
    parts = ("account_number", "currency", "swift_code", "local_routing_number")
    return "/".join([details["category"], *(bank[part] or "" for part in parts)])
