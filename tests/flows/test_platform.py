"""docs/flows/platform.md"""

from __future__ import annotations

import threading
from typing import Any

import anyio
import httpx
import pytest
from attrs import evolve

from glomo import webhooks
from glomo.errors import ClosedError, ConfigurationError
from glomo.sandbox.engine.account import ROOT_MERCHANT

from .conftest import Shop

PAGE = "flows/platform.md"


@pytest.fixture
def kept(shop: Shop) -> dict[str, str]:
    kept: dict[str, str] = {}
    shop.learn(PAGE, keep=lambda merchant_id, token: kept.update({merchant_id: token}))
    return kept


def approve_soon(shop: Shop) -> None:
    """Approve every merchant as soon as it is there, as somebody in the dashboard would."""

    def approve(request: Any) -> None:
        event = webhooks.parse(request.body, request.signature, "whsec_dashboard")
        if isinstance(event, webhooks.MerchantPending):
            threading.Thread(
                target=anyio.run, args=(_approve, shop, event.data.merchant_id)
            ).start()

    shop.sandbox.webhooks.add_receiver(approve, secret="whsec_dashboard")


async def _approve(shop: Shop, merchant_id: str) -> None:
    transport = httpx.ASGITransport(app=shop.sandbox.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        await client.patch(
            "/api/v1/platform/merchants/status-update",
            json={"merchant_id": merchant_id, "target_status": "success"},
            headers={"Authorization": "Bearer secret"},
        )


def test_onboard_act_and_move_money(shop: Shop, kept: dict[str, str]) -> None:
    shop.receive()
    approve_soon(shop)
    merchant = shop.call("onboard", shop.glomo, "Acme Agents", "REG-1")
    assert merchant.status == "success"
    token = kept[merchant.merchant_id]
    account_id = shop.call("open_account", shop.glomo, token)
    assert account_id
    # The account is the merchant's, not the platform's.
    assert shop.call(shop.glomo.virtual_accounts.list().collect) == []
    acting = shop.glomo.as_merchant(token)
    accounts = shop.call(acting.virtual_accounts.list().collect)
    assert [account.account_id for account in accounts] == [account_id]
    transfer = shop.call(
        shop.glomo.internal_transfers.create,
        from_merchant_id=ROOT_MERCHANT,
        to_merchant_id=merchant.merchant_id,
        amount=5_000,
        currency="AED",
        reference="start",
    )
    assert transfer.succeeded
    shop.call("pay_out_commission", shop.glomo, merchant.merchant_id, ROOT_MERCHANT)
    balances = shop.call(acting.balances.retrieve)
    assert balances.available["AED"].minor == 4_000
    shop.flush()
    kinds = [type(event) for event in shop.events]
    assert webhooks.MerchantSucceeded in kinds
    assert webhooks.InternalTransferSucceeded in kinds


def test_acting_shares_everything_but_the_key(shop: Shop, kept: dict[str, str]) -> None:
    approve_soon(shop)
    merchant = shop.call("onboard", shop.glomo, "Acme Agents", "REG-1")
    shop.call(shop.glomo.balances.retrieve)  # makes the resource, which acts as the platform
    acting = shop.glomo.as_merchant(kept[merchant.merchant_id])
    assert acting.base_url == shop.glomo.base_url
    one = getattr(shop.glomo, "_async", shop.glomo)
    other = getattr(acting, "_async", acting)
    assert other._driver.connections is one._driver.connections
    assert acting.balances is not shop.glomo.balances
    assert shop.call(acting.balances.retrieve) != shop.call(shop.glomo.balances.retrieve)
    # Closing it closes nothing.
    shop.call(acting.close if shop.portal is None else acting.aclose)
    shop.call(acting.balances.retrieve)
    shop.call(shop.glomo.balances.retrieve)
    shop.call(shop.glomo.close if shop.portal is None else shop.glomo.aclose)
    with pytest.raises(ClosedError):
        shop.call(acting.balances.retrieve)


def test_a_merchant_without_its_token_is_refused(shop: Shop, kept: dict[str, str]) -> None:
    approve_soon(shop)
    merchant = shop.call("onboard", shop.glomo, "Acme Agents", "REG-1")
    with pytest.raises(ConfigurationError, match="comes without a jwt_token") as caught:
        shop.glomo.as_merchant(evolve(merchant, jwt_token=None))
    assert kept[merchant.merchant_id] not in str(caught.value)
    with pytest.raises(ConfigurationError, match="key is empty"):
        shop.glomo.as_merchant("")
    with pytest.raises(ConfigurationError, match="a NoneType comes without a jwt_token"):
        shop.glomo.as_merchant(None)
