"""Each merchant has options of its own; what was not changed for it follows the platform."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from glomo.sandbox import Sandbox
from tests.sandbox.test_platform import onboarded

BENEFICIARY = {
    "category": "payout",
    "beneficiary": {
        "type": "individual",
        "name": "Child Supplier",
        "address": {
            "address_line1": "1 Road",
            "city": "Pune",
            "state": "Maharashtra",
            "country_code": "IND",
        },
    },
    "bank_account": {
        "currency": "INR",
        "account_number": "123456789012",
        "local_routing_number": "HDFC0000001",
        "country_code": "IND",
    },
}


async def child_of(api: Any, api_of: Any) -> tuple[str, Any]:
    """An onboarded merchant with money and a beneficiary, and its API."""
    merchant = await onboarded(api)
    child, merchant_id = api_of(api.sandbox, merchant["jwt_token"]), merchant["merchant_id"]
    transfer = {
        "amount": 500_000,
        "currency": "AED",
        "reference": "share",
        "from_merchant_id": "merch_sandbox",
        "to_merchant_id": merchant_id,
    }
    assert (await api.post("v1/internal-transfer", transfer)).status_code == 201
    return merchant_id, child


async def paid(child: Any, **changes: Any) -> dict[str, Any]:
    beneficiary = await child.post("v2/beneficiaries", BENEFICIARY)
    if beneficiary.status_code != 201:
        listed = (await child.get("v2/beneficiaries")).json()["data"]
        beneficiary_id = listed[0]["id"]
    else:
        beneficiary_id = beneficiary.json()["id"]
    response = await child.pay(beneficiary_id=beneficiary_id, source_currency="AED", **changes)
    assert response.status_code == 201, response.text
    return response.json()


async def test_a_merchant_has_its_own_and_inherits_the_others(api: Any, api_of: Any) -> None:
    sandbox = api.sandbox
    merchant_id, child = await child_of(api, api_of)
    assert (await paid(child))["status"] == "in_progress"
    sandbox.set_options(merchant_id, maker_checker=True)
    assert (await paid(child))["status"] == "pending_approval"
    assert (await api.paid())["status"] == "in_progress"
    sandbox.set_options(queueing=True)
    assert (await api.paid())["status"] == "queued"
    assert sandbox.account(merchant_id).options.queueing
    sandbox.set_options(merchant_id, queueing=False)
    sandbox.set_options(settle_after=timedelta(minutes=3))
    own = sandbox.account(merchant_id).options
    assert (own.maker_checker, own.queueing) == (True, False)
    assert own.settle_after == timedelta(minutes=3)
    assert not sandbox.options.maker_checker
    sandbox.engine.check()


async def test_what_others_do_reaches_the_payouts_of_a_merchant(api: Any, api_of: Any) -> None:
    sandbox = api.sandbox
    merchant_id, child = await child_of(api, api_of)
    sandbox.set_options(merchant_id, maker_checker=True, screening=True)
    payouts = [await paid(child) for _ in range(2)]
    for payout in payouts:
        sandbox.approve(payout["id"])
    rejected = sandbox.reject(payouts[0]["id"])
    assert rejected["error_code"] == "PAYOUT_REJECTED"
    assert sandbox.settle() == 1
    assert (await child.get(f"v1/payouts/{payouts[1]['id']}")).json()["status"] == "success"
    sandbox.set_options(merchant_id, maker_checker=False, screening=False, queueing=True)
    queued = await paid(child)
    sandbox.release()
    assert (await child.get(f"v1/payouts/{queued['id']}")).json()["status"] == "in_progress"
    sandbox.engine.check()


async def test_a_snapshot_has_them(api: Any) -> None:
    sandbox: Sandbox = api.sandbox
    merchant_id = (await onboarded(api))["merchant_id"]
    sandbox.set_options(merchant_id, queueing=True)
    before = sandbox.snapshot()
    sandbox.set_options(merchant_id, queueing=False)
    sandbox.restore(before)
    assert sandbox.account(merchant_id).options.queueing


async def test_wrong_ones_are_refused(api: Any) -> None:
    sandbox: Sandbox = api.sandbox
    merchant_id = (await onboarded(api))["merchant_id"]
    with pytest.raises(KeyError, match="merch_nobody"):
        sandbox.set_options("merch_nobody", queueing=True)
    with pytest.raises(TypeError, match="flying"):
        sandbox.set_options(merchant_id, flying=True)
    with pytest.raises(ValueError, match="payment_methods"):
        sandbox.set_options(merchant_id, payment_methods={"cheque"})
    assert sandbox.account(merchant_id).options == sandbox.options
