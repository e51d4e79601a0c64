"""The pages of docs/flows that need no server."""

from __future__ import annotations

import pytest

from ..docs import blocks, run


def test_purpose_codes(capsys: pytest.CaptureFixture[str]) -> None:
    run(*blocks("flows/purpose-codes.md"))
    assert capsys.readouterr().out.splitlines() == [
        "S1401 Salaries and wages ('invoice',)",
        "('invoice', 'shipping_date', 'trade_documents')",
    ]
