"""`update-rfi` of orders and of payment links."""

from __future__ import annotations

from glomo.sandbox.engine import reviews, rfis
from glomo.sandbox.engine.errors import ApiError, bad_request
from glomo.sandbox.engine.store import Record, public

from . import rfi_documents
from .endpoint import Request, Response


def respond(request: Request, payin: Record, refusal: str) -> Response:
    """Respond to the RFI of a payin; whatever is wrong with the documents has the one text."""
    account = request.account
    documents = rfi_documents.read(account, request.json(), "id", strict=True)
    rfi = rfis.of(account, payin["id"])
    if rfi is None or payin["status"] != "action_required":
        raise bad_request(refusal)
    try:
        with account.engine.transaction():
            reviews.respond(account, rfi, documents)
    except ApiError as error:
        raise bad_request(refusal) from error
    return Response(public(account.store.get(payin["_kind"], payin["id"]) or payin))
