from __future__ import annotations

import asyncio
import io
import json
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import HTTP
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
import respx
from hypothesis import given
from hypothesis import strategies as st

from glomo import AsyncGlomo
from glomo.errors import BadRequestError, OutcomeUnknownError, ParameterError
from glomo.http.multipart import CHUNK, FilePart, Multipart
from glomo.models.shared import DocumentStatus
from glomo.settings import DEFAULT_BASE_URL

DOCUMENT = {
    "id": "doc_nYUqLpuYQ0M8",
    "file_name": "invoice_BC8tFdE.pdf",
    "status": "uploaded",
    "created_at": "2021-06-01T12:00:00Z",
}
PDF = b"%PDF-1.7 content"
CONTENT = b"%PDF-1.7\r\n" + bytes(range(256)) * 3000
CREATED = httpx.Response(201, json=DOCUMENT)
URL = f"{DEFAULT_BASE_URL}/v1/document"


@pytest.fixture
def anyio_backend() -> str:
    """In real time: files are read in threads."""
    return "asyncio"


@pytest.fixture
def api() -> Iterator[respx.Route]:
    with respx.mock(assert_all_called=False) as router:
        yield router.post(URL).mock(return_value=CREATED)


@pytest.fixture
async def glomo(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AsyncGlomo]:
    async with AsyncGlomo("sk-unit", rate_limit=None) as client:
        # No pause between attempts.
        monkeypatch.setattr(client._driver, "rng", lambda: 0.0)
        yield client


def parts(request: httpx.Request) -> dict[str, Message]:
    """The parts of a form by their names, as the standard library's parser reads them."""
    head = b"Content-Type: " + request.headers["content-type"].encode() + b"\r\n\r\n"
    form = message_from_bytes(head + request.content, policy=HTTP)
    assert not form.defects
    return {
        str(part.get_param("name", header="content-disposition")): part
        for part in form.iter_parts()  # type: ignore[attr-defined]
    }


def sent(route: respx.Route, n: int = -1) -> tuple[str, bytes]:
    """The file's name and bytes, as the n-th request had them."""
    file = parts(route.calls[n].request)["file"]
    return file.get_filename() or "", file.get_payload(decode=True)


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    path = tmp_path / "invoice.pdf"
    path.write_bytes(CONTENT)
    return path


async def test_a_path_is_sent_as_a_form(api: respx.Route, glomo: AsyncGlomo, invoice: Path) -> None:
    document = await glomo.documents.create(file=invoice, document_name="invoice")

    request = api.calls.last.request
    assert request.headers["content-length"] == str(len(request.content))
    assert "transfer-encoding" not in request.headers
    form = parts(request)
    assert list(form) == ["document_name", "file"]
    assert form["document_name"].get_payload() == "invoice"
    assert form["file"].get_content_type() == "application/pdf"
    assert sent(api) == ("invoice.pdf", CONTENT)
    assert document.status is DocumentStatus.UPLOADED
    assert document.file_name == "invoice_BC8tFdE.pdf"


