"""Random histories of payins, payments and refunds, held to what must be true of any of them."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from glomo.sandbox import Clock, Sandbox
from glomo.sandbox.engine.webhooks.events import CATALOGUE
from tests.sandbox.conftest import START, Api
from tests.sandbox.shop import NO_OTP, NO_OTP_DECLINED, OTP, OTP_DECLINED, Shop, created

STEPS = 120


class History:
    """Takes random steps. Each is one that may well be refused."""

    def __init__(self, shop: Shop, seed: int) -> None:
        self.shop = shop
        self.choose = random.Random(seed)
        self.document = ""

    async def step(self) -> None:
        name = self.choose.choice([one for one in dir(self) if one.startswith("do_")])
        await getattr(self, name)()

    def any(self, kind: str) -> dict[str, Any] | None:
        """One of these, most often a late one: with the others there is little left to do."""
        records = list(self.shop.sandbox.account().store.all(kind))
        recent = records[-3:] if self.choose.random() < 0.7 else records
        return self.choose.choice(recent) if records else None

    async def do_order(self) -> None:
        minor = self.choose.choice([1_000, 6_623, 10_000])
        await self.shop.order(amount=minor, currency=self.choose.choice(["USD", "EUR"]))

    async def do_quoted_link(self) -> None:
        quote = await self.shop.quote()
        fixed = {"amount": ..., "currency": ..., "expires_at": ...}
        await self.shop.link(quote_id=quote["id"], **fixed)

    async def do_link(self) -> None:
        expires = self.shop.sandbox.clock() + timedelta(days=30)
        await self.shop.link(reminder_frequency=1, expires_at=expires.isoformat())

    async def do_transfer(self) -> None:
        payin = self.any(self.choose.choice(["order", "payment_link"]))
        if payin is not None:
            minor, currency = payin.get("_quoted") or (payin["amount"], payin["currency"])
            minor += self.choose.choice([0, 0, 0, 1])
            await self.shop.transfer(payin, amount=minor, currency=currency)

    async def do_card(self) -> None:
        order = self.any("order")
        if order is not None:
            for _ in range(2):
                number = self.choose.choice([NO_OTP, NO_OTP_DECLINED, OTP, OTP, OTP_DECLINED])
                await self.shop.ask_card(order, number)

    async def do_connect(self) -> None:
        payment, order = self.any("payment"), self.any("order")
        if payment is not None and order is not None:
            path = f"v1/payment/{payment['id']}/connect-payin"
            await self.shop.api.post(path, {"payin_id": order["id"]})

    async def do_refund(self) -> None:
        payment = self.any("payment")
        if payment is not None:
            part = (
                {"amount": self.choose.choice([100, 5_000])} if self.choose.random() < 0.5 else {}
            )
            await self.shop.ask_refund(payment, **part)

    async def do_end_refund(self) -> None:
        refund = self.any("refund")
        if refund is not None:
            status = self.choose.choice(["success", "failed"])
            path = f"v1/refunds/{refund['id']}/mock_update_status"
            await self.shop.api.patch(path, {"status": status})

    async def do_answer(self) -> None:
        rfi = self.any("rfi")
        if rfi is not None:
            pairs = [
                {"rfi_doc_id": one["rfi_doc_id"], "doc_id": self.document}
                for one in rfi["documents_required"]
            ]
            await self.shop.api.patch(f"v1/rfis/{rfi['id']}/respond", {"documents": pairs})

    async def do_decide(self) -> None:
        rfi = self.any("rfi")
        if rfi is not None and rfi["status"] == "under_review":
            self.shop.sandbox.decide_rfi(rfi["id"], approved=self.choose.random() < 0.7)

    async def do_settle(self) -> None:
        payment = self.any("payment")
        if payment is not None:
            await self.shop.api.post("v1/settlements", {"payment_ids": [payment["id"]]})

    async def do_pass_time(self) -> None:
        by = self.choose.choice([timedelta(seconds=3), timedelta(minutes=20), timedelta(days=12)])
        self.shop.sandbox.clock.advance(by)


def check(sandbox: Sandbox) -> None:
    """What holds at every moment."""
    sandbox.engine.check()
    store, books = sandbox.account().store, sandbox.books
    payments, refunds = list(store.all("payment")), list(store.all("refund"))
    paid_by = Counter(one["payin_id"] for one in payments if one["status"] == "success")
    for payin in [*store.all("order"), *store.all("payment_link")]:
        assert paid_by[payin["id"]] == (payin["status"] == "paid"), payin
    outside: Counter[str] = Counter()
    pending: Counter[str] = Counter()
    for one in payments:
        if one["status"] == "success":
            outside[one["payment_currency"]] -= one["payment_amount"]
            if not one["funds_available"]:
                pending[one["converted_currency"]] += one["converted_amount"] - one["_fee"]
    held: Counter[str] = Counter()
    refunded: Counter[str] = Counter()
    for one in refunds:
        used = one["balance_used"]
        if one["status"] in ("success", "in_progress", "action_required", "under_review"):
            refunded[one["payment_id"]] += used["amount"]
        if one["status"] == "success":
            outside[one["currency"]] += one["amount"]
        elif one["status"] == "in_progress":
            held[used["currency"]] += used["amount"]
    for one in store.all("settlement"):
        if one["status"] == "in_progress":
            held[one["currency"]] += one["amount"]
    for one in payments:
        assert refunded[one["id"]] <= one["converted_amount"], one
    for currency in ("USD", "EUR"):
        assert books.balance("customers", currency) == outside[currency]
        assert books.balance("pending", currency) == pending[currency]
        assert books.balance("held", currency) == held[currency]


def _check_webhooks(sandbox: Sandbox) -> None:
    """The last event of every payin, payment and refund tells the status it has now."""
    store = sandbox.account().store
    last_events: dict[str, Any] = {}
    for one in sandbox.webhooks.events():
        last_events[one["data"]["id"]] = one["data"]
    for kind in ("payment_link", "payment"):
        for record in store.all(kind):
            if record["status"] != "in_progress":
                assert last_events[record["id"]]["status"] == record["status"]
    for record in store.all("order"):
        assert last_events.get(record["id"], {"status": "active"})["status"] == record["status"]


@pytest.mark.parametrize("seed", range(4))
async def test_no_history_loses_money_or_pays_twice(make_api: Any, seed: int) -> None:
    screened = frozenset({"bank_transfer"}) if seed % 2 else frozenset[str]()
    shop = Shop(
        make_api(
            payment_screening=screened,
            partial_refunds=True,
            settle_after=timedelta(seconds=5),
            balances={"USD": 20_000, "EUR": 0},
            rate_limit=None,
        )
    )
    history = History(shop, seed)
    history.document = await shop.document()
    for _ in range(STEPS):
        await history.step()
        check(shop.sandbox)
    statuses = {one["status"] for one in shop.sandbox.account().store.all("payment")}
    assert {"success", "action_required"} <= statuses
    event_names = {f"{entity}.{event}" for entity, events in CATALOGUE.items() for event in events}
    assert set(shop.events()) <= event_names
    _check_webhooks(shop.sandbox)


async def test_a_state_file_goes_on_where_it_stopped(tmp_path: Any) -> None:
    path = tmp_path / "sandbox.state"
    with Sandbox(clock=Clock(START), state=path) as sandbox:
        shop = Shop(Api(sandbox))
        waiting = await shop.order()
        payment = await shop.card(waiting, OTP)
        refunded = await shop.transfer(await shop.order())
        refund = (await shop.ask_refund(refunded)).json()
        quote = await shop.quote()
        link = await shop.link()
    later = Clock(START + timedelta(seconds=10))
    with Sandbox(clock=later, state=path) as sandbox:
        shop = Shop(Api(sandbox))
        assert (await shop.read(payment))["status"] == "success"
        assert (await shop.read(waiting))["status"] == "paid"
        assert (await shop.read(refund))["status"] == "success"
        assert (await shop.transfer(link))["status"] == "success"
        body = {"quote_id": quote["id"], "customer_id": waiting["customer_id"]}
        order = created(await shop.api.post("v1/orders", body))
        sandbox.clock.advance(minutes=30)
        assert (await shop.read(order))["status"] == "expired"
        sandbox.books.check()
