"""`/api/v2/beneficiaries`."""

from __future__ import annotations

from typing import Any

from . import beneficiary_request, fields
from .clock import wire_time
from .environment import Environment
from .paging import page_of
from .refusals import bad_request, not_found, unprocessable
from .store import Record, public
from .wire import Answer, Call, Endpoint

KIND = "beneficiary"
STATUSES = ("pending", "active", "rejected")
_REVIEWS = {"approve": "active", "reject": "rejected"}


def payable(env: Environment, beneficiary_id: str) -> Record:
    """The beneficiary of a payout; raises unless it may be paid."""
    beneficiary = env.store.get(KIND, beneficiary_id)
    if beneficiary is None:
        raise not_found("Beneficiary")
    if beneficiary["status"] == "pending":
        raise bad_request("Beneficiary verification is pending")
    if beneficiary["status"] == "rejected":
        raise bad_request("Beneficiary has been rejected")
    return beneficiary


def write(
    env: Environment,
    details: dict[str, Any],
    *,
    beneficiary_id: str,
    status: str,
    rails: list[str] | None,
    bank_error: str | None = None,
) -> Record:
    """Write a beneficiary, new or in the place of the one with this id."""
    stamps = env.stamps()
    before = env.store.get(KIND, beneficiary_id)
    if before is not None:
        stamps |= {key: before[key] for key in ("created_at", "_created")}
    record = {
        "id": beneficiary_id,
        **details,
        "status": status,
        **stamps,
        "_rails": rails,
        "_bank_error": bank_error,
        "_account": _account_key(details),
    }
    with env.store.transaction():
        return env.store.put(KIND, beneficiary_id, record)


def _account_key(details: dict[str, Any]) -> str:
    """What makes two beneficiaries the same account."""
    if details["upi_account"] is not None:
        return f"upi/{details['upi_account']['upi_id']}"
    account = details["bank_account"]
    parts = ("account_number", "currency", "swift_code", "local_routing_number")
    return "/".join([details["category"], *(account[part] or "" for part in parts)])


INDEX = (KIND, "_account")


def _create(call: Call) -> Answer:
    env = call.env
    details = beneficiary_request.read(call.json())
    if env.store.find(*INDEX, _account_key(details)):
        raise unprocessable(
            "Validation failed: Business already had this "
            "Account Number, Account Type and Transfer Method"
        )
    made = write(
        env,
        details,
        beneficiary_id=env.new_id("bene", KIND),
        status="pending" if env.options.beneficiary_review else "active",
        rails=beneficiary_request.rails_of(details),
    )
    return Answer(public(made), 201)


def _list(call: Call) -> Answer:
    status = call.query.get("status")
    if status:
        fields.choice("status", status, STATUSES)
    return page_of(
        call.env.store.all(KIND), call.query, lambda one: not status or one["status"] == status
    )


def _of_path(call: Call) -> Record:
    beneficiary = call.env.store.get(KIND, call.id("bene", "ben"))
    if beneficiary is None:
        raise not_found("Beneficiary")
    return beneficiary


def _retrieve(call: Call) -> Answer:
    return Answer(public(_of_path(call)))


def _mock_review(call: Call) -> Answer:
    beneficiary = _of_path(call)
    action = fields.required(call.json(), "review_action")
    fields.choice("review_action", action, _REVIEWS)
    if beneficiary["status"] != "pending":
        raise unprocessable("Beneficiary is not pending review")
    reviewed = {
        **beneficiary,
        "status": _REVIEWS[action],
        "updated_at": wire_time(call.env.clock()),
    }
    with call.env.store.transaction():
        return Answer(public(call.env.store.put(KIND, beneficiary["id"], reviewed)))


ENDPOINTS = (
    Endpoint("beneficiaries.create", "POST", "/api/v2/beneficiaries", _create),
    Endpoint("beneficiaries.list", "GET", "/api/v2/beneficiaries", _list),
    Endpoint("beneficiaries.retrieve", "GET", "/api/v2/beneficiaries/{id}", _retrieve),
    Endpoint(
        "beneficiaries.mock_review",
        "PATCH",
        "/api/v2/beneficiaries/{id}/mock-review",
        _mock_review,
        mock=True,
    ),
)
