"""`/rfis`: requests for information."""

from __future__ import annotations

from typing import cast

from glomo.sandbox.engine import reviews, rfis
from glomo.sandbox.engine.errors import not_found
from glomo.sandbox.engine.store import Record, public

from . import rfi_documents
from .endpoint import Json, Request, Resource, Response, Route
from .paging import page_of

KIND = rfis.KIND


def _list(request: Request) -> Response:
    status = request.query.get("status")
    records = request.account.store.all(KIND)
    return page_of(request, records, lambda rfi: not status or rfi["status"] == status)


def _of_path(request: Request) -> Record:
    rfi = request.account.store.get(KIND, request.id("rfi"))
    if rfi is None:
        raise not_found("RFI")
    return rfi


def _retrieve(request: Request) -> Response:
    return Response(public(_of_path(request)))


def _respond(request: Request) -> Response:
    account, rfi, body = request.account, _of_path(request), request.json()
    documents = rfi_documents.read(account, body, "doc_id", name=_list_name(body))
    with account.engine.transaction():
        return Response(public(reviews.respond(account, rfi, documents)))


def _list_name(body: Json) -> str:
    """What the body calls its list of pairs: the name is not documented, so any will do."""
    for name, value in body.items():
        pairs = cast("list[object]", value) if isinstance(value, list) else []
        if any(isinstance(pair, dict) and "rfi_doc_id" in pair for pair in pairs):
            return name
    return "documents"


RESOURCE = Resource(
    routes=(
        Route("rfis.list", "GET", "/rfis", _list),
        Route("rfis.retrieve", "GET", "/rfis/{id}", _retrieve),
        Route("rfis.respond", "PATCH", "/rfis/{id}/respond", _respond),
    ),
    indexes=(rfis.SUBJECT,),
    timers={rfis.EXPIRE: rfis.expire, reviews.REVIEW: reviews.review},
)
