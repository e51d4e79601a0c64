"""`/api/v1/payouts`."""

from __future__ import annotations

from typing import Any, cast

from . import fields, lifecycle, payout_request
from .beneficiaries import payable
from .environment import Environment
from .lifecycle import KIND
from .paging import page_of
from .payout_request import PayoutRequest
from .rates import Price, price
from .refusals import bad_request, not_found, record_exists, state_change_not_allowed
from .store import Record, public
from .wire import Answer, Call, Endpoint

INDEX = (KIND, "request_id")
_STATUSES = frozenset(
    {"pending_approval", "queued", "in_progress", "action_required", "under_review"}
    | lifecycle.TERMINAL
)


def _create(call: Call) -> Answer:
    env = call.env
    asked = payout_request.read(call.json())
    if asked.request_id is not None and env.store.find(*INDEX, asked.request_id):
        raise record_exists()
    beneficiary = payable(env, asked.beneficiary_id)
    priced = price(
        asked.source_currency,
        asked.destination_currency,
        source_amount=asked.source_amount,
        destination_amount=asked.destination_amount,
    )
    if priced.destination_amount < 1:
        raise bad_request("destination_amount must be greater than 0")
    rails = beneficiary["_rails"]
    if (rails is not None and asked.payment_rail not in rails) or not payout_request.rail_carries(
        asked.payment_rail, priced.destination_amount
    ):
        raise bad_request("No rails available for this beneficiary")
    with env.store.transaction():
        payout = lifecycle.start(env, _new(env, asked, priced), beneficiary["_bank_error"])
    return Answer(public(payout), 201)


def _new(env: Environment, asked: PayoutRequest, priced: Price) -> Record:
    fee_currency = asked.source_currency
    return {
        "id": env.new_id("payout", KIND),
        "status": "",  # the first step sets it
        "source_amount": priced.source_amount,
        "source_currency": asked.source_currency,
        "destination_amount": priced.destination_amount,
        "destination_currency": asked.destination_currency,
        "beneficiary_id": asked.beneficiary_id,
        "purpose_code": asked.purpose_code,
        "payment_rail": asked.payment_rail,
        "documents": [_attached(one) for one in asked.documents],
        "mid_market_rate": {"currency": asked.destination_currency, "rate": float(priced.rate)},
        "fees": {
            "fx_fee": {"currency": fee_currency, "amount": priced.fx_fee},
            "txn_fee": {"currency": fee_currency, "amount": priced.txn_fee},
        },
        "fee_collection_mode": "merchant",
        "taxes": [],
        "utr": None,
        "request_id": asked.request_id,
        "invoice_number": asked.invoice_number,
        "quote_id": None,
        "error_code": None,
        "error_description": None,
        "customer_error_description": None,
        "notes": asked.notes,
        **env.stamps(),
        "_held": 0,
        "_review": False,
        "_sanctioned": lifecycle.RESERVED_SANCTIONS_AMOUNT
        in (asked.source_amount, asked.destination_amount),
        "_answered": False,
        "_wanted": [],
    }


def _attached(document: str, rfi_document: str | None = None) -> Record:
    return {
        "id": document,
        "type": "invoice" if rfi_document is None else "rfi",
        "status": "uploaded",
        "rfi_doc_id": rfi_document,
    }


def _list(call: Call) -> Answer:
    query, store = call.query, call.env.store
    status, beneficiary = query.get("status"), query.get("beneficiary_id")
    if status:
        fields.choice("status", status, _STATUSES)

    def wanted(payout: Record) -> bool:
        if beneficiary and payout["beneficiary_id"] != beneficiary:
            return False
        if status == "under_review":
            return bool(payout["_review"])
        return not status or payout["status"] == status

    request_id = query.get("request_id")
    return page_of(store.find(*INDEX, request_id) if request_id else store.all(KIND), query, wanted)


def payout_by_id(env: Environment, payout_id: str) -> Record:
    """One payout; raises a 404."""
    payout = env.store.get(KIND, payout_id)
    if payout is None:
        raise not_found("Payout")
    return payout


def _of_path(call: Call) -> Record:
    return payout_by_id(call.env, call.id("payout", "pout"))


def _retrieve(call: Call) -> Answer:
    return Answer(public(_of_path(call)))


def _cancel(call: Call) -> Answer:
    payout = _of_path(call)
    if lifecycle.standing(payout) not in lifecycle.CANCELLABLE:
        raise bad_request("Payout cannot be cancelled in its current state")
    with call.env.store.transaction():
        return Answer(public(lifecycle.move(call.env, payout, "cancelled")))


def _update_rfi(call: Call) -> Answer:
    payout = _of_path(call)
    given = _rfi_documents(call)
    if payout["status"] != "action_required":
        raise state_change_not_allowed()
    missing = sorted(set(payout["_wanted"]) - {one["rfi_doc_id"] for one in given})
    if missing:
        raise bad_request(f"documents is missing rfi_doc_id {missing[0]}")
    answered = {
        **payout,
        "documents": [*payout["documents"], *given],
        "_answered": True,
        "_wanted": [],
    }
    with call.env.store.transaction():
        return Answer(public(lifecycle.move(call.env, answered, "in_progress", review=True)))


def _rfi_documents(call: Call) -> list[Record]:
    documents = call.json().get("documents")
    if not isinstance(documents, list) or not documents:
        raise bad_request("documents is missing")
    found: list[Record] = []
    for item in cast("list[object]", documents):
        if not isinstance(item, dict):
            raise bad_request("documents must contain objects with id and rfi_doc_id")
        pair = cast("dict[str, Any]", item)
        document, rfi_document = fields.required(pair, "id"), fields.required(pair, "rfi_doc_id")
        if not document.startswith("doc_"):
            raise bad_request("Id must start with 'doc_'")
        if not rfi_document.startswith(("rfidoc_", "rfi_doc_")):
            raise bad_request("Rfi doc id must start with 'rfidoc_'")
        found.append(_attached(document, rfi_document))
    return found


def _mock(call: Call) -> Answer:
    body = call.json()
    payout = payout_by_id(call.env, fields.required(body, "id"))
    asked = fields.choice("status", fields.required(body, "status"), lifecycle.MOCK_STATUSES)
    wanted = fields.ids(body, "rfi_document_ids", "rfidoc") if asked == "action_required" else []
    with call.env.store.transaction():
        moved = lifecycle.mock(call.env, {**payout, "_wanted": wanted}, asked)
    return Answer(public(moved))


ENDPOINTS = (
    Endpoint("payouts.create", "POST", "/api/v1/payouts", _create),
    Endpoint("payouts.list", "GET", "/api/v1/payouts", _list),
    Endpoint("payouts.mock_update_status", "PATCH", "/api/v1/payouts/mock", _mock, mock=True),
    Endpoint("payouts.retrieve", "GET", "/api/v1/payouts/{id}", _retrieve),
    Endpoint("payouts.cancel", "PATCH", "/api/v1/payouts/{id}/cancel", _cancel),
    Endpoint("payouts.update_rfi", "PATCH", "/api/v1/payouts/{id}/update_rfi", _update_rfi),
)
