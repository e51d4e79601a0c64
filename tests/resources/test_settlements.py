from __future__ import annotations

from typing import Any

import httpx
import jwt
import pytest

from glomo import AsyncGlomo, Money
from glomo.errors import OutcomeUnknownError, ParameterError, ProductionKeyError
from glomo.models.settlements import SettlementStatus

from .conftest import Wire

SETTLEMENT = {
    "id": "setl_6878e266jt1P3",
    "status": "success",
    "payment_method": "swift_transfer",
    "amount": 1000.0,
    "currency": "usd",
    "fees": {
        "fx_fee": {"amount": 10, "currency": "usd"},
        "txn_fee": {"amount": 5, "currency": "USD"},
    },
    "utr": "1568176960vxp0rj",
    "created_at": "2024-12-06T11:38:37.130Z",
    "updated_at": "2024-12-06T11:38:37.130Z",
}
LINE = {
    "id": "txn_687f1f8ePcIYg",
    "source_id": "payt_687f1f833Hdgx",
    "source_type": "payment",
    "credit": {"amount": 1000, "currency": "USD"},
    "debit": {"amount": 0, "currency": "USD"},
    "fees": {"fx_fee": {"amount": 10, "currency": "USD"}},
    "settled_amount": {"amount": 980, "currency": "USD"},
    "processed_at": "2024-12-06T11:38:37.130Z",
}


async def test_an_amount_of_a_balance(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("POST", "/v1/settlements", (201, SETTLEMENT))
    settlement = await glomo.settlements.create(amount=1000, balance_currency="USD")
    assert wire.targets == ["POST /v1/settlements"]
    assert wire.body == {"amount": 1000, "balance_currency": "USD"}
    assert settlement.status is SettlementStatus.SUCCESS
    assert settlement.money == Money(1000, "USD")
    assert settlement.fees is not None
    assert settlement.fees.fx_fee == Money(10, "USD")


async def test_certain_payments(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("POST", "/v1/settlements", (201, SETTLEMENT))
    await glomo.settlements.create(payment_ids=("payt_1", "payt_2"))
    assert wire.body == {"payment_ids": ["payt_1", "payt_2"]}


@pytest.mark.parametrize(
    ("parameter", "parameters"),
    [
        ("amount / payment_ids", {}),
        ("amount / payment_ids", {"amount": 1, "payment_ids": ["payt_1"]}),
        ("balance_currency", {"amount": 1}),
        ("balance_currency", {"payment_ids": ["payt_1"], "balance_currency": "USD"}),
        ("amount", {"amount": 0, "balance_currency": "USD"}),
        ("payment_ids", {"payment_ids": []}),
        ("payment_ids", {"payment_ids": "payt_1"}),
        ("payment_ids[1]", {"payment_ids": ["payt_1", "order_1"]}),
    ],
)
async def test_an_amount_or_payments(
    glomo: AsyncGlomo, wire: Wire, parameter: str, parameters: dict[str, Any]
) -> None:
    with pytest.raises(ParameterError) as refused:
        await glomo.settlements.create(**parameters)
    assert refused.value.parameter == parameter
    assert wire.targets == []


async def test_a_lost_answer_is_not_settled_twice(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("POST", "/v1/settlements", httpx.ReadError("connection reset"))
    with pytest.raises(OutcomeUnknownError, match=r"settlements\.list"):
        await glomo.settlements.create(amount=1000, balance_currency="USD")
    assert wire.targets == ["POST /v1/settlements"]


async def test_the_lines_of_a_settlement(glomo: AsyncGlomo, wire: Wire) -> None:
    path = "/v1/settlements/setl_1/transactions"
    wire.on("GET", path, {"data": [LINE], "page_meta": {"current": 1, "next": None}})
    (line,) = await glomo.settlements.list_transactions("setl_1").collect()
    assert wire.targets == [f"GET {path}?per_page=100"]
    assert line.credit == Money(1000, "USD")
    assert line.debit == Money(0, "USD")
    assert line.settled_amount == Money(980, "USD")


async def test_lines_are_of_a_settlement_only(glomo: AsyncGlomo) -> None:
    with pytest.raises(ParameterError, match="setl_"):
        glomo.settlements.list_transactions("payout_1")


@pytest.mark.parametrize("response_body", [{"message": "done"}, ["setl_1"], b""])
async def test_a_triggered_settlement_reads_whatever_comes(
    glomo: AsyncGlomo, wire: Wire, response_body: Any
) -> None:
    wire.on("POST", "/v1/settlements/mock-trigger", (200, response_body))
    got = await glomo.settlements.mock_trigger()
    assert wire.body is None
    assert (got.extra, got.value) == {
        dict: ({"message": "done"}, None),
        list: ({}, ["setl_1"]),
        bytes: ({}, None),
    }[type(response_body)]


async def test_settlements_are_triggered_in_the_sandbox_only(wire: Wire) -> None:
    key = jwt.encode({"sub": "unit", "env": "production"}, "unit" * 16)
    async with AsyncGlomo(key) as glomo:
        with pytest.raises(ProductionKeyError):
            await glomo.settlements.mock_trigger()
    assert wire.targets == []


async def test_wait_for_the_end(glomo: AsyncGlomo, wire: Wire) -> None:
    path = "/v1/settlements/setl_1"
    wire.on("GET", path, *[{**SETTLEMENT, "status": s} for s in ("queued", "brand_new", "failed")])
    assert (await glomo.settlements.wait("setl_1")).status is SettlementStatus.FAILED
    assert len(wire.targets) == 3
