"""Withdrawals and the first beneficiaries: they work, and say once what has replaced them."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from glomo import AsyncGlomo, Money, deprecation
from glomo.errors import ParameterError
from glomo.models.withdrawals import WithdrawalStatus

from .conftest import Wire

WITHDRAWAL = {
    "id": "payout_DdWpHUbOnlg",
    "status": "success",
    "currency": "USD",
    "amount": 1000,
    "withdrawal_account_id": "accwith_5JU9yv0lGSUP",
    "payment_method": "bank_transfer",
    "balance_used": [{"currency": "EUR", "amount": 950.0}],
    "purpose_code": "S0017",
    "mid_market_rate": [{"currency": "USD", "rate": 1.0526}],
    "fx_fees": [{"currency": "EUR", "amount": 3}],
    "txn_fees": [],
    "created_at": "2021-06-01T12:00:00Z",
}
BENEFICIARY = {
    "id": "bene_5JU9yv0lGSUP",
    "holder_name": "Test Arts & Crafts Pvt Ltd",
    "account_number": "1234567890",
    "bank_name": "Yes Bank",
    "country": "Ind",
    "created_at": "2021-06-01T12:00:00Z",
}
NEW_BENEFICIARY = {
    "beneficiary_type": "business",
    "account_number": "1234567890",
    "holder_name": "Test Arts & Crafts Pvt Ltd",
    "bic_primary": "QWERIN000",
    "bic_secondary": "YESB0000002",
    "bank_name": "Yes Bank",
    "address_line1": "123 Main St",
    "email": "payee@example.com",
    "city": "Anytown",
    "state": "Anystate",
    "country": "Ind",
    "pincode": "560048",
    "nickname": "Test Beneficiary",
}
PAGE = {"current": 1, "next": None}


@pytest.fixture(autouse=True)
def as_in_a_new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deprecation, "_warned", set())


@pytest.fixture
def quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


@pytest.fixture
def played(wire: Wire) -> None:
    wire.on("POST", "/v1/withdrawals", (201, WITHDRAWAL))
    wire.on("GET", "/v1/withdrawals", {"data": [WITHDRAWAL], "page_meta": PAGE})
    wire.on("POST", "/v1/beneficiaries", (201, BENEFICIARY))
    wire.on("GET", "/v1/beneficiaries", {"data": [BENEFICIARY], "page_meta": PAGE})
    wire.on("GET", "/v1/beneficiaries/bene_1", BENEFICIARY)


async def call(glomo: AsyncGlomo, operation: str) -> Any:
    if operation == "withdrawals.create":
        return await glomo.withdrawals.create(amount=1000, balance_currency="EUR")
    if operation == "withdrawals.list":
        return await glomo.withdrawals.list().collect()
    if operation == "beneficiaries_v1.create":
        return await glomo.beneficiaries_v1.create(**NEW_BENEFICIARY)
    if operation == "beneficiaries_v1.list":
        return await glomo.beneficiaries_v1.list().collect()
    return await glomo.beneficiaries_v1.retrieve("bene_1")


@pytest.mark.usefixtures("played")
@pytest.mark.parametrize(
    ("operation", "instead"),
    [
        ("withdrawals.create", "settlements.create"),
        ("withdrawals.list", "settlements.list"),
        ("beneficiaries_v1.create", "beneficiaries.create"),
        ("beneficiaries_v1.list", "beneficiaries.list"),
        ("beneficiaries_v1.retrieve", "beneficiaries.retrieve"),
    ],
)
async def test_each_operation_warns_once_at_the_callers_line(
    glomo: AsyncGlomo, operation: str, instead: str
) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        await call(glomo, operation)
        await call(glomo, operation)
    (warning,) = caught
    assert str(warning.message) == f"{operation} is deprecated: use {instead}"
    assert warning.category is DeprecationWarning
    assert warning.filename == __file__
    lines, first = inspect.getsourcelines(call)
    resource, method = operation.split(".")
    assert f"glomo.{resource}.{method}(" in lines[warning.lineno - first]


@pytest.mark.usefixtures("played")
async def test_each_operation_warns_for_itself(glomo: AsyncGlomo) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        await call(glomo, "withdrawals.list")
        await call(glomo, "beneficiaries_v1.list")
    assert len(caught) == 2


async def test_where_warnings_are_errors_every_call_is_one(glomo: AsyncGlomo, wire: Wire) -> None:
    for _ in range(2):
        with pytest.raises(DeprecationWarning):
            await call(glomo, "withdrawals.create")
    assert wire.targets == []


@pytest.mark.usefixtures("quiet", "played")
async def test_a_withdrawal(glomo: AsyncGlomo, wire: Wire) -> None:
    withdrawal = await glomo.withdrawals.create(
        amount=1000, balance_currency="EUR", withdrawal_account_id="accwith_5JU9yv0lGSUP"
    )
    assert wire.body == {
        "amount": 1000,
        "balance_currency": "EUR",
        "withdrawal_account_id": "accwith_5JU9yv0lGSUP",
    }
    assert withdrawal.status is WithdrawalStatus.SUCCESS
    assert withdrawal.money == Money(1000, "USD")
    assert withdrawal.balance_used == (Money(950, "EUR"),)
    assert withdrawal.fx_fees == (Money(3, "EUR"),)
    assert withdrawal.txn_fees == ()
    assert str(withdrawal.mid_market_rate[0].rate) == "1.0526"


@pytest.mark.usefixtures("quiet")
async def test_withdrawals_go_to_withdrawal_accounts(glomo: AsyncGlomo) -> None:
    with pytest.raises(ParameterError, match="accwith_"):
        await glomo.withdrawals.create(
            amount=1000, balance_currency="EUR", withdrawal_account_id="bene_1"
        )


@pytest.mark.usefixtures("quiet", "played")
async def test_filters_of_the_withdrawals(glomo: AsyncGlomo, wire: Wire) -> None:
    pager = glomo.withdrawals.list(
        status="under_review", before=datetime(2025, 2, 18, 12, 3, 44, tzinfo=UTC)
    )
    await pager.collect()
    assert wire.targets == [
        "GET /v1/withdrawals?status=under_review&before=2025-02-18T12%3A03%3A44Z&per_page=100"
    ]


@pytest.mark.usefixtures("quiet", "played")
async def test_a_beneficiary_of_the_first_version(glomo: AsyncGlomo, wire: Wire) -> None:
    beneficiary = await glomo.beneficiaries_v1.create(**NEW_BENEFICIARY)
    assert wire.body == NEW_BENEFICIARY
    assert beneficiary.account_number == "1234567890"
    assert "123456" not in repr(beneficiary)


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("missing", sorted(NEW_BENEFICIARY))
async def test_a_beneficiary_of_the_first_version_is_whole(
    glomo: AsyncGlomo, wire: Wire, missing: str
) -> None:
    with pytest.raises(ParameterError) as refused:
        await glomo.beneficiaries_v1.create(**{**NEW_BENEFICIARY, missing: ""})
    assert refused.value.parameter == missing
    assert wire.targets == []
