"""Documents that answer an RFI, read from a body."""

from __future__ import annotations

from typing import cast

from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.errors import bad_request

from . import fields
from .documents import attachable
from .endpoint import Json


def read(
    account: Account, body: Json, key: str, *, name: str = "documents", strict: bool = False
) -> dict[str, list[str]]:
    """Ids of documents by `rfi_doc_id`; raises a 400 or 404.

    `key` is what an item calls its document: `id` in the `update_rfi` operations, `doc_id` in
    `respond`. With `strict`, other fields in an item or next to the list are a 400.
    """
    if strict:
        fields.permit(body, (name,))
    items = body.get(name)
    if not isinstance(items, list) or not items:
        raise bad_request(f"{name} is missing")
    documents: dict[str, list[str]] = {}
    for item in cast("list[object]", items):
        if not isinstance(item, dict):
            raise bad_request(f"{name} must contain objects with {key} and rfi_doc_id")
        pair = cast("Json", item)
        if strict:
            fields.permit(pair, (key, "rfi_doc_id"))
        document_id, rfi_doc_id = fields.required(pair, key), fields.required(pair, "rfi_doc_id")
        documents.setdefault(rfi_doc_id, []).append(attachable(account, document_id))
    return documents
