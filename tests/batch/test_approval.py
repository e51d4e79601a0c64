"""An approval is for exactly one plan, and a signature for exactly one approval."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from glomo.batch import Batch
from glomo.batch.approval import Approval, ApprovalError, plan_digest

ROW = {
    "reference": "r1",
    "beneficiary_id": "bene_A",
    "source_currency": "USD",
    "destination_currency": "INR",
    "source_amount": "10.00",
    "payment_rail": "neft",
    "purpose_code": "S1301",
}
OTHER = {**ROW, "reference": "r2", "source_amount": "20.00"}


def plan(*rows: Any, name: str = "november") -> Any:
    return Batch.from_rows(rows, name=name).plan()


def approval(*rows: Any) -> Approval:
    return Approval.of_plan(plan(*(rows or (ROW, OTHER))), approved_by="Ada", account="ada@desk")


def pem(key: Any) -> tuple[bytes, bytes]:
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, public


PRIVATE, PUBLIC = pem(ed25519.Ed25519PrivateKey.generate())


def test_the_same_plan_has_the_same_digest() -> None:
    assert plan_digest(plan(ROW, OTHER)) == plan_digest(plan(ROW, OTHER))
    approval().refuse_other_plan(plan(ROW, OTHER))


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ([ROW], "november"),
        ([OTHER, ROW], "november"),
        ([ROW, OTHER], "december"),
        ([ROW, {**OTHER, "source_amount": "20.01"}], "november"),
        ([ROW, {**OTHER, "beneficiary_id": "bene_B"}], "november"),
        ([ROW, {**OTHER, "reference": "r3"}], "november"),
        ([ROW, {**OTHER, "purpose_code": "S1302"}], "november"),
        ([ROW, {**OTHER, "notes": {"a": "b"}}], "november"),
        ([{**ROW, "source_amount": "20.00"}, {**OTHER, "source_amount": "10.00"}], "november"),
    ],
)
def test_anything_else_is_another_plan(rows: list[Any], name: str) -> None:
    with pytest.raises(ApprovalError, match="not what Ada approved"):
        approval().refuse_other_plan(plan(*rows, name=name))


def test_the_message_says_in_what_they_differ() -> None:
    with pytest.raises(ApprovalError, match=r"approved were 2 rows \(30.00 USD\), now .* 1 row"):
        approval().refuse_other_plan(plan(ROW))
    swapped = [{**ROW, "source_amount": "20.00"}, {**OTHER, "source_amount": "10.00"}]
    with pytest.raises(ApprovalError, match="other rows, payees or details"):
        approval().refuse_other_plan(plan(*swapped))


def test_it_survives_a_file_that_is_the_owners_alone(tmp_path: Path) -> None:
    path = approval().signed(PRIVATE).write(tmp_path / "november.approval.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    read = Approval.read(path)
    assert read == approval().signed(PRIVATE) or read.approved_at != approval().approved_at
    read.refuse_unsigned(PUBLIC)
    read.refuse_other_plan(plan(ROW, OTHER))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rows", 3),
        ("digest", "sha256:0"),
        ("approved_by", "Eve"),
        ("approved_at", datetime(2020, 1, 1, tzinfo=UTC).isoformat()),
        ("totals", {"USD": 1}),
        ("account", "eve@desk"),
        ("signature", "AAAA"),
        ("signature", "not base64!"),
    ],
)
def test_a_signed_approval_cannot_be_changed(tmp_path: Path, field: str, value: Any) -> None:
    path = approval().signed(PRIVATE).write(tmp_path / "a.json")
    document = json.loads(path.read_text())
    path.write_text(json.dumps({**document, field: value}))
    with pytest.raises(ApprovalError):
        Approval.read(path).refuse_unsigned(PUBLIC)


def test_another_key_or_none_is_refused() -> None:
    stranger, _ = pem(ed25519.Ed25519PrivateKey.generate())
    with pytest.raises(ApprovalError, match="another key"):
        approval().signed(stranger).refuse_unsigned(PUBLIC)
    with pytest.raises(ApprovalError, match="not signed"):
        approval().refuse_unsigned(PUBLIC)


def test_other_kinds_of_key_are_refused() -> None:
    private, public = pem(ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(ApprovalError, match="not an Ed25519"):
        approval().signed(private)
    with pytest.raises(ApprovalError, match="not an Ed25519"):
        approval().signed(PRIVATE).refuse_unsigned(public)
    for key in (b"", b"nonsense"):
        with pytest.raises(ApprovalError, match="cannot be read"):
            approval().signed(key)
        with pytest.raises(ApprovalError, match="cannot be read"):
            approval().signed(PRIVATE).refuse_unsigned(key)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"format": 2}', '{"format": 1}', "null", '{"format": 1, "batch": 3}'],
)
def test_a_file_that_is_something_else(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(ApprovalError, match="not an approval"):
        Approval.read(path)
    with pytest.raises(ApprovalError, match="cannot be read"):
        Approval.read(tmp_path / "nowhere.json")


@pytest.mark.parametrize("name", ["", "  ", "Ada\n", "\x1b[2J"])
def test_an_approver_needs_a_name(name: str) -> None:
    with pytest.raises(ApprovalError, match="name of an approver"):
        Approval.of_plan(plan(ROW), approved_by=name, account="ada@desk")
