"""Two pairs of eyes over a database: what was approved is paid, recorded and reported."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from glomo import AsyncGlomo
from glomo.batch import Batch, JournalMismatchError, identity_of
from glomo.batch.approval import Approval
from glomo.batch.approval_log import record_approval as record_in_file
from glomo.batch.approval_log import recorded_approvals as approvals_in_file
from glomo.distributed import (
    Database,
    export_journal,
    move_journal,
    record_approval,
    recorded_approvals,
)
from glomo.sandbox import Sandbox
from tests.batch.conftest import row, rows, write_csv

from .test_commands import FAST, call, environment, started

__all__ = ["environment"]


def approval(name: str = "Ada") -> Approval:
    plan = Batch.from_rows(rows(2), name="b").plan()
    return Approval.of_plan(plan, approved_by=name, account="ada@desk")


async def test_an_approval_is_recorded_once_and_exported_with_the_batch(
    database: Database, glomo: AsyncGlomo, tmp_path: Path
) -> None:
    identity, approval_ = identity_of(glomo, "b"), approval()
    for _ in range(2):
        await record_approval(database, identity, approval_)
    second = approval("Grace")
    await record_approval(database, identity, second)
    assert await recorded_approvals(database, "b") == (approval_, second)
    await export_journal(database, "b", tmp_path / "copy.journal")
    assert approvals_in_file(tmp_path / "copy.journal") == (approval_, second)


async def test_an_approval_of_another_account_is_refused(
    database: Database, glomo: AsyncGlomo
) -> None:
    await record_approval(database, identity_of(glomo, "b"), approval())
    with pytest.raises(JournalMismatchError, match="this run is for elsewhere"):
        await record_approval(database, identity_of(glomo, "b", "elsewhere"), approval("Eve"))
    assert len(await recorded_approvals(database, "b")) == 1


async def test_a_moved_batch_takes_its_approvals_along(
    database: Database, glomo: AsyncGlomo, tmp_path: Path
) -> None:
    journal = tmp_path / "b.journal"
    async for _ in Batch.from_rows(rows(2), name="b").run(glomo, journal):
        pass
    approval_ = approval()
    await record_in_file(journal, identity_of(glomo, "b"), approval_)
    await move_journal(journal, database)
    assert await recorded_approvals(database, "b") == (approval_,)


def test_only_what_was_approved_is_paid_by_the_workers(
    environment: dict[str, str], sandbox: Sandbox, dsn: str, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "november.csv", rows(3))
    approved = call(environment, "payouts", "plan", file, "--approve-as", "Ada Lovelace")
    assert approved.returncode == 0, approved.stderr
    signed = file.with_suffix(".approval.json")
    pay = ("payouts", "run", file, "--yes", "--approval", signed)

    write_csv(file, [*rows(3), row("one-more")])
    refused = call(environment, *pay)
    assert refused.returncode == 2
    assert "this is not what Ada Lovelace approved" in refused.stderr
    with psycopg.connect(dsn) as connection:
        result = connection.execute("SELECT to_regclass('glomo_batch')").fetchone()
    assert result == (None,), "nothing was written, not even a table"

    write_csv(file, rows(3))
    with started(environment, "worker", *FAST):
        ended = call(environment, *pay)
    assert ended.returncode == 0, ended.stderr
    assert "approved by Ada Lovelace" in ended.stdout
    assert sorted(sandbox.ledger.counts().values()) == [1] * 3
    assert "Ada Lovelace" in file.with_suffix(".report.html").read_text("utf-8")
    with psycopg.connect(dsn) as connection:
        kept = connection.execute("SELECT batch, approved_by FROM glomo_approval").fetchall()
    assert kept == [("november", "Ada Lovelace")]
