"""`/document`: files, sent as `multipart/form-data`."""

from __future__ import annotations

import logging
from io import BytesIO
from typing import NamedTuple

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File, parse_form

from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.errors import ApiError, bad_request, not_found
from glomo.sandbox.engine.store import Record, public

from .endpoint import Request, Resource, Response, Route
from .paging import page_of

# What is wrong with a form is in the response; nobody needs it on standard error too.
logging.getLogger("python_multipart").addHandler(logging.NullHandler())

KIND = "document"
LARGEST = 10_485_760
"""Bytes of a file."""

_LONGEST_NAME = 128
_TYPES = frozenset({"image/jpeg", "image/png", "application/pdf"})
_SUFFIXES = (".jpg", ".jpeg", ".png", ".pdf")


class _Upload(NamedTuple):
    file_name: str
    content_type: str
    size: int


def attachable(account: Account, document_id: str) -> str:
    """The id of a document that exists; raises a 400 or 404."""
    if not document_id.startswith("doc_"):
        raise bad_request("Id must start with 'doc_'")
    if account.store.get(KIND, document_id) is None:
        raise not_found("Document")
    return document_id


def add(account: Account, name: str, file_name: str, size: int) -> Record:
    """Write a document that was uploaded."""
    document_id = account.new_id("doc", KIND)
    document = {
        "id": document_id,
        "document_name": name,
        "file_name": file_name,
        "preview_url": f"https://sandbox.glomo.invalid/documents/{document_id}",
        "status": "uploaded",
        **account.stamps(),
        "_size": size,
    }
    with account.engine.transaction():
        return account.store.put(KIND, document_id, document)


def _create(request: Request) -> Response:
    name, upload = _parts(request)
    if name is None or not name.strip():
        raise bad_request("document_name is missing")
    if len(name) > _LONGEST_NAME:
        raise bad_request(f"document_name is too long (maximum is {_LONGEST_NAME} characters)")
    if upload is None:
        raise bad_request("file is missing")
    _check(upload)
    document = add(request.account, name, upload.file_name, upload.size)
    return Response(public(document), 201)


def _parts(request: Request) -> tuple[str | None, _Upload | None]:
    """`document_name` and `file` of a form; a repeated part counts once, the last one."""
    if not request.content_type.lower().startswith("multipart/form-data"):
        raise ApiError(415, "Content-Type must be multipart/form-data")
    texts: dict[bytes | None, bytes | None] = {}
    files: dict[bytes | None, _Upload] = {}

    def on_file(file: File) -> None:
        name = _text(file.file_name)
        files[file.field_name] = _Upload(name, _text(file.content_type), file.size)
        file.close()

    def on_field(field: Field) -> None:
        texts[field.field_name] = field.value

    try:
        parse_form(
            {"Content-Type": request.content_type.encode("latin-1", "replace")},
            BytesIO(request.raw),
            on_field,
            on_file,
        )
    except (FormParserError, ValueError) as error:
        raise bad_request("Request body is not a valid form") from error
    name = texts.get(b"document_name")
    return None if name is None else _text(name), files.get(b"file")


def _text(value: str | bytes | None) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value or ""


def _check(upload: _Upload) -> None:
    if not upload.file_name:
        raise bad_request("file is missing")
    if len(upload.file_name) > _LONGEST_NAME:
        raise bad_request(f"File name is too long (maximum is {_LONGEST_NAME} characters)")
    if upload.content_type not in _TYPES and not upload.file_name.lower().endswith(_SUFFIXES):
        raise bad_request("File must be a JPEG, PNG or PDF")
    if upload.size > LARGEST:
        raise bad_request("File size must be at most 10 MB")


def _list(request: Request) -> Response:
    def list_shape(document: Record) -> Record:
        fields = public(document)
        del fields["preview_url"]  # the list has the older shape
        return fields

    return page_of(request, request.account.store.all(KIND), show=list_shape)


RESOURCE = Resource(
    routes=(
        Route("documents.create", "POST", "/document", _create),
        Route("documents.list", "GET", "/document", _list),
    ),
)
