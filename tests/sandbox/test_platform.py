"""Platforms: onboarding, a child that acts with its own token, transfers between merchants."""

from __future__ import annotations

import json
from typing import Any

import pytest

MERCHANT = {
    "name": "Child Business",
    "address_line1": "456 Commerce Street",
    "city": "Mumbai",
    "state": "Maharashtra",
    "pincode": "400001",
    "registration_number": "REG123456",
    "registration_country": "IND",
    "entity_type": "business",
    "category": "Business Services",
    "sub_category": "Courier Services",
    "operation_countries": ["IND"],
}
TRANSFER = {
    "amount": 2_500,
    "currency": "aed",
    "reference": "share",
    "from_merchant_id": "merch_sandbox",
}


async def onboarded(api: Any) -> dict[str, Any]:
    response = await api.post("v1/platform/merchants", MERCHANT)
    assert response.status_code == 201, response.text
    assert response.json()["message"] == "Merchant created successfully!"
    return response.json()["data"]


async def test_a_merchant_is_onboarded_and_approved(api: Any) -> None:
    merchant = await onboarded(api)
    path = f"v1/platform/merchants/{merchant['merchant_id']}"
    assert merchant["owner_merchant_id"] == "merch_sandbox"
    assert merchant["status"] == "pending"
    assert merchant["address"]["country"] == "IND"
    body = {"merchant_id": merchant["merchant_id"], "target_status": "success"}
    assert (await api.patch("v1/platform/merchants/status-update", body)).status_code == 200
    assert (await api.get(path)).json()["status"] == "success"
    events = api.sandbox.webhooks.events("merchant.*")
    assert [one["event_type"] for one in events] == ["pending", "success"]
    assert merchant["jwt_token"] not in json.dumps(events)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": None}, "name is missing"),
        ({"category": "Magic"}, "category does not have a valid value"),
        ({"operation_countries": []}, "operation_countries is missing"),
        ({"entity_type": "individual"}, "date_of_birth is missing"),
    ],
)
async def test_a_wrong_merchant_is_refused(api: Any, changes: dict[str, Any], message: str) -> None:
    response = await api.post("v1/platform/merchants", MERCHANT | changes)
    assert (response.status_code, response.json()["message"]) == (400, message)


async def test_unknown_merchants(api: Any) -> None:
    missing = await api.get("v1/platform/merchants/merch_nobody")
    assert missing.json()["message"] == "Merchant with the specified ID was not found"
    assert missing.status_code == 404
    assert (await api.get("v1/platform/merchants/cust_1")).status_code == 400


async def test_a_child_acts_with_its_own_token_and_sees_only_its_own(api: Any, api_of: Any) -> None:
    merchant = await onboarded(api)
    child = api_of(api.sandbox, merchant["jwt_token"])
    platform_payout = await api.paid(request_id="INV-1")
    assert (await child.get(f"v1/payouts/{platform_payout['id']}")).status_code == 404
    assert (await child.get("v1/payouts")).json()["data"] == []
    assert (await child.get("v1/balances")).json()["available"] == []
    assert (await child.pay()).json()["message"] == "Beneficiary not found"
    assert (await child.post("v1/platform/merchants", MERCHANT)).status_code == 403
    assert (await child.get("v1/withdrawal_accounts")).json()["page_meta"]["count"] == 2
    accounts = [
        (await one.get("v1/withdrawal_accounts")).json()["data"][0]["id"] for one in (api, child)
    ]
    assert accounts[0] != accounts[1]


async def test_a_platform_feature_that_is_off_is_a_403(make_api: Any) -> None:
    api = make_api(platform=False)
    assert (await api.post("v1/platform/merchants", MERCHANT)).status_code == 403
    assert (await api.get("v1/platform/merchants/merch_1")).status_code == 403
    assert (await api.post("v1/internal-transfer", TRANSFER)).status_code == 403


async def test_a_transfer_moves_money_between_the_books(api: Any, api_of: Any) -> None:
    merchant = await onboarded(api)
    body = TRANSFER | {"to_merchant_id": merchant["merchant_id"]}
    before = api.sandbox.books.balance("available", "AED")
    response = await api.post("v1/internal-transfer", body)
    assert response.status_code == 201
    transfer = response.json()
    assert (transfer["transfer_amount"], transfer["transfer_currency"]) == (2_500, "AED")
    assert "status" not in transfer
    child = api_of(api.sandbox, merchant["jwt_token"])
    assert (await child.get("v1/balances")).json()["available"] == [
        {"currency": "AED", "amount": 2_500}
    ]
    assert api.sandbox.books.balance("available", "AED") == before - 2_500
    assert [one["data"]["id"] for one in api.sandbox.webhooks.events("internal_transfer.success")]
    back = {
        **body,
        "from_merchant_id": merchant["merchant_id"],
        "to_merchant_id": "merch_sandbox",
        "amount": 2_501,
    }
    short = await api.post("v1/internal-transfer", back)
    assert short.json()["code"] == "INSUFFICIENT_BALANCE"
    api.sandbox.engine.check()


@pytest.mark.parametrize(
    "changes",
    [
        {"currency": "USD"},
        {"amount": 0},
        {"reference": "x" * 101},
        {"to_merchant_id": "merch_sandbox"},
        {"to_merchant_id": "merch_nobody"},
    ],
)
async def test_a_wrong_transfer_is_refused(api: Any, changes: dict[str, Any]) -> None:
    merchant = await onboarded(api)
    body = TRANSFER | {"to_merchant_id": merchant["merchant_id"]} | changes
    assert (await api.post("v1/internal-transfer", body)).status_code == 400
    api.sandbox.engine.check()


async def test_a_childs_webhooks_go_to_the_parent_until_it_has_its_own(
    api: Any, api_of: Any
) -> None:
    merchant = await onboarded(api)
    child = api_of(api.sandbox, merchant["jwt_token"])
    parents: list[object] = []
    childs: list[object] = []
    hooks = api.sandbox.webhooks
    hooks.add_receiver(parents.append)
    await child.post("v1/virtual-accounts", {"payment_type": "local", "currency": "AED"})
    assert (len(parents), len(childs)) == (1, 0)
    hooks.add_receiver(childs.append, merchant_id=merchant["merchant_id"])
    await child.post("v1/virtual-accounts", {"payment_type": "swift", "currency": "AED"})
    assert (len(parents), len(childs)) == (1, 1)
