"""Two pairs of eyes on the command line: what was approved is paid, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from glomo.sandbox import sandbox_key

ROWS = [f"r{n},bene_A,USD,INR,10.0{n},neft,S1301" for n in range(3)]


@pytest.fixture
def file(service: Any, payout_file: Any) -> Path:
    service.sandbox.add_beneficiary("bene_A")
    path: Path = payout_file(ROWS)
    return path


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    key = ed25519.Ed25519PrivateKey.generate()
    private, public = tmp_path / "approver.pem", tmp_path / "approver.pub.pem"
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    public.write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    return private, public


def approve(cli: Any, file: Path, *arguments: object) -> Path:
    ended = cli("payouts", "plan", file, "--approve-as", "Ada Lovelace", *arguments)
    assert ended.status == 0, ended.text
    assert "approved by Ada Lovelace" in ended.out
    return file.with_suffix(".approval.json")


def test_what_was_approved_is_paid(cli: Any, service: Any, file: Path) -> None:
    ended = cli("payouts", "run", file, "--approval", approve(cli, file))
    assert ended.status == 0, ended.text
    assert "approved by Ada Lovelace" in ended.out
    assert "not signed" in ended.out
    assert "approved and is paid by the same user" in ended.err
    assert len(service.sandbox.ledger.payouts) == 3


@pytest.mark.parametrize(
    "rows", [ROWS[:2], [*ROWS[:2], ROWS[2].replace("10.02", "10.20")], [*ROWS, "r9" + ROWS[0][2:]]]
)
def test_anything_else_is_not(
    cli: Any, service: Any, payout_file: Any, file: Path, rows: list[str]
) -> None:
    approval = approve(cli, file)
    ended = cli("payouts", "run", payout_file(rows), "--approval", approval, "--yes")
    assert ended.status == 2
    assert "not what Ada Lovelace approved" in ended.err
    assert service.sandbox.ledger.payouts == []
    assert not file.with_suffix(".journal").exists()


def test_an_approval_of_another_batch_name_is_not_for_this_one(
    cli: Any, service: Any, file: Path
) -> None:
    approval = approve(cli, file)
    ended = cli("payouts", "run", file, "--name", "december", "--approval", approval)
    assert ended.status == 2
    assert service.sandbox.ledger.payouts == []


def test_a_signature_is_verified(
    cli: Any, service: Any, file: Path, keys: tuple[Path, Path]
) -> None:
    private, public = keys
    unsigned = approve(cli, file)
    ended = cli("payouts", "run", file, "--approval", unsigned, "--approver-key", public)
    assert ended.status == 2
    assert "not signed" in ended.err

    signed = approve(cli, file, "--sign-with", private)
    forged = json.loads(signed.read_text()) | {"approved_by": "Eve"}
    (file.parent / "forged.json").write_text(json.dumps(forged))
    for path in (file.parent / "forged.json",):
        ended = cli("payouts", "run", file, "--approval", path, "--approver-key", public)
        assert ended.status == 2
    assert service.sandbox.ledger.payouts == []

    ended = cli("payouts", "run", file, "--approval", signed, "--approver-key", public)
    assert ended.status == 0, ended.text
    assert "signature verified" in ended.out


def test_a_key_without_an_approval_or_without_a_file(
    cli: Any, file: Path, keys: tuple[Path, Path]
) -> None:
    ended = cli("payouts", "run", file, "--approver-key", keys[1])
    assert (ended.status, "--approval" in ended.err) == (2, True)
    approval = approve(cli, file)
    nowhere = file.parent / "nowhere.pem"
    ended = cli("payouts", "run", file, "--approval", approval, "--approver-key", nowhere)
    assert (ended.status, "cannot be read" in ended.err) == (2, True)
    ended = cli("payouts", "plan", file, "--approve-as", "Ada", "--sign-with", nowhere)
    assert (ended.status, "cannot be read" in ended.err) == (2, True)


def test_a_file_with_mistakes_is_not_approved(cli: Any, payout_file: Any) -> None:
    file = payout_file(["r1,bene_A,USD,INR,1250,neft,S1301"])
    assert cli("payouts", "plan", file, "--approve-as", "Ada").status == 2
    assert not file.with_suffix(".approval.json").exists()


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (sandbox_key(env="production"), "for the environment sandbox, and the key is for produc"),
        (
            sandbox_key("merchant_other"),
            "for the account merchant_sandbox, and the key is for merch",
        ),
        ("sk-of-no-known-kind", "for the environment sandbox, and the key is for an unknown one"),
    ],
)
def test_an_approval_is_for_the_account_of_its_key(
    cli: Any,
    service: Any,
    file: Path,
    keys: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    reason: str,
) -> None:
    private, public = keys
    signed = approve(cli, file, "--sign-with", private)
    monkeypatch.setenv("GLOMO_API_KEY", key)
    arguments = ("payouts", "run", file, "--yes", "--approval", signed, "--approver-key", public)
    ended = cli(*arguments)
    assert (ended.status, reason in " ".join(ended.err.split())) == (2, True), ended.err
    assert service.sandbox.ledger.payouts == []
    assert not file.with_suffix(".journal").exists()
    rehearsed = cli(*arguments, "--sandbox")
    assert rehearsed.status == 0, rehearsed.text

    document = json.loads(signed.read_text())
    del document["environment"], document["merchant"]
    signed.write_text(json.dumps(document))
    assert "was changed since" in " ".join(cli(*arguments).err.split())


def test_an_approval_without_a_key_is_for_any_account(
    cli: Any, service: Any, file: Path, keys: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    private, public = keys
    with monkeypatch.context() as without:
        without.delenv("GLOMO_API_KEY")
        without.delenv("GLOMO_BASE_URL")
        approval = approve(cli, file, "--sign-with", private)
    document = json.loads(approval.read_text())
    # As a version that did not have these fields has signed it.
    assert (document.pop("environment"), document.pop("merchant")) == (None, None)
    approval.write_text(json.dumps(document))
    ended = cli("payouts", "run", file, "--approval", approval, "--approver-key", public)
    assert ended.status == 0, ended.text
    assert len(service.sandbox.ledger.payouts) == 3