async def test_bytes_are_named_after_the_document(api: respx.Route, glomo: AsyncGlomo) -> None:
    for head, kind in (
        (b"%PDF-1.7", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
    ):
        await glomo.documents.create(file=head + b"hello", document_name="invoice")
        assert sent(api) == ("invoice", head + b"hello")
        assert parts(api.calls.last.request)["file"].get_content_type() == kind

    await glomo.documents.create(file=b"hello", document_name="invoice", file_name="a.png")
    assert sent(api) == ("a.png", b"hello")
    assert parts(api.calls.last.request)["file"].get_content_type() == "image/png"


async def test_an_open_file_is_sent_from_where_it_stands_and_stays_open(
    api: respx.Route, glomo: AsyncGlomo, invoice: Path
) -> None:
    with invoice.open("rb") as file:
        file.seek(10)
        await glomo.documents.create(file=file, document_name="invoice", content_type="image/png")
        assert not file.closed
    assert sent(api) == ("invoice.pdf", CONTENT[10:])
    assert parts(api.calls.last.request)["file"].get_content_type() == "image/png"


@pytest.mark.parametrize("kind", [tempfile.TemporaryFile, tempfile.SpooledTemporaryFile])
async def test_temporary_files_need_no_name(kind: Any, api: respx.Route, glomo: AsyncGlomo) -> None:
    with kind() as file:
        file.write(PDF)
        file.seek(0)
        await glomo.documents.create(file=file, document_name="proof")
    assert sent(api) == ("proof", PDF)


async def test_a_file_opened_here_is_closed_however_it_ends(
    api: respx.Route, glomo: AsyncGlomo, invoice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Any] = []
    really = Path.open

    def watched(self: Path, *arguments: Any) -> Any:
        opened.append(really(self, *arguments))
        return opened[-1]

    monkeypatch.setattr(Path, "open", watched)
    await glomo.documents.create(file=invoice, document_name="invoice")
    api.mock(return_value=httpx.Response(400, json={"message": "no such kind"}))
    with pytest.raises(BadRequestError):
        await glomo.documents.create(file=str(invoice), document_name="invoice")
    with pytest.raises(ParameterError):
        await glomo.documents.create(file=invoice, document_name="invoice", content_type="\r\n")
    assert [file.closed for file in opened] == [True, True, True]


async def test_a_retry_sends_the_file_from_its_start_again(
    api: respx.Route, glomo: AsyncGlomo, invoice: Path
) -> None:
    busy = httpx.Response(429, json={"message": "slow down"})
    api.mock(side_effect=[busy, httpx.ConnectError("refused"), CREATED])
    seen: list[tuple[int, int]] = []

    with invoice.open("rb") as file:
        file.seek(10)
        await glomo.documents.create(
            file=file, document_name="invoice", on_progress=lambda *at: seen.append(at)
        )

    size = len(CONTENT) - 10
    assert sent(api, 0) == sent(api, 2) == ("invoice.pdf", CONTENT[10:])
    assert seen.count((0, size)) == 3


async def test_progress_runs_from_nothing_to_the_files_size(
    api: respx.Route, glomo: AsyncGlomo
) -> None:
    seen: list[tuple[int, int]] = []
    size = 2 * CHUNK + 5
    await glomo.documents.create(
        file=PDF.ljust(size), document_name="invoice", on_progress=lambda *at: seen.append(at)
    )
    assert seen == [(0, size), (CHUNK, size), (2 * CHUNK, size), (size, size)]


@pytest.mark.parametrize("loss", [httpx.ReadError("reset"), httpx.Response(503, text="down")])
async def test_a_lost_answer_is_never_tried_again(
    loss: Any, api: respx.Route, glomo: AsyncGlomo, invoice: Path
) -> None:
    api.mock(side_effect=[loss, CREATED])
    with pytest.raises(OutcomeUnknownError, match=r"documents.list\(\)"):
        await glomo.documents.create(file=invoice, document_name="invoice")
    assert api.call_count == 1


async def refuse(glomo: AsyncGlomo, file: Any, match: str, **more: Any) -> None:
    with pytest.raises(ParameterError, match=match):
        await glomo.documents.create(**{"file": file, "document_name": "invoice", **more})


async def test_what_cannot_be_sent_is_refused_before_anything_is(
    api: respx.Route, glomo: AsyncGlomo, invoice: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.pdf"
    empty.touch()
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    await refuse(glomo, empty, "file is empty")
    await refuse(glomo, b"", "file is empty")
    await refuse(glomo, tmp_path / "missing.pdf", "No such file")
    await refuse(glomo, tmp_path, "not a regular file")
    await refuse(glomo, fifo, "not a regular file")
    await refuse(glomo, "nul\0", "cannot be opened")
    await refuse(glomo, io.StringIO("text"), "text mode")
    await refuse(glomo, 17, "must be a path, bytes or an open binary file, not int")
    await refuse(glomo, None, "file is required")
    await refuse(glomo, invoice, "document_name is required", document_name="")
    with invoice.open() as text:
        await refuse(glomo, text, "text mode")
    with invoice.open("rb") as file:
        file.read()
        await refuse(glomo, file, r"stands at its end: seek\(0\)")
    await refuse(glomo, file, "closed file")
    with empty.open("wb") as file:
        await refuse(glomo, file, "cannot be read")
    reader, writer = os.pipe()
    with open(reader, "rb") as pipe, open(writer, "wb"):  # noqa: ASYNC230, PTH123
        await refuse(glomo, pipe, "cannot be read and rewound")
    assert not api.called


async def test_contents_given_as_a_path_by_mistake_are_not_in_the_error(
    glomo: AsyncGlomo,
) -> None:
    with pytest.raises(ParameterError) as refused:
        await glomo.documents.create(file="x" * 50_000, document_name="invoice")
    assert len(str(refused.value)) < 300


class Shrinking(io.BytesIO):
    """A file that is cut short once its first 10 bytes are read."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 0, 10)) if self.tell() < 10 else b""


@pytest.mark.parametrize("complete", [True, False])
async def test_a_connection_carries_the_form_or_is_cut(complete: bool) -> None:
    heads: list[bytes] = []
    bodies: list[bytes] = []
    ended = anyio.Event()

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        length = int(heads[0].lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        try:
            bodies.append(await reader.readexactly(length))
        except asyncio.IncompleteReadError as cut:
            bodies.append(cut.partial)
        else:
            body = json.dumps(DOCUMENT).encode()
            writer.write(b"HTTP/1.1 201 Created\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
        writer.close()
        ended.set()

    server = await asyncio.start_server(respond, "127.0.0.1")
    port = server.sockets[0].getsockname()[1]
    content = PDF.ljust(3 * CHUNK)
    async with server, AsyncGlomo("sk-unit", base_url=f"http://127.0.0.1:{port}/api") as glomo:
        if complete:
            document = await glomo.documents.create(file=content, document_name="invoice")
            assert document.id == DOCUMENT["id"]
        else:
            with pytest.raises(ParameterError, match="became shorter"):
                await glomo.documents.create(file=Shrinking(content), document_name="invoice")
        await ended.wait()

    assert b"transfer-encoding" not in heads[0].lower()
    assert (content in bodies[0]) is complete
    assert len(heads) == 1


async def test_a_misspelt_keyword_is_told(glomo: AsyncGlomo) -> None:
    with pytest.raises(TypeError, match="did you mean 'document_name'"):
        await glomo.documents.create(**{"file": b"x", "documentname": "y", "document_name": "z"})


async def test_further_fields_join_the_form(api: respx.Route, glomo: AsyncGlomo) -> None:
    await glomo.documents.create(file=PDF, document_name="é", extra_body={"kind": "rfi"})
    form = parts(api.calls.last.request)
    assert form["kind"].get_payload() == "rfi"
    assert form["document_name"].get_payload(decode=True) == "é".encode()


async def form_of(name: str) -> bytes:
    file = FilePart(b"content", name=name, content_type=None, operation="documents.create")
    await file.prepare(otherwise="document")
    form = Multipart({"document_name": "invoice"}, file, name="file")
    body = b"".join([chunk async for chunk in form.open()])
    assert len(body) == form.length
    return body


@given(st.text(min_size=1))
def test_no_file_name_breaks_out_of_its_header(name: str) -> None:
    body = anyio.run(form_of, name)
    boundary = body.split(b"\r\n", 1)[0]
    head = body.split(boundary)[2].split(b"\r\n\r\n", 1)[0]
    disposition, kind = head.strip(b"\r\n").split(b"\r\n")
    value = disposition.removeprefix(b'Content-Disposition: form-data; name="file"; filename="')
    assert value.endswith(b'"')
    assert not set(value[:-1]) & set(b'"\\\r\n\0')
    assert kind.startswith(b"Content-Type: ")
    assert body.count(boundary) == 3


async def test_file_names_beyond_ascii_go_as_utf_8(api: respx.Route, glomo: AsyncGlomo) -> None:
    await glomo.documents.create(
        file=PDF, document_name="invoice", file_name='Rechnung "März"\\発票.pdf'
    )
    expected = 'filename="Rechnung %22März%22%5C発票.pdf"'.encode()
    assert expected in api.calls.last.request.content


async def test_a_cancelled_upload_lets_go_of_its_file(
    glomo: AsyncGlomo, invoice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = anyio.Event()
    closed: list[FilePart] = []
    really = FilePart.close
    monkeypatch.setattr(FilePart, "close", lambda part: (closed.append(part), really(part)))

    async def hang(_: httpx.Request) -> httpx.Response:
        started.set()
        await anyio.sleep_forever()
        raise AssertionError

    with respx.mock(assert_all_called=False) as router:
        router.post(URL).mock(side_effect=hang)
        async with anyio.create_task_group() as group:

            async def upload() -> None:
                await glomo.documents.create(file=invoice, document_name="invoice")

            group.start_soon(upload)
            await started.wait()
            group.cancel_scope.cancel()

    (part,) = closed
    assert part._file.closed
