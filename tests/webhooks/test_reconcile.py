"""What became of the objects that are still open in someone's books."""

from __future__ import annotations

import json
from typing import Any

import anyio
import pytest

from glomo import AsyncGlomo, webhooks
from glomo.errors import AuthenticationError, ParameterError
from glomo.http.transport import WireRequest, WireResponse
from glomo.webhooks import testing
from glomo_sync import Glomo
from glomo_sync import webhooks as sync_webhooks

EXAMPLES: dict[str, type[webhooks.Event]] = {
    "/v1/payouts/": webhooks.PayoutSucceeded,
    "/v1/payment/": webhooks.PaymentFundsAvailable,
    "/v1/orders/": webhooks.OrderPaid,
    "/v1/payin/": webhooks.PaymentLinkPaid,
    "/v1/refunds/": webhooks.RefundSucceeded,
    "/v2/beneficiaries/": webhooks.BeneficiaryActivated,
    "/v1/subscriptions/": webhooks.SubscriptionActivated,
    "/v1/settlements/": webhooks.SettlementSucceeded,
}


class Api:
    """Answers every read of a known object, and counts how many are under way at once."""

    def __init__(self, *, status: int = 404) -> None:
        self.status = status
        self.paths: list[str] = []
        self.now = self.most = 0

    async def send(self, request: WireRequest, timeout: float) -> WireResponse:
        path = request.url.removeprefix("https://api.test/api")
        self.paths.append(path)
        self.now += 1
        self.most = max(self.most, self.now)
        await anyio.lowlevel.checkpoint()
        self.now -= 1
        folder, _, id = path.rpartition("/")
        if "missing" in id:
            return WireResponse(self.status, {}, b'{"error":"x","message":"y"}')
        data = testing.payload(EXAMPLES[folder + "/"], id=id)["data"]
        return WireResponse(200, {}, json.dumps(data).encode())

    def reset(self) -> None: ...

    async def aclose(self) -> None: ...


def settings(api: Api) -> dict[str, Any]:
    return {
        "base_url": "https://api.test/api",
        "transport": api,
        "rate_limit": None,
        "max_retries": 0,
    }


IDS = [
    "payout_1",
    "payt_1",
    "order_1",
    "plink_1",
    "refund_1",
    "bene_1",
    "sub_1",
    "setl_1",
    "payout_missing",
    "payout_1",
]


async def test_objects_of_every_kind_are_read_once() -> None:
    api = Api()
    async with AsyncGlomo("sk-unit", **settings(api)) as glomo:
        result = await webhooks.reconcile(glomo, IDS)
    assert [snapshot.id for snapshot in result.objects] == IDS[:8]
    assert result.objects[0].status.terminal
    assert result.missing == ("payout_missing",)
    assert len(api.paths) == 9


def test_the_twin_reads_the_same() -> None:
    api = Api()
    with Glomo("sk-unit", **settings(api)) as glomo:
        result = sync_webhooks.reconcile(glomo, iter(IDS))
    assert [snapshot.id for snapshot in result.objects] == IDS[:8]
    assert result.missing == ("payout_missing",)


async def test_several_are_read_at_once_but_not_all() -> None:
    api = Api()
    async with AsyncGlomo("sk-unit", **settings(api)) as glomo:
        await webhooks.reconcile(glomo, [f"payout_{n}" for n in range(200)])
    assert 1 < api.most <= 20


async def test_another_resource_is_refused_before_anything_is_sent() -> None:
    api = Api()
    async with AsyncGlomo("sk-unit", **settings(api)) as glomo:
        with pytest.raises(ParameterError, match="'quote_1' is no id of payouts, payments"):
            await webhooks.reconcile(glomo, ["payout_1", "quote_1"])
    assert api.paths == []


async def test_an_error_is_raised_as_itself_and_stops_the_rest() -> None:
    api = Api(status=401)
    async with AsyncGlomo("sk-unit", **settings(api)) as glomo:
        with pytest.raises(AuthenticationError):
            await webhooks.reconcile(glomo, [f"payout_missing{n}" for n in range(500)])
    assert len(api.paths) <= 40
