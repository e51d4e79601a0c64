from __future__ import annotations

from typing import Any

import pytest

from glomo import AsyncGlomo
from glomo.errors import ParameterError

from .conftest import Wire

ADDRESS: dict[str, Any] = {
    "address_line1": "1 Main St",
    "city": "Pune",
    "state": "MH",
    "country_code": "IND",
}
PARTY: dict[str, Any] = {"name": "Asha", "type": "individual", "address": ADDRESS}
ACCOUNT: dict[str, Any] = {
    "account_number": "123456789",
    "currency": "INR",
    "local_routing_number": "YESB0000002",
}
PAYEE: dict[str, Any] = {"category": "payout", "beneficiary": PARTY, "bank_account": ACCOUNT}
LRS: dict[str, Any] = {
    "category": "lrs",
    "beneficiary": PARTY,
    "bank_account": {
        **ACCOUNT,
        "name": "A Bank",
        "address": ADDRESS,
        "intermediate_bank": {"swift_code": "CHASUS33"},
    },
}
UPI: dict[str, Any] = {
    "category": "payout",
    "beneficiary": PARTY,
    "upi_account": {"upi_id": "asha@ybl"},
}


def account(base: dict[str, Any], **changes: Any) -> dict[str, Any]:
    changed = {**base["bank_account"], **changes}
    return base | {"bank_account": {k: v for k, v in changed.items() if v is not ...}}


def party(**changes: Any) -> dict[str, Any]:
    return PAYEE | {"beneficiary": {**PARTY, **changes}}


@pytest.mark.parametrize("changes", [PAYEE, LRS, UPI], ids=["payout", "lrs", "upi"])
async def test_no_postal_code_is_needed(
    wire: Wire, glomo: AsyncGlomo, changes: dict[str, Any]
) -> None:
    wire.on("POST", "/v2/beneficiaries", (201, {"id": "bene_1", "status": "active"}))
    await glomo.beneficiaries.create(**changes)
    assert wire.body == changes


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        (PAYEE | {"category": "payouts"}, "category"),
        (PAYEE | {"category": None}, "category"),
        (PAYEE | {"beneficiary": "Asha"}, "beneficiary"),
        (party(name=""), "beneficiary.name"),
        (party(type="person"), "beneficiary.type"),
        (party(address={**ADDRESS, "city": None}), "beneficiary.address.city"),
        (party(address={**ADDRESS, "country_code": "IN"}), "beneficiary.address.country_code"),
        (party(documents="doc_1"), "beneficiary.documents"),
        (PAYEE | {"upi_account": {"upi_id": "a@b"}}, "bank_account / upi_account"),
        (UPI | {"upi_account": {}}, "upi_account.upi_id"),
        (UPI | {"category": "lrs"}, "bank_account"),
        (PAYEE | {"bank_account": "123"}, "bank_account"),
        (account(PAYEE, account_number=123456789), "bank_account.account_number"),
        (account(PAYEE, local_routing_number=...), "bank_account"),
        (account(PAYEE, swift_code="HDFCINBB"), "bank_account"),
        (account(PAYEE, swift_code="HDFC"), "bank_account.swift_code"),
        (account(LRS, local_routing_number=...), "bank_account.local_routing_number"),
        (account(LRS, swift_code="HDFCINBBXXX"), "bank_account.swift_code"),
        (account(LRS, name=...), "bank_account.name"),
        (account(LRS, intermediate_bank=...), "bank_account.intermediate_bank.swift_code"),
        (account(LRS, intermediate_bank={}), "bank_account.intermediate_bank.swift_code"),
        (
            account(LRS, intermediate_bank={"swift_code": "1"}),
            "bank_account.intermediate_bank.swift_code",
        ),
        (PAYEE | {"notes": "a note"}, "notes"),
    ],
)
async def test_what_the_api_would_refuse_is_not_sent(
    wire: Wire, glomo: AsyncGlomo, changes: dict[str, Any], parameter: str
) -> None:
    with pytest.raises(ParameterError) as refused:
        await glomo.beneficiaries.create(**changes)
    assert refused.value.parameter == parameter
    assert "123456789" not in str(refused.value)
    assert wire.targets == []


@pytest.mark.parametrize("currency", ["EUR", "AED"])
async def test_an_iban_stands_alone(wire: Wire, glomo: AsyncGlomo, currency: str) -> None:
    wire.on("POST", "/v2/beneficiaries", (201, {"id": "bene_1", "status": "active"}))
    await glomo.beneficiaries.create(**account(PAYEE, local_routing_number=..., currency=currency))
    assert len(wire.targets) == 1
