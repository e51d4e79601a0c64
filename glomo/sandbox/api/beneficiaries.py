"""`/v2/beneficiaries`."""

from __future__ import annotations

from glomo.sandbox.engine.beneficiaries import (
    ACCOUNT_INDEX,
    KIND,
    STATUSES,
    account_key,
    review,
    write,
)
from glomo.sandbox.engine.errors import not_found, unprocessable
from glomo.sandbox.engine.store import Record, without_nulls

from . import beneficiary_request, fields
from .endpoint import Request, Resource, Response, Route
from .paging import page_of

_REVIEWS = {"approve": "active", "reject": "rejected"}


def _create(request: Request) -> Response:
    account = request.account
    details = beneficiary_request.read(request.json())
    notes: Record = details["notes"] or {}
    for name in sorted(account.options.required_notes):
        if not notes.get(name):
            raise unprocessable(f"Validation failed: Notes {name} is required")
    if account.store.find(*ACCOUNT_INDEX, account_key(details)):
        raise unprocessable(
            "Validation failed: Business already had this "
            "Account Number, Account Type and Transfer Method"
        )
    with account.engine.transaction():
        beneficiary = write(
            account,
            details,
            beneficiary_id=account.new_id("bene", KIND),
            status="pending" if account.options.beneficiary_review else "active",
            rails=beneficiary_request.rails_of(details),
        )
        if beneficiary["status"] == "active":
            account.emit(KIND, beneficiary)
    return Response(without_nulls(beneficiary), 201)


def _list(request: Request) -> Response:
    status = request.query.get("status")
    if status:
        fields.choice("status", status, STATUSES)
    return page_of(
        request,
        request.account.store.all(KIND),
        lambda beneficiary: not status or beneficiary["status"] == status,
        without_nulls,
    )


def _of_path(request: Request) -> Record:
    beneficiary = request.account.store.get(KIND, request.id("bene", "ben"))
    if beneficiary is None:
        raise not_found("Beneficiary")
    return beneficiary


def _retrieve(request: Request) -> Response:
    return Response(without_nulls(_of_path(request)))


def _mock_review(request: Request) -> Response:
    beneficiary = _of_path(request)
    action = fields.required(request.json(), "review_action")
    fields.choice("review_action", action, _REVIEWS)
    if beneficiary["status"] != "pending":
        raise unprocessable("Beneficiary is not pending review")
    with request.account.engine.transaction():
        return Response(without_nulls(review(request.account, beneficiary, _REVIEWS[action])))


RESOURCE = Resource(
    routes=(
        Route("beneficiaries.create", "POST", "/v2/beneficiaries", _create),
        Route("beneficiaries.list", "GET", "/v2/beneficiaries", _list),
        Route("beneficiaries.retrieve", "GET", "/v2/beneficiaries/{id}", _retrieve),
        Route(
            "beneficiaries.mock_review",
            "PATCH",
            "/v2/beneficiaries/{id}/mock-review",
            _mock_review,
            mock=True,
        ),
    ),
    indexes=(ACCOUNT_INDEX,),
)
