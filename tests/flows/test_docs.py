"""The pages of docs/flows that need no server."""

from __future__ import annotations

import re

import pytest

from ..docs import DOCS, blocks, run


def test_purpose_codes(capsys: pytest.CaptureFixture[str]) -> None:
    run(*blocks("flows/purpose-codes.md"))
    assert capsys.readouterr().out.splitlines() == [
        "S1401 Salaries and wages ('invoice',)",
        "('invoice', 'shipping_date', 'trade_documents')",
    ]


def test_every_link_leads_somewhere() -> None:
    pages = [*(DOCS / "flows").glob("*.md"), DOCS / "webhooks.md"]
    assert len(pages) == 9
    for page in pages:
        for target in re.findall(r"\]\(([^)#]+\.md)\)", page.read_text("utf-8")):
            assert (page.parent / target).is_file(), (page.name, target)
