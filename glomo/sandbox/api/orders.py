"""`/orders`."""

from __future__ import annotations

from datetime import UTC, datetime

from glomo.sandbox.engine import payins, quotes
from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.errors import bad_request, not_found
from glomo.sandbox.engine.store import Record, public

from . import fields, lrs_order, payin_lists, payin_request, payin_rfis
from .customers import customer_of
from .endpoint import Json, Request, Resource, Response, Route
from .paging import page_of

KIND = payins.ORDER
_REQUEST_ID = (KIND, "request_id")
_STATUSES = frozenset(
    {"active", "paid", "failed", "action_required", "cancelled", "under_review", "expired"}
)
_RFI_REFUSED = "Invalid rfi_doc_id or order not in action_required status"


def _create(request: Request) -> Response:
    account, body = request.account, request.json()
    quote = payin_request.quote_of(account, body, KIND)
    request_id = fields.text(body, "request_id", longest=128)
    if request_id is not None and account.store.find(*_REQUEST_ID, request_id):
        raise bad_request("Order already exists for this request_id")
    terms = payin_request.terms(account, body, quote, strict_methods=True)
    order = {**terms.fields, **terms.own}
    if fields.part(body, "lrs") is None:
        order |= payin_request.details(account, body, order["amount"])
    else:
        quote, details = _lrs(account, body, order)
        order |= details
    expires = payins.months_after(account.now(), payins.ORDER_MONTHS)
    if quote is not None:
        expires = datetime.fromtimestamp(quote["_expires"], UTC)
    order = {
        "id": account.new_id("order", KIND),
        "status": "active",
        **{key: value for key, value in order.items() if value is not None or key == "notes"},
        **account.stamps(),
        "_kind": KIND,
    }
    if request_id is not None:
        order["request_id"] = request_id
    with account.engine.transaction():
        if quote is not None:
            quotes.use(account, quote)
        order = payins.start(account, order, expires)
    return Response(public(order), 201)


def _lrs(account: Account, body: Json, order: Record) -> tuple[Record, Record]:
    """The quote and the fields of a remittance; some fields are checked and not stored."""
    if body.get("quote_id") is not None:
        raise bad_request("lrs cannot be specified when quote_id is present")
    code = payin_request.purpose_code(account, body, lrs_order.PURPOSE_CODES)
    without_code = {**body, "purpose_code": None}
    details = payin_request.details(account, without_code, order["amount"])
    lrs, quote = lrs_order.read(account, body, customer_of(account, body), order)
    stored = {key: value for key, value in details.items() if key not in lrs_order.NOT_STORED}
    return quote, {**stored, "purpose_code": code, "lrs": lrs}


def _list(request: Request) -> Response:
    query, store = request.query, request.account.store
    keep = payin_lists.filter_of(query, _STATUSES)
    request_id = query.get("request_id")
    records = store.find(*_REQUEST_ID, request_id) if request_id else store.all(KIND)
    return page_of(request, records, keep)


def _of_path(request: Request) -> Record:
    order = request.account.store.get(KIND, request.id("order"))
    if order is None:
        raise not_found("Order")
    return order


def _retrieve(request: Request) -> Response:
    return Response(public(_of_path(request)))


def _update_rfi(request: Request) -> Response:
    return payin_rfis.respond(request, _of_path(request), _RFI_REFUSED)


RESOURCE = Resource(
    routes=(
        Route("orders.create", "POST", "/orders", _create),
        Route("orders.list", "GET", "/orders", _list),
        Route("orders.retrieve", "GET", "/orders/{id}", _retrieve),
        Route("orders.update_rfi", "PATCH", "/orders/{id}/update-rfi", _update_rfi),
    ),
    indexes=(_REQUEST_ID, (KIND, "status")),
)
