from __future__ import annotations

from typing import Any

import httpx
import pytest

from glomo import AsyncGlomo, Money
from glomo.errors import OutcomeUnknownError, ParameterError

from .conftest import Wire

TRANSFER = {
    "id": "inttransfer_68f1f9126GDCB",
    "from_merchant_id": "merch_1",
    "to_merchant_id": "merch_2",
    "owner_merchant_id": "merch_68cc0571y5S4h",
    "transfer_amount": 10000,
    "transfer_currency": "aed",
    "reference": "sample-reference",
    "fees": {"txn_fee": {"currency": "AED", "amount": 0}, "fx_fee": {"amount": None}},
    "error_code": None,
    "error_description": None,
    "created_at": "2025-10-17T08:06:42Z",
}


def transfer(**changes: Any) -> dict[str, Any]:
    return {
        "amount": 10000,
        "currency": "AED",
        "reference": "sample-reference",
        "from_merchant_id": "merch_1",
        "to_merchant_id": "merch_2",
        **changes,
    }


@pytest.mark.parametrize("currency", ["AED", "aed"])
async def test_sent(glomo: AsyncGlomo, wire: Wire, currency: str) -> None:
    wire.on("POST", "/v1/internal-transfer", (201, TRANSFER))
    created = await glomo.internal_transfers.create(**transfer(currency=currency))
    assert wire.targets == ["POST /v1/internal-transfer"]
    assert wire.body == transfer(currency=currency)
    assert created.transfer == Money(10000, "AED")
    assert created.fees is not None
    assert created.fees.txn_fee == Money(0, "AED")
    assert created.fees.fx_fee is None


@pytest.mark.parametrize(
    ("parameter", "changes"),
    [
        ("amount", {"amount": 0}),
        ("amount", {"amount": 10.5}),
        ("currency", {"currency": "USD"}),
        ("reference", {"reference": ""}),
        ("reference", {"reference": "x" * 101}),
        ("from_merchant_id", {"from_merchant_id": "1"}),
        ("to_merchant_id", {"to_merchant_id": "merch_1"}),
    ],
)
async def test_a_transfer_that_the_api_would_refuse_is_not_sent(
    glomo: AsyncGlomo, wire: Wire, parameter: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(ParameterError) as refused:
        await glomo.internal_transfers.create(**transfer(**changes))
    assert refused.value.parameter == parameter
    assert wire.targets == []


async def test_money_is_not_moved_twice(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("POST", "/v1/internal-transfer", httpx.ReadTimeout("no answer"))
    with pytest.raises(OutcomeUnknownError, match="balances of both"):
        await glomo.internal_transfers.create(**transfer())
    assert len(wire.targets) == 1
