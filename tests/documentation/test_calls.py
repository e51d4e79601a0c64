"""The code of docs/calls.md, in order, as one session against a sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from glomo import AsyncGlomo
from glomo.sandbox import Sandbox
from tests.docs import all_blocks, run_async

PAGE = "calls.md"


async def test_the_page_runs_from_top_to_bottom(
    served: Sandbox, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    served.add_beneficiary("bene_bad", bank_error="INVALID_BENE_IFSC")
    (here / "invoice.pdf").write_bytes(b"%PDF-1.7\n" + b"0" * 2_000)
    async with AsyncGlomo() as glomo:
        for number, beneficiary in enumerate(["bene_bad", *["bene_5JU9yv0lGSUP"] * 101]):
            payout = await glomo.payouts.create(
                beneficiary_id=beneficiary,
                source_currency="USD",
                destination_currency="INR",
                source_amount=12_50,
                payment_rail="neft",
                purpose_code="S1005",
                request_id=f"INV-{number}",
            )
    names = await run_async(*all_blocks(PAGE))
    failed, *pages, response = capsys.readouterr().out.splitlines()
    assert failed.endswith(" INVALID_BENE_IFSC")
    assert pages == ["1 100 102", "2 2 102"]
    assert response == "200 1 application/json; charset=utf-8"
    assert names["newest"].id == payout.id
    assert len(names["hundred"]) == 100
    assert names["payout"].status == "success"
    assert names["document"].id.startswith("doc_")
    assert names["balances"]
