from __future__ import annotations

from typing import Any

import httpx
import pytest

from glomo import AsyncGlomo, Money
from glomo.errors import OutcomeUnknownError, ParameterError
from glomo.models.bank_account_validations import BankAccountValidationStatus

from .conftest import Wire

VALIDATION = {
    "id": "aval_5JU9yv0lGSUP",
    "status": "success",
    "validation_message": "The account is registered to John Doe",
    "fee_charged": {"amount": 10, "currency": "USD"},
}
ACCOUNT = {
    "country": "Ind",
    "holder_name": "John Doe",
    "account_number": "987654321001",
    "bic_primary": "QWERIN000",
    "bic_secondary": "YESB0000002",
}


@pytest.mark.parametrize("parameters", [{"id": "bene_5JU9yv0lGSUP"}, ACCOUNT])
async def test_a_beneficiary_or_an_account(
    glomo: AsyncGlomo, wire: Wire, parameters: dict[str, Any]
) -> None:
    wire.on("POST", "/v1/bank_account_validation", VALIDATION)
    validation = await glomo.bank_account_validations.create(**parameters)
    assert wire.targets == ["POST /v1/bank_account_validation"]
    assert wire.body == parameters
    assert validation.status is BankAccountValidationStatus.SUCCESS
    assert validation.fee_charged == Money(10, "USD")


@pytest.mark.parametrize(
    ("parameter", "parameters"),
    [
        ("id", {}),
        ("id", {"id": "aval_1"}),
        ("id", {"id": None}),
        ("account_number", {"id": "bene_1", "account_number": "987654321001"}),
        ("country", {**ACCOUNT, "country": "IN"}),
        *((name, {k: v for k, v in ACCOUNT.items() if k != name}) for name in ACCOUNT),
    ],
)
async def test_a_beneficiary_or_a_whole_account(
    glomo: AsyncGlomo, wire: Wire, parameter: str, parameters: dict[str, Any]
) -> None:
    with pytest.raises(ParameterError) as refused:
        await glomo.bank_account_validations.create(**parameters)
    assert refused.value.parameter == parameter
    assert "987654321001" not in str(refused.value)
    assert wire.targets == []


async def test_a_check_is_not_paid_for_twice(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("POST", "/v1/bank_account_validation", httpx.ReadError("connection reset"))
    with pytest.raises(OutcomeUnknownError, match=r"bank_account_validations\.list"):
        await glomo.bank_account_validations.create(id="bene_1")
    assert len(wire.targets) == 1


async def test_filters_of_the_list(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("GET", "/v1/bank_account_validation", {"data": [VALIDATION], "page_meta": {}})
    await glomo.bank_account_validations.list(beneficiary_account_id="bene_1").collect()
    assert wire.targets == [
        "GET /v1/bank_account_validation?beneficiary_account_id=bene_1&per_page=100"
    ]
