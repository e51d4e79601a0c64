"""What only the dashboard, a bank or the vendor does to payins."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from glomo.sandbox import sandbox_key
from glomo.webhooks import verify_callback
from tests.docs import blocks, run
from tests.sandbox.conftest import Api
from tests.sandbox.shop import OTP, Shop, refused


async def test_the_code_of_the_page(api: Api) -> None:
    shop = Shop(api)
    orders = [await shop.order() for _ in range(3)]
    payments = [(await shop.card(one, OTP))["id"] for one in orders[:2]]
    payout = await api.paid(source_amount=6_623)
    rfi = api.sandbox.rfi_of(payout["id"]) or {}
    pairs = [
        {"rfi_doc_id": one["rfi_doc_id"], "doc_id": await shop.document()}
        for one in rfi["documents_required"]
    ]
    await api.patch(f"v1/rfis/{rfi['id']}/respond", {"documents": pairs})
    run(
        *blocks("sandbox.md", "Payins"),
        sandbox=api.sandbox,
        sandbox_key=sandbox_key,
        payments=payments,
        payout_id=payout["id"],
        order_id=orders[2]["id"],
    )
    assert [(await shop.read(one))["status"] for one in orders] == ["paid", "active", "failed"]
    assert (await shop.read(rfi))["status"] == "rejected"
    for _ in range(2):
        assert refused(await shop.ask_refund({"id": payments[0]}), 409)
    assert (await shop.ask_refund({"id": payments[0]})).status_code == 202
    assert "orders.failed" in shop.events()
    api.sandbox.books.check()


async def test_what_cannot_be_done_is_said(api: Api) -> None:
    sandbox, shop = api.sandbox, Shop(api)
    payment = await shop.transfer(await shop.order())
    rfi = sandbox.rfi_of((await api.paid(source_amount=6_623))["id"]) or {}
    with pytest.raises(ValueError, match="is success, not in_progress"):
        sandbox.complete_payment(payment["id"])
    with pytest.raises(ValueError, match="error_code is one of"):
        sandbox.complete_payment(payment["id"], "UNLUCKY")
    with pytest.raises(ValueError, match="is action_required, not under_review"):
        sandbox.decide_rfi(rfi["id"])
    with pytest.raises(ValueError, match="payment_method is one of"):
        sandbox.add_split("cash")
    with pytest.raises(ValueError, match="0 to 10000"):
        sandbox.add_split("card", merchant_share_bps=10_001)
    for call in (
        lambda: sandbox.complete_payment("payt_x"),
        lambda: sandbox.decide_rfi("rfi_x"),
        lambda: sandbox.lock_refunds("payt_x"),
        lambda: sandbox.fail_payin("order_x"),
    ):
        with pytest.raises(KeyError, match="_x"):
            call()
    assert sandbox.rfi_of(payment["id"]) is None


async def test_the_customer_is_sent_back_with_a_signature(api: Api) -> None:
    shop, key = Shop(api), sandbox_key()
    order = await shop.order()
    payment = await shop.card(order, OTP, callback_url="https://shop.example.com/paid?cart=7")
    with pytest.raises(ValueError, match="nobody is sent back yet"):
        api.sandbox.callback_url(payment["id"], key)
    api.sandbox.complete_payment(payment["id"])
    url = urlsplit(api.sandbox.callback_url(payment["id"], key))
    assert f"{url.scheme}://{url.netloc}{url.path}" == "https://shop.example.com/paid"
    query = parse_qs(url.query)
    assert (query["cart"], query["status"]) == (["7"], ["success"])
    verify_callback(
        order_id=order["id"],
        payment_id=payment["id"],
        status="success",
        signature=query["signature"][0],
        secret_keys=key,
    )
    transfer = await shop.transfer(await shop.order())
    with pytest.raises(ValueError, match="not paid server to server"):
        api.sandbox.callback_url(transfer["id"], key)
