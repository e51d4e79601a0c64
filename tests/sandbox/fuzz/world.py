"""A sandbox in which there is one of everything, in most of its states."""

from __future__ import annotations

from typing import Any

import httpx

from glomo.sandbox import Clock, Options, Sandbox
from tests.sandbox.conftest import START, Api
from tests.sandbox.shop import OTP, RESIDENT, Shop, created
from tests.sandbox.test_platform import MERCHANT
from tests.sandbox.test_subscriptions import FIXED, ON_DEMAND
from tests.sandbox.test_treasury import BENEFICIARY as BENEFICIARY_V1

from .requests import FuzzRequest, Pool
from .samples import Sample, samples
from .shapes import check

_JSON = "application/json"


class World:
    """The sandbox, the ids in it, and a way back to how it was."""

    def __init__(self, sandbox: Sandbox, samples: dict[str, Sample]) -> None:
        self.sandbox = sandbox
        self.samples = samples
        self.succeeded: set[str] = set()
        self.api = Api(sandbox)
        self._start = sandbox.snapshot()
        self.pool: Pool = {}
        for records in self._start.tables.values():
            for key, record in records.items():
                self.pool.setdefault(key.split("_")[0], []).append(key)
                for one in record.get("documents_required", ()):
                    self.pool.setdefault("rfidoc", []).append(one["rfi_doc_id"])

    def restore(self) -> None:
        """Undo whatever was done since the start."""
        self.sandbox.restore(self._start)

    async def ask(self, request: FuzzRequest) -> httpx.Response:
        """Send a request, and hold its response and the books to the rules."""
        sent: dict[str, Any] = {"json": request.body}
        if request.raw is not None:
            sent = {"content": request.raw}
        elif request.body is None and request.operation.body is None:
            sent = {}
        kind = "multipart/form-data; boundary=b" if request.operation.multipart else _JSON
        response = await self.api.http.request(
            request.operation.method,
            f"/api{request.path}",
            params=request.query,
            headers={"Content-Type": kind},
            **sent,
        )
        check(request.operation, response)
        if response.is_success:
            self.succeeded.add(request.operation.name)
        self.sandbox.engine.check()
        return response


async def populated() -> World:
    """A new world."""
    options = Options(
        settle_after=None,
        partial_refunds=True,
        payment_screening=frozenset({"bank_transfer"}),
    )
    sandbox = Sandbox(clock=Clock(START), options=options, rate_limit=None)
    sandbox.add_beneficiary("bene_supplier")
    sandbox.add_beneficiary("bene_pending", status="pending")
    shop = Shop(Api(sandbox))
    ids = {**await _payins(shop), **await _rest(shop)}
    required = {
        subject: rfi["documents_required"][0]["rfi_doc_id"]
        for subject in ids.values()
        if (rfi := sandbox.rfi_of(subject)) is not None
    }
    return World(sandbox, samples(ids, required))


async def _payins(shop: Shop) -> dict[str, str]:
    """Payins, payments and refunds; the ids of those that samples are about."""
    resident = await shop.customer(**RESIDENT)
    suspect = (await shop.customer(name="jexru7", email="suspect@example.com"))["id"]
    account = {"bank_code": "hdfc", "account_number": "123"}
    created(await shop.api.post(f"v1/customer/{resident['id']}/bank_account", account))
    ids = {"customer": await shop.customer_id(), "document": await shop.document()}
    await shop.api.post("v1/prices", {"pricing_type": "percentage", "bps": 100})
    await shop.quote()
    await shop.lrs_quote()
    quote = await shop.lrs_quote()
    lrs = created(await shop.ask_lrs_order(quote, customer_id=resident["id"]))
    ids["lrs_payment"] = (await shop.transfer(lrs))["id"]
    ids["order"] = (await shop.order())["id"]
    await shop.link()
    ids["stopped_order"] = (await _stopped(shop, shop.order, suspect))["id"]
    ids["stopped_link"] = (await _stopped(shop, shop.link, suspect))["id"]
    reviewed = await _stopped(shop, shop.link, suspect)
    rfi = shop.sandbox.rfi_of(reviewed["id"]) or {}
    pairs = [
        {"id": ids["document"], "rfi_doc_id": one["rfi_doc_id"]}
        for one in rfi["documents_required"]
    ]
    await shop.api.patch(f"v1/payin/{reviewed['id']}/update-rfi", {"documents": pairs})
    ids["reviewed_link"] = reviewed["id"]
    created(await shop.ask_refund(await shop.transfer(await shop.link())))
    ids["held_payment"] = (await shop.transfer(await shop.link(amount=6_623)))["id"]
    ids["loose_payment"] = (await shop.transfer())["id"]
    await shop.transfer(await shop.order(), amount=5_000)
    await shop.card(await shop.order(), OTP)
    paid = await shop.card(await shop.order())
    ids["stopped_refund"] = created(await shop.ask_refund(paid, amount=6_623))["id"]
    ids["settleable_payment"] = (await shop.transfer(await shop.order()))["id"]
    settled = await shop.transfer(await shop.order())
    created(await shop.api.post("v1/settlements", {"payment_ids": [settled["id"]]}))
    return ids


async def _stopped(shop: Shop, ask: Any, customer_id: str) -> dict[str, Any]:
    """A payin that waits for one document, which is easier to guess than two."""
    payin: dict[str, Any] = await ask(customer_id=customer_id)
    rfi = shop.sandbox.rfi_of(payin["id"]) or {}
    store = shop.sandbox.account().store
    record = store.get("rfi", rfi["id"]) or {}
    with shop.sandbox.engine.transaction():
        only = {"documents_required": record["documents_required"][:1]}
        store.put("rfi", rfi["id"], {**record, **only})
    return payin


async def _rest(shop: Shop) -> dict[str, str]:
    """Subscriptions, payouts, merchants; the ids of those that samples are about."""
    ids: dict[str, str] = {}
    customer = {"customer_id": await shop.customer_id()}
    plan = {**customer, **FIXED}
    created(await shop.api.post("v1/subscriptions", {**customer, **ON_DEMAND}))
    for step in (None, "pay", "pause", "cancel"):
        subscription = created(await shop.api.post("v1/subscriptions", plan))
        if step is not None:
            first = {"subscription_id": subscription["id"], "order_id": ...}
            created(await shop.ask_card({"id": ""}, **first))
        if step == "pay":
            ids["active_subscription"] = subscription["id"]
        elif step is not None:
            await shop.api.patch(f"v1/subscriptions/{subscription['id']}/{step}")
    await shop.api.paid()
    stopped = await shop.api.paid(source_amount=6_623)
    ids["stopped_payout"] = stopped["id"]
    ids["payout_rfi"] = (shop.sandbox.rfi_of(stopped["id"]) or {})["id"]
    merchant = created(await shop.api.post("v1/platform/merchants", MERCHANT))["data"]
    ids["merchant"] = merchant["merchant_id"]
    ids["beneficiary_v1"] = created(await shop.api.post("v1/beneficiaries", BENEFICIARY_V1))["id"]
    own = await shop.api.get("v1/withdrawal_accounts")
    ids["withdrawal_account"] = own.json()["data"][0]["id"]
    for transfer in ("local", "swift"):
        body = {"payment_type": transfer, "currency": "USD"}
        await shop.api.post("v1/virtual-accounts", body)
    return ids
