"""Documents that a file names by path."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from glomo import AsyncGlomo
from glomo.batch import Batch, BatchError, PlanError, identity_of
from glomo.batch.approval import plan_digest
from glomo.sandbox import Sandbox, sandbox_key

HEAD = "reference,beneficiary_id,source_currency,destination_currency,source_amount,purpose_code,"
ROWS = ("r1,bene_A,USD,INR,1.00,S1005,", "r2,bene_A,USD,INR,2.00,S1005,")
PDF = b"%PDF-1.4 invoice 17"


@pytest.fixture
async def service() -> AsyncIterator[tuple[Sandbox, AsyncGlomo]]:
    with Sandbox(rate_limit=None) as sandbox, sandbox.serve() as server:
        sandbox.add_beneficiary("bene_A")
        async with AsyncGlomo(sandbox_key(), base_url=server.base_url) as glomo:
            yield sandbox, glomo


def write(folder: Path, *documents: str) -> Path:
    (folder / "invoices").mkdir(exist_ok=True)
    (folder / "invoices" / "17.pdf").write_bytes(PDF)
    (folder / "invoices" / "copy of 17.PDF").write_bytes(PDF)
    (folder / "invoices" / "18.png").write_bytes(b"\x89PNG\r\n\x1a\n18")
    lines = [line + cell for line, cell in zip(ROWS, documents, strict=False)]
    file = folder / "november.csv"
    file.write_text("\n".join([f"{HEAD}documents", *lines]) + "\n")
    return file


def uploads(sandbox: Sandbox) -> int:
    return sum(1 for one in sandbox.requests if (one.method, one.path[-8:]) == ("POST", "document"))


async def test_each_is_uploaded_once_and_attached(
    service: tuple[Sandbox, AsyncGlomo], tmp_path: Path
) -> None:
    sandbox, glomo = service
    file = write(tmp_path, "invoices/17.pdf;invoices/18.png", "invoices/copy of 17.PDF")
    for _ in range(2):
        batch = Batch.from_file(file)
        assert len(batch.plan().documents) == 2
        await batch.upload_documents(glomo, tmp_path / "record.json")
        assert batch.plan().documents == {}
        async for _result in batch.run(glomo, tmp_path / "j"):
            pass
        assert batch.report().ok
    assert uploads(sandbox) == 2
    first, second = sorted(sandbox.ledger.payouts, key=lambda one: str(one["source_amount"]))
    ids = [[document["id"] for document in one["documents"]] for one in (first, second)]
    assert ids[0][0] == ids[1][0]
    assert len({*ids[0], *ids[1]}) == 2
    (recorded,) = json.loads((tmp_path / "record.json").read_text())["documents"].values()
    assert {*recorded.values()} == {*ids[0], *ids[1]}


async def test_planning_sends_nothing_and_covers_the_contents(
    service: tuple[Sandbox, AsyncGlomo], tmp_path: Path
) -> None:
    file = write(tmp_path, "invoices/17.pdf", "doc_1")
    before = plan_digest(Batch.from_file(file).plan())
    assert plan_digest(Batch.from_file(file).plan()) == before
    (tmp_path / "invoices" / "17.pdf").write_bytes(b"%PDF-1.4 another invoice")
    assert plan_digest(Batch.from_file(file).plan()) != before
    assert uploads(service[0]) == 0


async def test_a_batch_is_not_run_before_they_have_ids(
    service: tuple[Sandbox, AsyncGlomo], tmp_path: Path
) -> None:
    sandbox, glomo = service
    batch = Batch.from_file(write(tmp_path, "invoices/17.pdf", ""))
    with pytest.raises(BatchError, match="upload_documents"):
        [one async for one in batch.run(glomo, tmp_path / "j")]
    assert sandbox.ledger.payouts == []


async def test_a_failed_upload_pays_nothing_and_is_done_again(
    service: tuple[Sandbox, AsyncGlomo], tmp_path: Path
) -> None:
    sandbox, glomo = service
    batch = Batch.from_file(write(tmp_path, "invoices/17.pdf", "invoices/18.png"))
    glomo_without = AsyncGlomo("sk-x", base_url="http://127.0.0.1:1/api", timeout=0.2)
    async with glomo_without:
        with pytest.raises(Exception, match=r"127\.0\.0\.1|connect|time"):
            await batch.upload_documents(glomo_without, tmp_path / "record.json")
    assert len(batch.plan().documents) == 2
    await batch.upload_documents(glomo, tmp_path / "record.json")
    assert uploads(sandbox) == 2


async def test_ids_of_another_account_are_not_used(
    service: tuple[Sandbox, AsyncGlomo], tmp_path: Path
) -> None:
    sandbox, glomo = service
    record = tmp_path / "record.json"
    batch = Batch.from_file(write(tmp_path, "invoices/17.pdf", ""))
    (digest,) = batch.plan().documents
    record.write_text(json.dumps({"documents": {"other account": {digest: "doc_other"}}}))
    plan = await batch.upload_documents(glomo, record)
    assert plan.rows[0].documents[0] != "doc_other"
    assert uploads(sandbox) == 1
    identity = identity_of(glomo, batch.name)
    assert {len(one) for one in json.loads(record.read_text())["documents"].values()} == {1}
    assert identity.address in record.read_text()


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("absent.pdf", None, "is neither the id of a document nor a file"),
        ("list.docx", b"PK", "is not a PDF, PNG or JPEG"),
        ("empty.pdf", b"", "is empty"),
        ("large.pdf", b"%PDF" + bytes(10 * 1024 * 1024), "is larger than 10 MB"),
    ],
)
def test_what_cannot_be_uploaded_is_a_problem_of_the_file(
    tmp_path: Path, name: str, content: bytes | None, problem: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(PlanError) as refused:
        Batch.from_file(write(tmp_path, name, "invoices/17.pdf")).plan()
    (one,) = refused.value.problems
    assert (one.row, one.column, one.value, one.problem) == (2, "documents", name, problem)
    assert one.advice


def test_rows_without_a_file_take_ids_alone() -> None:
    row: dict[str, Any] = dict(zip(f"{HEAD}documents".split(","), ROWS[0].split(","), strict=True))
    with pytest.raises(PlanError, match="is not the id of a document"):
        Batch.from_rows([{**row, "documents": ["17.pdf"]}], name="x").plan()
