from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from glomo import AsyncGlomo, Money
from glomo.errors import ParameterError
from glomo.models.lrs import LrsBankCode

from .conftest import Wire


async def test_banks_come_as_a_bare_list(glomo: AsyncGlomo, wire: Wire) -> None:
    response_body = [
        {"bank_name": "HDFC bank", "bank_code": "hdfc"},
        {"bank_name": "A new bank", "bank_code": "newb"},
    ]
    wire.on("GET", "/v1/lrs/banks", response_body)
    banks = await glomo.lrs.list_banks().collect()
    assert wire.targets == ["GET /v1/lrs/banks"]
    assert banks[0].bank_code is LrsBankCode.HDFC
    assert (banks[1].bank_code, banks[1].bank_code.known) == ("newb", False)


QUOTE = {
    "id": "quote_7575757",
    "from": {"amount": 9000000, "currency": "INR"},
    "to": {"amount": 102800, "currency": "USD"},
    "fx_rate": "87.53",
    "bank_code": "hdfc",
    "total_tax": 4500,
    "expires_at": "2025-06-10T09:32:04.107Z",
    "created_at": "2025-06-09T09:32:04.113Z",
}
QUOTE_PARAMS: dict[str, Any] = {
    "bank_code": "hdfc",
    "source_amount": 9000000,
    "source_currency": "INR",
    "target_currency": "USD",
}
PAYOUT: dict[str, Any] = {
    "resource": "payout",
    "source_amount": 100000,
    "source_currency": "USD",
    "target_currency": "INR",
}


async def test_a_quote(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("POST", "/v1/lrs/quotes", (201, QUOTE))
    quote = await glomo.lrs.create_quote(**QUOTE_PARAMS)
    assert wire.body == QUOTE_PARAMS
    assert (quote.from_, quote.to) == (Money(9000000, "INR"), Money(102800, "USD"))
    assert quote.order_amount == Money(102800, "USD")
    assert (quote.fx_rate, quote.total_tax) == (Decimal("87.53"), 4500)
    assert quote.tax == Money(4500, "INR")


async def test_the_order_amount_is_the_usd_side_whichever_way(
    glomo: AsyncGlomo, wire: Wire
) -> None:
    back = QUOTE | {
        "from": {"amount": 5, "currency": "USD"},
        "to": {"amount": 9, "currency": "INR"},
    }
    wire.on("POST", "/v1/lrs/quotes", (201, back))
    quote = await glomo.lrs.create_quote(
        **{**QUOTE_PARAMS, "source_currency": "USD", "target_currency": "INR"}
    )
    assert quote.order_amount == Money(5, "USD")


async def test_an_estimate_for_a_payout_names_no_bank(glomo: AsyncGlomo, wire: Wire) -> None:
    swapped = {"from": QUOTE["to"], "to": QUOTE["from"], "bank_code": None}
    wire.on("POST", "/v1/lrs/quotes", (201, QUOTE | swapped))
    quote = await glomo.lrs.create_quote(**PAYOUT)
    assert wire.body == PAYOUT
    assert quote.bank_code is None


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        (QUOTE_PARAMS | {"source_amount": 0}, "source_amount"),
        (QUOTE_PARAMS | {"source_amount": Money(5, "USD")}, "source_amount"),
        (QUOTE_PARAMS | {"bank_code": None}, "bank_code"),
        ({k: v for k, v in QUOTE_PARAMS.items() if k != "bank_code"}, "bank_code"),
        (QUOTE_PARAMS | {"source_currency": "EUR"}, "source_currency"),
        (QUOTE_PARAMS | {"target_currency": "INR"}, "target_currency"),
        (QUOTE_PARAMS | {"resource": "order"}, "resource"),
        (PAYOUT | {"bank_code": "hdfc"}, "bank_code"),
        (PAYOUT | {"source_currency": "INR", "target_currency": "USD"}, "source_currency"),
    ],
)
async def test_a_quote_that_the_api_would_refuse_is_not_asked_for(
    glomo: AsyncGlomo, wire: Wire, changes: dict[str, Any], parameter: str
) -> None:
    with pytest.raises(ParameterError) as refused:
        await glomo.lrs.create_quote(**changes)
    assert refused.value.parameter == parameter
    assert wire.targets == []


async def test_an_account_is_registered_and_shown_masked(glomo: AsyncGlomo, wire: Wire) -> None:
    account = {
        "id": "acclrs_1",
        "bank_code": "hdfc",
        "account_number": "50100012345678",
        "bank_customer_id": "718920",
    }
    wire.on("POST", "/v1/customer/cust_1/bank_account", (201, account))
    registered = await glomo.customers.create_lrs_bank_account(
        "cust_1", bank_code="hdfc", account_number="50100012345678", bank_customer_id="718920"
    )
    assert registered.account_number == "50100012345678"
    assert "50100012345678" not in repr(registered)
    for changes in ({"account_number": "5010 001"}, {"bank_customer_id": "id-7"}):
        with pytest.raises(ParameterError, match="text of digits only") as refused:
            await glomo.customers.create_lrs_bank_account(
                "cust_1", **{"bank_code": "hdfc", "account_number": "50100012345678", **changes}
            )
        assert "5010 001" not in str(refused.value)
