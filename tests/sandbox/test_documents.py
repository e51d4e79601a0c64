from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import Api
from tests.sandbox.shop import Shop, created, refused

PDF = ("invoice.pdf", b"%PDF-1.7", "application/pdf")


async def upload(api: Api, name: str | None = "invoice", file: Any = PDF) -> httpx.Response:
    return await api.http.post(
        "/api/v1/document",
        data={} if name is None else {"document_name": name},
        files={"other": ("x.pdf", b"", "application/pdf")} if file is None else {"file": file},
    )


async def test_an_upload_is_listed_in_the_older_shape(api: Api) -> None:
    document = created(await upload(api))
    assert document["id"].startswith("doc_")
    assert document["document_name"] == "invoice"
    assert document["file_name"] == "invoice.pdf"
    assert document["status"] == "uploaded"
    assert document["preview_url"].startswith("https://")
    listed = (await api.get("v1/document")).json()["data"]
    del document["preview_url"]
    assert listed == [document]


@pytest.mark.parametrize("name", ["a.JPG", "a.jpeg", "a.png", "a.pdf"])
async def test_pictures_and_pdfs_are_taken(api: Api, name: str) -> None:
    created(await upload(api, file=(name, b"x", "application/octet-stream")))


@pytest.mark.parametrize(
    ("name", "file", "part"),
    [
        (None, PDF, "document_name is missing"),
        ("", PDF, "document_name is missing"),
        ("n" * 129, PDF, "document_name is too long"),
        ("invoice", None, "file is missing"),
        ("invoice", ("f" * 125 + ".pdf", b"x", "application/pdf"), "File name is too long"),
        ("invoice", ("a.exe", b"x", "application/x-msdownload"), "JPEG, PNG or PDF"),
        ("invoice", ("a.pdf", b"x" * 10_485_761, "application/pdf"), "at most 10 MB"),
    ],
    ids=["no name", "blank name", "long name", "no file", "long file name", "type", "size"],
)
async def test_limits(api: Api, name: str | None, file: Any, part: str) -> None:
    assert part in refused(await upload(api, name, file))
    assert (await api.get("v1/document")).json()["data"] == []


async def test_the_largest_file_is_taken(api: Api) -> None:
    created(await upload(api, "n" * 128, ("f" * 124 + ".pdf", b"x" * 10_485_760, "image/png")))


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b'{"document_name": "x"}', 415),
        ("multipart/form-data", b"x", 400),
        ("multipart/form-data; boundary=b", b"nothing like a form", 400),
        ("multipart/form-data; boundary=b", b"", 400),
    ],
)
async def test_what_is_no_form_is_rejected(
    api: Api, content_type: str, body: bytes, status: int
) -> None:
    headers = {"Content-Type": content_type}
    response = await api.http.post("/api/v1/document", content=body, headers=headers)
    assert response.status_code == status, response.text


async def test_only_documents_that_exist_can_be_attached(api: Api) -> None:
    shop = Shop(api)
    document = await shop.document()
    assert (await shop.order(document_id=document))["document_id"] == document
    unknown = await shop.ask_order(document_id="doc_unknown")
    assert refused(unknown, 404) == "Document not found"
    assert refused(await shop.ask_order(document_id="order_1")) == "Id must start with 'doc_'"
