from __future__ import annotations

from decimal import Decimal

import pytest

from glomo import AsyncGlomo, Money
from glomo.errors import ParameterError
from glomo.models.lrs import LrsBankCode

from .conftest import Wire


async def test_banks_come_as_a_bare_list(glomo: AsyncGlomo, wire: Wire) -> None:
    banks = [
        {"bank_name": "HDFC bank", "bank_code": "hdfc"},
        {"bank_name": "A new bank", "bank_code": "newb"},
    ]
    wire.on("GET", "/v1/lrs/banks", banks)
    found = await glomo.lrs.list_banks().collect()
    assert wire.asked == ["GET /v1/lrs/banks"]
    assert found[0].bank_code is LrsBankCode.HDFC
    assert (found[1].bank_code, found[1].bank_code.known) == ("newb", False)


async def test_a_quote(glomo: AsyncGlomo, wire: Wire) -> None:
    answer = {
        "id": "quote_7575757",
        "from": {"amount": 100000, "currency": "INR"},
        "to": {"amount": 1028, "currency": "USD"},
        "fx_rate": "0.011424",
        "bank_code": "hdfc",
        "total_tax": "10.0",
        "expires_at": "2025-06-10T09:32:04.107Z",
        "created_at": "2025-06-09T09:32:04.113Z",
    }
    wire.on("POST", "/v1/lrs/quotes", (201, answer))
    made = await glomo.lrs.create_quote(
        bank_code=LrsBankCode.HDFC,
        source_amount=100000,
        source_currency="INR",
        target_currency="USD",
    )
    assert wire.body == {
        "bank_code": "hdfc",
        "source_amount": 100000,
        "source_currency": "INR",
        "target_currency": "USD",
    }
    assert (made.from_, made.to) == (Money(100000, "INR"), Money(1028, "USD"))
    assert (made.fx_rate, made.total_tax) == (Decimal("0.011424"), Decimal("10.0"))


async def test_an_amount_is_minor_units(glomo: AsyncGlomo) -> None:
    with pytest.raises(ParameterError, match="source_amount"):
        await glomo.lrs.create_quote(
            bank_code="hdfc", source_amount=0, source_currency="INR", target_currency="USD"
        )
