"""`/payouts`."""

from __future__ import annotations

from typing import Any, cast

from glomo.sandbox.engine import payout_queue, payouts, quotes, rails, screening
from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.beneficiaries import payable
from glomo.sandbox.engine.errors import (
    bad_request,
    not_found,
    record_exists,
    state_change_not_allowed,
)
from glomo.sandbox.engine.payouts import KIND
from glomo.sandbox.engine.rates import Price, mid_market_rate, price
from glomo.sandbox.engine.store import Record, public

from . import fields, payout_request
from .endpoint import Request, Resource, Response, Route
from .paging import page_of
from .payout_request import PayoutRequest, Terms

_REQUEST_ID = (KIND, "request_id")
_STATUSES = frozenset(
    {"pending_approval", "queued", "in_progress", "action_required", "under_review"}
    | payouts.TERMINAL
)


def _create(request: Request) -> Response:
    account = request.account
    requested = payout_request.read(request.json())
    # A used quote is the first thing a resend fails on; the repeated request_id comes second.
    quote = None
    if requested.quote_id is not None:
        quote = quotes.usable(account, requested.quote_id, "payout")
    if requested.request_id is not None and account.store.find(*_REQUEST_ID, requested.request_id):
        raise record_exists()
    terms = requested.terms or _quoted(quote or {})
    payout_request.check(requested, terms)
    beneficiary = payable(account, requested.beneficiary_id)
    quoted_price = _price(account, terms, quote)
    if quoted_price.destination_amount < 1:
        raise bad_request("destination_amount must be greater than 0")
    reachable = beneficiary["_rails"]
    if (reachable is not None and terms.payment_rail not in reachable) or not rails.carries(
        terms.payment_rail, quoted_price.destination_amount
    ):
        raise bad_request(
            "No rails available for this beneficiary"
            if quote is None
            else "Quote is not compatible with the selected beneficiary"
        )
    with account.engine.transaction():
        payout = _payout_record(account, requested, terms, quoted_price, beneficiary)
        if quote is not None:
            quotes.use(account, quote)
        payout = payouts.start(account, payout, beneficiary["_bank_error"])
    return Response(public(payout), 201)


def _quoted(quote: Record) -> Terms:
    return Terms(
        source_currency=quote["source_currency"],
        destination_currency=quote["destination_currency"],
        source_amount=quote["source_amount"],
        destination_amount=quote["destination_amount"],
        payment_rail=quote["method"]["payment_rail"],
    )


def _price(account: Account, terms: Terms, quote: Record | None) -> Price:
    if quote is None:
        return price(
            terms.source_currency,
            terms.destination_currency,
            account.options.fees,
            source_amount=terms.source_amount,
            destination_amount=terms.destination_amount,
        )
    return Price(
        source_amount=quote["source_amount"],
        destination_amount=quote["destination_amount"],
        rate=mid_market_rate(terms.source_currency, terms.destination_currency),
        fx_fee=quote["fees"]["fx_fee"]["amount"],
        txn_fee=quote["fees"]["txn_fee"]["amount"],
    )


def _payout_record(
    account: Account,
    requested: PayoutRequest,
    terms: Terms,
    quoted_price: Price,
    beneficiary: Record,
) -> Record:
    fee_currency = terms.source_currency
    return {
        "id": account.new_id("payout", KIND),
        "status": "",  # the first step sets it
        "source_amount": quoted_price.source_amount,
        "source_currency": terms.source_currency,
        "destination_amount": quoted_price.destination_amount,
        "destination_currency": terms.destination_currency,
        "beneficiary_id": requested.beneficiary_id,
        "purpose_code": requested.purpose_code,
        "payment_rail": terms.payment_rail,
        "documents": [_attached(document) for document in requested.documents],
        "mid_market_rate": {
            "currency": terms.destination_currency,
            "rate": float(quoted_price.rate),
        },
        "fees": {
            "fx_fee": {"currency": fee_currency, "amount": quoted_price.fx_fee},
            "txn_fee": {"currency": fee_currency, "amount": quoted_price.txn_fee},
        },
        "fee_collection_mode": "merchant",
        "taxes": [],
        "utr": None,
        "request_id": requested.request_id,
        "invoice_number": requested.invoice_number,
        "quote_id": requested.quote_id,
        "error_code": None,
        "error_description": None,
        "customer_error_description": None,
        "notes": requested.notes,
        **account.stamps(),
        "_held": 0,
        "_review": False,
        "_sanctioned": screening.AMOUNT in (terms.source_amount, terms.destination_amount)
        or screening.name_hit(beneficiary),
        "_cleared": False,
        "_mocked": False,
        "_rfi_documents": [],
    }


