"""The code of the README and of the pages that no other test runs, against a sandbox."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from glomo import AsyncGlomo
from glomo.sandbox import Sandbox, sandbox_key
from tests.docs import README, all_blocks, blocks, fences, pages, run, run_async, sections

# These pages need what their reader brings: the tests of their part bring it.
RUN_BY = {
    README: "documentation/test_readme.py",
    "distributed.md": "distributed/test_docs.py",
    "calls.md": "documentation/test_calls.py",
    "deployment.md": ("documentation/test_operating.py", "distributed/test_docs.py"),
    "errors.md": "documentation/test_errors.py",
    "failed-payouts.md": "documentation/test_operating.py",
    "flows/checkout.md": "flows/test_checkout.py",
    "flows/lrs.md": "flows/test_lrs.py",
    "flows/platform.md": "flows/test_platform.py",
    "flows/purpose-codes.md": "flows/test_docs.py",
    "flows/quote-to-payout.md": "flows/test_quote.py",
    "flows/rfi.md": "flows/test_rfi.py",
    "flows/settlement.md": "flows/test_settlement.py",
    "network.md": "documentation/test_network.py",
    "objects.md": "core/test_travelling.py",
    "observability.md": "documentation/test_observability.py",
    "operations.md": "core/test_travelling.py",
    "retries.md": "documentation/test_operating.py",
    "sandbox.md": ("sandbox/test_docs.py", "sandbox/test_payin_methods.py"),
    "webhooks.md": "webhooks/test_recipes.py",
    "why.md": "documentation/test_pages.py",
}
TESTS = Path(__file__).parents[1]
LOSE = "Lose a response"


def text_of_tests(page: str) -> str:
    files = RUN_BY[page]
    names = (files,) if isinstance(files, str) else files
    return "".join((TESTS / name).read_text("utf-8") for name in names)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(rate_limit=None) as sandbox:
        yield sandbox


@pytest.fixture
def page(request: pytest.FixtureRequest) -> Any:
    return run(*all_blocks(request.param))


WITH_CODE = [page for page in pages() if page not in RUN_BY and all_blocks(page)]


@pytest.mark.parametrize("page", RUN_BY)
def test_every_section_with_code_is_run_by_the_tests_of_its_part(page: str) -> None:
    tests = text_of_tests(page)
    assert f'"{page}"' in tests or page == README
    if "all_blocks(PAGE)" in tests or f'all_blocks("{page}")' in tests:
        return
    sections_with_code = [name for name in sections(page) if blocks(page, name)]
    assert sections_with_code, "there is no code any more: take the page out of RUN_BY"
    assert [name for name in sections_with_code if name and f'"{name}"' not in tests] == []


@pytest.mark.parametrize("page", WITH_CODE, indirect=True)
def test_the_code_of_a_page_runs(page: Any) -> None:
    assert len(page) > 2


@pytest.mark.parametrize("page", ["tutorial.md"], indirect=True)
async def test_the_tutorial_leads_where_it_says(page: Any) -> None:
    assert await page["pay_one"]() in ("in_progress", "success")  # with a response lost on the way
    assert await page["pay_one"]() in ("in_progress", "success")
    assert page["sandbox"].ledger.paid_once("INV-17")
    assert await page["receive"]() == ["payout_1"]


async def test_the_loop_pays_twice_and_the_client_once(capsys: pytest.CaptureFixture[str]) -> None:
    await run_async(*all_blocks("why.md"))
    assert capsys.readouterr().out.splitlines() == ["by hand: 2", "with glomo: 1"]


def test_the_script_of_the_tutorial_prints_what_the_page_shows(here: Path) -> None:
    script, lose = blocks("tutorial.md", "Pay one supplier")[0], blocks("tutorial.md", LOSE)[0]
    main = script.index("if __name__")
    (here / "pay.py").write_text(script[:main] + lose + script[main:], "utf-8")
    environment = {**os.environ, "GLOMO_LOG": "debug"}
    ran = subprocess.run(
        [sys.executable, "pay.py"], env=environment, capture_output=True, text=True, check=True
    )
    (shown,) = fences(sections("tutorial.md")["Pay one supplier"], "console")
    output = shown.partition("\n")[2]
    assert output == "in_progress\n"
    assert ran.stdout in (output, "success\n")  # on a slow machine, it has settled by then
    attempts = re.findall(r"attempt \d: (\w+)", ran.stderr)
    assert attempts == ["LostError", "409", "200"]


@pytest.mark.parametrize("page", ["never-twice.md"], indirect=True)
async def test_an_invoice_is_paid_by_its_key(page: Any, sandbox: Sandbox) -> None:
    beneficiary = sandbox.add_beneficiary(currency="INR")
    with sandbox.serve() as server:
        async with AsyncGlomo(sandbox_key(), base_url=server.base_url) as glomo:
            paid = [
                await page["pay_invoice"](
                    glomo,
                    "INV-1",
                    beneficiary_id=beneficiary["id"],
                    source_currency="USD",
                    destination_currency="INR",
                    source_amount=500,
                    payment_rail="neft",
                    purpose_code="S1005",
                )
                for _ in range(2)
            ]
    assert paid[0] == paid[1]
    assert sandbox.ledger.paid_once("INV-1")


@pytest.mark.parametrize("page", ["testing.md"], indirect=True)
async def test_the_example_of_a_test_passes(
    page: Any, glomo_sandbox: Any, glomo_client: Any, glomo_sync_client: Any, glomo_beneficiary: Any
) -> None:
    await page["test_supplier_is_paid"](glomo_sandbox, glomo_client, glomo_beneficiary)
    await asyncio.to_thread(page["test_balances"], glomo_sync_client)
    assert await page["retrieve"]() == "payout_17"


@pytest.fixture
def november(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "november.csv"
    file.write_text(
        "reference,beneficiary_id,source_currency,destination_currency,source_amount,payment_rail,"
        "purpose_code\nr-1,bene_1,USD,INR,12.50,neft,S1005\n",
        "utf-8",
    )
    return str(file)


@pytest.mark.parametrize("page", ["batches.md"], indirect=True)
async def test_a_file_is_paid_as_the_page_says(
    page: Any, glomo_sandbox: Any, glomo_client: Any, november: str
) -> None:
    glomo_sandbox.add_beneficiary("bene_1")
    await page["pay_file"](glomo_client, november)
    assert len(glomo_sandbox.ledger.payouts) == 1
