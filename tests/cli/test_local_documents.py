"""Files that name documents by path."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FAST = ("--rate-limit", 0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "17.pdf").write_bytes(b"%PDF-1.4 17")
    file = tmp_path / "november.csv"
    file.write_text(
        "reference,beneficiary_id,source_currency,destination_currency,source_amount,"
        "purpose_code,documents\n"
        "r1,bene_A,USD,INR,1.00,S1005,17.pdf\nr2,bene_A,USD,INR,2.00,S1005,17.pdf\n"
    )
    return file


def test_an_approved_plan_is_paid_with_its_documents(cli: Any, file: Path, service: Any) -> None:
    service.sandbox.add_beneficiary("bene_A")
    assert cli("payouts", "plan", file, "--approve-as", "Asha").status == 0
    approval = file.with_suffix(".approval.json")
    posts = [one.path for one in service.sandbox.requests if one.method == "POST"]
    assert posts == []
    first = cli("payouts", "run", file, "--approval", approval, *FAST)
    assert first.status == 0, first.text
    assert "1 document uploaded" in first.out
    (identifiers,) = {
        tuple(document["id"] for document in one["documents"])
        for one in service.sandbox.ledger.payouts
    }
    recorded = json.loads(file.with_suffix(".documents.json").read_text())["documents"]
    assert [set(ids.values()) for ids in recorded.values()] == [set(identifiers)]
    assert cli("payouts", "run", file, "--approval", approval, *FAST).status == 0
    assert len(service.sandbox.ledger.payouts) == 2


def test_another_document_is_not_what_was_approved(cli: Any, file: Path, service: Any) -> None:
    service.sandbox.add_beneficiary("bene_A")
    cli("payouts", "plan", file, "--approve-as", "Asha")
    (file.parent / "17.pdf").write_bytes(b"%PDF-1.4 forged")
    ended = cli("payouts", "run", file, "--approval", file.with_suffix(".approval.json"), *FAST)
    assert ended.status == 2
    assert "not what Asha approved" in ended.err
    assert [one for one in service.sandbox.requests if one.method == "POST"] == []


def test_a_rehearsal_uploads_to_its_own_sandbox(cli: Any, file: Path) -> None:
    ended = cli("payouts", "run", file, "--sandbox", *FAST)
    assert ended.status == 0, ended.text
    assert file.with_suffix(".rehearsal.documents.json").exists()
    assert not file.with_suffix(".documents.json").exists()


def test_over_a_database_ids_are_asked_for(cli: Any, file: Path, service: Any) -> None:
    ended = cli("payouts", "run", file, "--postgres", "postgresql://nowhere/x", "--yes")
    assert ended.status == 2
    assert "write the ids of the documents" in ended.err