def _attached(document: str, rfi_document: str | None = None) -> Record:
    return {
        "id": document,
        "type": "invoice" if rfi_document is None else "rfi",
        "status": "uploaded",
        "rfi_doc_id": rfi_document,
    }


def _list(request: Request) -> Response:
    query, store = request.query, request.account.store
    status, beneficiary = query.get("status"), query.get("beneficiary_id")
    if status:
        fields.choice("status", status, _STATUSES)

    def matches(payout: Record) -> bool:
        if beneficiary and payout["beneficiary_id"] != beneficiary:
            return False
        if status == "under_review":
            return bool(payout["_review"])
        return not status or payout["status"] == status

    request_id = query.get("request_id")
    records = store.find(*_REQUEST_ID, request_id) if request_id else store.all(KIND)
    return page_of(request, records, matches)


def _payout(account: Account, payout_id: str) -> Record:
    payout = account.store.get(KIND, payout_id)
    if payout is None:
        raise not_found("Payout")
    return payout


def _of_path(request: Request) -> Record:
    return _payout(request.account, request.id("payout", "pout"))


def _retrieve(request: Request) -> Response:
    return Response(public(_of_path(request)))


def _cancel(request: Request) -> Response:
    payout = _payout(request.account, request.id("payout"))  # the older prefix is refused here
    if payouts.effective_status(payout) not in payouts.CANCELLABLE:
        raise bad_request("Payout cannot be cancelled in its current state")
    with request.account.engine.transaction():
        return Response(public(payouts.move(request.account, payout, "cancelled")))


def _update_rfi(request: Request) -> Response:
    payout = _of_path(request)
    documents = _rfi_documents(request)
    if payout["status"] != "action_required":
        raise state_change_not_allowed()
    missing = sorted(
        set(payout["_rfi_documents"]) - {document["rfi_doc_id"] for document in documents}
    )
    if missing:
        raise bad_request(f"documents is missing rfi_doc_id {missing[0]}")
    with request.account.engine.transaction():
        return Response(public(payouts.respond(request.account, payout, documents)))


def _rfi_documents(request: Request) -> list[Record]:
    documents = request.json().get("documents")
    if not isinstance(documents, list) or not documents:
        raise bad_request("documents is missing")
    attached: list[Record] = []
    for item in cast("list[object]", documents):
        if not isinstance(item, dict):
            raise bad_request("documents must contain objects with id and rfi_doc_id")
        pair = cast("dict[str, Any]", item)
        document, rfi_document = fields.required(pair, "id"), fields.required(pair, "rfi_doc_id")
        if not document.startswith("doc_"):
            raise bad_request("Id must start with 'doc_'")
        if not rfi_document.startswith(("rfidoc_", "rfi_doc_")):
            raise bad_request("Rfi doc id must start with 'rfidoc_'")
        attached.append(_attached(document, rfi_document))
    return attached


def _mock(request: Request) -> Response:
    body = request.json()
    payout = _payout(request.account, fields.required(body, "id"))
    target = fields.choice("status", fields.required(body, "status"), payouts.MOCK_STATUSES)
    rfi = fields.ids(body, "rfi_document_ids", "rfidoc") if target == "action_required" else []
    with request.account.engine.transaction():
        updated = payouts.mock(request.account, {**payout, "_rfi_documents": rfi}, target)
    return Response(public(updated))


RESOURCE = Resource(
    routes=(
        Route("payouts.create", "POST", "/payouts", _create),
        Route("payouts.list", "GET", "/payouts", _list),
        Route("payouts.mock_update_status", "PATCH", "/payouts/mock", _mock, mock=True),
        Route("payouts.retrieve", "GET", "/payouts/{id}", _retrieve),
        Route("payouts.cancel", "PATCH", "/payouts/{id}/cancel", _cancel),
        Route("payouts.update_rfi", "PATCH", "/payouts/{id}/update_rfi", _update_rfi),
    ),
    indexes=(_REQUEST_ID, (KIND, "status")),
    timers={
        payouts.SETTLE: payouts.settle,
        payouts.RELEASE: payout_queue.release,
        payouts.EXPIRE: payout_queue.expire,
    },
)
