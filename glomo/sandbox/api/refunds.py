"""`/refunds`."""

from __future__ import annotations

from glomo.sandbox.engine import payments, refunds, reviews, rfis
from glomo.sandbox.engine.errors import ApiError, bad_request, not_found, state_change_not_allowed
from glomo.sandbox.engine.refunds import KIND
from glomo.sandbox.engine.store import Record, public

from . import fields, rfi_documents
from .documents import attachable
from .endpoint import Request, Resource, Response, Route
from .paging import page_of

_CREATED = {"success": 201, "failed": 422, "cancelled": 422}
_STATUSES = frozenset(
    {"in_progress", "pending", "success", "failed", "action_required", "under_review", "cancelled"}
)


def _create(request: Request) -> Response:
    account, body = request.account, request.json()
    payment_id = fields.required(body, "payment_id")
    if not payment_id.startswith("payt_"):
        raise bad_request("Payment id must start with 'payt_'")
    reason = fields.choice("reason", fields.required(body, "reason"), refunds.REASONS)
    amount = fields.amount(body, "amount")
    request_id = fields.text(body, "request_id", longest=128)
    document = fields.text(body, "document_id")
    documents: list[Record] = []
    if document is not None:
        attached = attachable(account, document)
        documents = [{"id": attached, "type": "invoice", "status": "uploaded"}]
    for name in ("document_url", "file_name"):
        fields.text(body, name)
    payment = account.store.get(payments.KIND, payment_id)
    if payment is None:
        raise not_found("Payment")
    with account.engine.transaction():
        locked = refunds.take_lock(account, payment)
    if locked:
        raise ApiError(409, "Refund is being processed")
    minor = refunds.refundable(account, payment, amount)
    if request_id is not None and account.store.find(*refunds.REQUEST_ID, request_id):
        raise bad_request("Refund already exists for this request_id")
    refund: Record = {"reason": reason, "documents": documents, "_minor": minor}
    if request_id is not None:
        refund["_request_id"] = request_id
    with account.engine.transaction():
        refund = refunds.start(account, payment, refund)
    return Response(public(refund), _CREATED.get(refund["status"], 202))


def _list(request: Request) -> Response:
    query, store = request.query, request.account.store
    status = query.get("status")
    if status:
        fields.choice("status", status, _STATUSES)
        status = "in_progress" if status == "pending" else status
    method, customer = query.get("payment_method"), query.get("customer_id")

    def matches(refund: Record) -> bool:
        return (
            (not status or refund["status"] == status)
            and (not customer or refund.get("customer_id") == customer)
            and (not method or refund["_method"] == method)
        )

    request_id, payment_id = query.get("request_id"), query.get("payment_id")
    records = store.all(KIND)
    if request_id:
        records = store.find(*refunds.REQUEST_ID, request_id)
    elif payment_id:
        records = store.find(*refunds.PAYMENT, payment_id)
    return page_of(
        request,
        records,
        lambda refund: matches(refund) and (not payment_id or refund["payment_id"] == payment_id),
    )


def _of_path(request: Request) -> Record:
    refund = request.account.store.get(KIND, request.id("refund", "refu"))
    if refund is None:
        raise not_found("Refund")
    return refund


def _retrieve(request: Request) -> Response:
    return Response(public(_of_path(request)))


def _update_rfi(request: Request) -> Response:
    account, refund = request.account, _of_path(request)
    documents = rfi_documents.read(account, request.json(), "id")
    rfi = rfis.of(account, refund["id"])
    if rfi is None or refund["status"] != "action_required":
        raise state_change_not_allowed()
    with account.engine.transaction():
        reviews.respond(account, rfi, documents)
    return Response(public(account.store.get(KIND, refund["id"]) or refund))


def _mock_update_status(request: Request) -> Response:
    refund = _of_path(request)
    status = fields.required(request.json(), "status")
    fields.choice("status", status, ("success", "failed"))
    with request.account.engine.transaction():
        return Response(public(refunds.mock(request.account, refund, status)))


RESOURCE = Resource(
    routes=(
        Route("refunds.create", "POST", "/refunds", _create),
        Route("refunds.list", "GET", "/refunds", _list),
        Route("refunds.retrieve", "GET", "/refunds/{id}", _retrieve),
        Route("refunds.update_rfi", "PATCH", "/refunds/{id}/update_rfi", _update_rfi),
        Route(
            "refunds.mock_update_status",
            "PATCH",
            "/refunds/{id}/mock_update_status",
            _mock_update_status,
            mock=True,
        ),
    ),
    indexes=(refunds.REQUEST_ID, refunds.PAYMENT),
    timers={refunds.SETTLE: refunds.settle},
)
