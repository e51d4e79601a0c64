"""The code of docs/distributed.md, against a database and a served sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest

from glomo.batch import Batch
from glomo.distributed import procrastinate
from glomo.sandbox import Sandbox, sandbox_key
from tests.docs import blocks, run, run_async

from .conftest import needs_postgres

PAGE = "distributed.md"
HEADER = (
    "reference,beneficiary_id,source_currency,destination_currency,source_amount,payment_rail,"
    "purpose_code\n"
)

pytestmark = needs_postgres


def batch_of(path: Path, *references: str) -> Batch:
    rows = (f"{each},bene_supplier,USD,INR,12.50,neft,S1005\n" for each in references)
    path.write_text(HEADER + "".join(rows), "utf-8")
    return Batch.from_csv(path, name=path.stem)


async def test_a_batch_is_paid_over_the_database(
    dsn: str,
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    batch_of(Path("november.csv"), "r-1", "r-2")
    assert procrastinate.work.__kwdefaults__ is not None
    monkeypatch.setitem(procrastinate.work.__kwdefaults__, "lease", 3.0)  # it looks more often
    (library,) = (block.replace("postgresql://db/payouts", dsn) for block in _library())
    with sandbox.serve() as server:
        monkeypatch.setenv("GLOMO_API_KEY", sandbox_key())
        monkeypatch.setenv("GLOMO_BASE_URL", server.base_url)
        await run_async(library)
    assert capsys.readouterr().out == "2 accepted 0 rejected\n"
    assert len(sandbox.ledger.payouts) == 2


async def test_an_engine_of_ones_own_needs_three_functions(
    database: Any, glomo: Any, sandbox: Sandbox, tmp_path: Path
) -> None:
    imports = "".join(line for line in _library()[0].splitlines(True) if line.startswith("from"))
    names = await run_async(imports, *blocks(PAGE, "Another queue or engine"))
    batch = batch_of(tmp_path / "november.csv", "r-1", "r-2")
    numbers = await names["enqueue_batch"](database, glomo, batch)
    assert await names["sweep"](database) == [("november", number) for number in numbers]
    for _ in range(2):  # the queue may deliver a slice twice
        for number in numbers:
            await names["task"](database, glomo, "november", number)
    assert await names["sweep"](database) == []
    assert len(sandbox.ledger.payouts) == 2


async def test_web_workers_share_one_limit(
    dsn: str, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLOMO_POSTGRES", dsn)
    first, second = (
        run(*blocks("deployment.md", heading)[:1])
        for heading in ("uvicorn: FastAPI, Starlette", "uvicorn: FastAPI, Starlette")
    )
    app = run(*_shared_limit(), **first)
    other = run(*_shared_limit(), **second)
    with sandbox.serve() as server:
        monkeypatch.setenv("GLOMO_API_KEY", sandbox_key())
        monkeypatch.setenv("GLOMO_BASE_URL", server.base_url)
        for worker in (app, other):
            async with worker["lifespan_with_a_shared_limit"](worker["app"]):
                await worker["app"].state.glomo.balances.retrieve()
    assert len(sandbox.requests) == 2
    with psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT count(*) FROM glomo_egress").fetchone() == (1,)


def _shared_limit() -> list[str]:
    return blocks("deployment.md", "One limit for all workers")


def _library() -> list[str]:
    return blocks(PAGE, "As a library")
