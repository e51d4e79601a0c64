"""How to meet each published error: a step makes the response that has it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from tests.sandbox.shop import CUSTOMER, OTP, RESIDENT, Shop, created, without
from tests.sandbox.test_beneficiaries import changed as beneficiary
from tests.sandbox.test_subscriptions import FIXED, ON_DEMAND

Step = Callable[[Shop], Awaitable[httpx.Response]]
NO_TERMS = {"amount": ..., "currency": ..., "expires_at": ...}
"""What a payin with a quote must not bear."""


def customer(**changes: Any) -> Step:
    return lambda shop: shop.api.post("v1/customer", without({**CUSTOMER, **changes}))


async def same_customer(shop: Shop) -> httpx.Response:
    await shop.customer()
    return await shop.api.post("v1/customer", {**CUSTOMER, "email": "JOHN@EXAMPLE.COM"})


def lrs_account(times: int = 1, **changes: Any) -> Step:
    async def step(shop: Shop) -> httpx.Response:
        owner = await shop.customer(**RESIDENT)
        body = without({"bank_code": "hdfc", "account_number": "1", **changes})
        for _ in range(times):
            response = await shop.api.post(f"v1/customer/{owner['id']}/bank_account", body)
        return response

    return step


def lrs_quote(**changes: Any) -> Step:
    body = {"bank_code": "hdfc", "source_amount": 4_400_000}
    body |= {"source_currency": "INR", "target_currency": "USD"}
    return lambda shop: shop.api.post("v1/lrs/quotes", without({**body, **changes}))


def lrs_payout(**changes: Any) -> Step:
    pair = {"source_currency": "USD", "target_currency": "INR"}
    return lrs_quote(**{"resource": "payout", "bank_code": ..., **pair, **changes})


def order(**changes: Any) -> Step:
    return lambda shop: shop.ask_order(**changes)


def link(**changes: Any) -> Step:
    return lambda shop: shop.ask_link(**changes)


async def repeated_order(shop: Shop) -> httpx.Response:
    await shop.order(request_id="o")
    return await shop.ask_order(request_id="o")


def quoted(ask: str, quote: str) -> Step:
    """A payin with a quote that it cannot have."""

    async def step(shop: Shop) -> httpx.Response:
        request = getattr(shop, ask)
        if quote == "payout":
            body = {"resource": "payout", "destination_currency": "INR"}
            quote_id = (await shop.quote(**body))["id"]
        else:
            quote_id = (await shop.quote())["id"]
        if quote == "expired":
            shop.sandbox.clock.advance(minutes=30)
        if quote == "used":
            created(await request(quote_id=quote_id, **NO_TERMS))
        return await request(quote_id=quote_id, **NO_TERMS)  # type: ignore[no-any-return]

    return step


def split(ask: str, how: str) -> Step:
    """A payin with splits that it cannot have."""

    async def step(shop: Shop) -> httpx.Response:
        request, add = getattr(shop, ask), shop.sandbox.add_split
        methods = ["card"]
        if how == "none":
            return await request()  # type: ignore[no-any-return]
        if how == "quoted":
            return await request(quote_id="quote_1", split_ids=["psplit_1"], **NO_TERMS)  # type: ignore[no-any-return]
        ids = ["psplit_7Kq2mXbTdLp9"] if how == "unknown" else [add("bank_transfer")]
        if how == "incomplete":
            methods = ["bank_transfer"]
            add("bank_transfer", price_id="price_Kd82nvQ1TzAe")
        return await request(split_ids=ids, payment_methods=methods)  # type: ignore[no-any-return]

    return step


def rfi_of(ask: str, place: str) -> Step:
    async def step(shop: Shop) -> httpx.Response:
        payin = await getattr(shop, ask)()
        documents = [{"id": await shop.document(), "rfi_doc_id": "rfidoc_1"}]
        path = f"v1/{place}/{payin['id']}/update-rfi"
        return await shop.api.patch(path, {"documents": documents})

    return step


async def review(shop: Shop) -> httpx.Response:
    return await shop.api.patch(f"v1/payin/{(await shop.link())['id']}/mock_mark_reviewed")


def card(number: str) -> Step:
    async def step(shop: Shop) -> httpx.Response:
        return await shop.ask_card(await shop.order(), number)

    return step


async def repeated_payment(shop: Shop) -> httpx.Response:
    bought = await shop.order()
    created(await shop.ask_card(bought, OTP, request_id="p"))
    return await shop.ask_card(bought, OTP, request_id="p")


async def second_attempt(shop: Shop) -> httpx.Response:
    owner = await shop.customer(**RESIDENT)
    bought = created(await shop.ask_lrs_order(await shop.lrs_quote(), customer_id=owner["id"]))
    attempt = {"method": "pay_via_bank", "card": ...}
    created(await shop.ask_card(bought, **attempt))
    return await shop.ask_card(bought, **attempt)


def funds(kind: str, times: int = 1, *, hidden: bool = False) -> Step:
    async def step(shop: Shop) -> httpx.Response:
        if kind == "lrs":
            owner = await shop.customer(**RESIDENT)
            quote = await shop.lrs_quote()
            bought = created(await shop.ask_lrs_order(quote, customer_id=owner["id"]))
        else:
            bought = await shop.order()
        paid = await shop.transfer(None if kind == "loose" else bought)
        shop.sandbox.hide_transaction(paid["id"], hidden=hidden)
        for _ in range(times):
            path = f"v1/payment/{paid['id']}/mock-funds-available"
            response = await shop.api.patch(path)
        return response

    return step


def refund(times: int = 1, **changes: Any) -> Step:
    async def step(shop: Shop) -> httpx.Response:
        paid = await shop.transfer(await shop.order())
        for _ in range(times):
            response = await shop.ask_refund(paid, **changes)
        return response

    return step


async def repeated_refund(shop: Shop) -> httpx.Response:
    first, second = [await shop.transfer(await shop.order()) for _ in range(2)]
    created(await shop.ask_refund(first, request_id="r"))
    return await shop.ask_refund(second, request_id="r")


async def locked_refund(shop: Shop) -> httpx.Response:
    paid = await shop.transfer(await shop.order())
    shop.sandbox.lock_refunds(paid["id"])
    return await shop.ask_refund(paid)


async def finished_refund(shop: Shop) -> httpx.Response:
    refunded = created(await shop.ask_refund(await shop.transfer(await shop.order())))
    path = f"v1/refunds/{refunded['id']}/mock_update_status"
    await shop.api.patch(path, {"status": "success"})
    return await shop.api.patch(path, {"status": "success"})


def subscription(*, plan: dict[str, Any] = FIXED, **changes: Any) -> Step:
    async def step(shop: Shop) -> httpx.Response:
        body = {"customer_id": await shop.customer_id(), **plan, **changes}
        return await shop.api.post("v1/subscriptions", body)

    return step


def subscription_step(name: str, *before: str) -> Step:
    async def step(shop: Shop) -> httpx.Response:
        subscribed = created(await subscription()(shop))
        first = {"subscription_id": subscribed["id"], "order_id": ...}
        created(await shop.ask_card({"id": ""}, **first))
        for one in (*before, name):
            response = await shop.api.patch(f"v1/subscriptions/{subscribed['id']}/{one}")
        return response

    return step


async def completed_subscription(shop: Shop) -> httpx.Response:
    subscribed = created(await subscription()(shop))
    created(await shop.ask_card({"id": ""}, subscription_id=subscribed["id"], order_id=...))
    shop.sandbox.clock.advance(days=100)
    return await shop.api.patch(f"v1/subscriptions/{subscribed['id']}/cancel")


async def subscription_splits(shop: Shop) -> httpx.Response:
    shop.sandbox.add_split("card", price_id="price_Kd82nvQ1TzAe")
    return await subscription(plan=ON_DEMAND, split_ids=[shop.sandbox.add_split("card")])(shop)


def local_quote(currency: str) -> Step:
    body = {
        "resource": "payout",
        "source_currency": "USD",
        "destination_currency": currency,
        "source_amount": 10_000,
        "payment_method": {"type": "bank_transfer", "subtype": "local_transfer"},
    }
    return lambda shop: shop.api.post("v1/quotes", body)


def payout(times: int = 1, **changes: Any) -> Step:
    async def step(shop: Shop) -> httpx.Response:
        for _ in range(times):
            response = await shop.api.pay(**changes)
        return response

    return step


def payee(path: str, value: Any) -> Step:
    return lambda shop: shop.api.post("v2/beneficiaries", beneficiary(path, value))


async def same_payee(shop: Shop) -> httpx.Response:
    await payee("notes", None)(shop)
    return await payee("notes", None)(shop)


def post(path: str, body: Any, times: int = 1) -> Step:
    async def step(shop: Shop) -> httpx.Response:
        for _ in range(times):
            response = await shop.api.post(f"v1/{path}", body)
        return response

    return step


def get(path: str, **query: str) -> Step:
    return lambda shop: shop.api.get(f"v1/{path}", **query)


def rotate(seconds: Any) -> Step:
    return post("api-keys/rotate", {"expire_after_in_seconds": seconds})


async def settled_twice(shop: Shop) -> httpx.Response:
    paid = await shop.transfer(await shop.order())
    return await post("settlements", {"payment_ids": [paid["id"]]}, 2)(shop)


async def without_key(shop: Shop) -> httpx.Response:
    del shop.api.http.headers["Authorization"]
    return await shop.api.get("v1/lrs/banks")
