"""The flows of the documentation, as users write them."""

from __future__ import annotations

from pathlib import Path
from typing import assert_type

from glomo import AsyncGlomo, Money, errors, purpose_codes, webhooks
from glomo.types import (
    Customer,
    InternalTransfer,
    Merchant,
    Order,
    Payment,
    PaymentLink,
    PaymentRail,
    Quote,
    Refund,
    Rfi,
    RfiRequirement,
    SettlementLine,
    SettlementReconciliation,
)
from glomo_sync import Glomo


async def quoted(glomo: AsyncGlomo) -> Money | None:
    offers = await glomo.quotes.create(
        resource="payout",
        source_currency="USD",
        destination_currency="INR",
        source_amount=Money.of("1250.00", "USD"),
        payment_method="local_transfer",
    )
    best = offers.cheapest
    assert_type(best, Quote | None)
    if best is None or best.expired:
        return None
    assert_type(best.payment_rail, PaymentRail | None)
    return best.cost


async def reconciled(glomo: AsyncGlomo) -> bool:
    result = await glomo.settlements.reconcile("setl_1", timeout=30)
    assert_type(result, SettlementReconciliation)
    for line in result.lines:
        assert_type(line, SettlementLine)
        assert_type(line.payin, Order | PaymentLink | None)
        assert_type(line.payment, Payment | None)
        assert_type(line.refund, Refund | None)
    total: Money = result.totals["USD"]
    return result.adds_up and total.minor > 0


async def platform(glomo: AsyncGlomo, merchant: Merchant) -> str:
    approved = await glomo.platform.wait(merchant.merchant_id, timeout=60)
    acting = glomo.as_merchant(merchant)
    assert_type(acting, AsyncGlomo)
    async with glomo.as_merchant("token") as by_token:
        await by_token.balances.retrieve()
    transfer = await acting.internal_transfers.create(
        from_merchant_id="merch_1",
        to_merchant_id=approved.merchant_id,
        amount=1_000,
        currency="AED",
        reference="r",
    )
    assert_type(transfer, InternalTransfer)
    return "done" if transfer.succeeded else str(transfer.error_code)


async def answered(glomo: AsyncGlomo, order: Order, payment: Payment, rfi: Rfi) -> None:
    assert_type(order.requirements, tuple[RfiRequirement, ...])
    assert_type(await glomo.rfis.answer(order, {"rfidoc_1": Path("passport.pdf")}), Order)
    assert_type(await glomo.rfis.answer(payment, {"rfidoc_1": b"%PDF"}), Payment)
    assert_type(await glomo.rfis.answer(rfi, {"rfidoc_1": ["doc_1", "more.pdf"]}), Rfi)
    assert_type(await glomo.rfis.wait("rfi_1", until=["under_review"]), Rfi)


async def checkout(glomo: AsyncGlomo) -> Customer:
    try:
        return await glomo.customers.find_or_create(
            name="Jane Doe",
            email="jane@example.com",
            country="USA",
            customer_type="individual",
            address="1 Main Street",
            city="New York",
            state="NY",
        )
    except errors.AlreadyTakenError as taken:
        raise LookupError(taken.message) from taken


async def funds(glomo: AsyncGlomo) -> bool:
    payment = await glomo.payments.wait("payt_1", until="funds_available", timeout=3600)
    await glomo.payments.wait("payt_1", until=lambda payment: payment.funds_available is True)
    await glomo.payments.wait("payt_1", until=("action_required",))
    assert_type(payment, Payment)
    return bool(payment.funds_available)


def sync_flows(glomo: Glomo, merchant: Merchant, order: Order) -> None:
    acting = glomo.as_merchant(merchant)
    assert_type(acting, Glomo)
    assert_type(acting.settlements.reconcile("setl_1"), SettlementReconciliation)
    assert_type(glomo.rfis.answer(order, {"rfidoc_1": "passport.pdf"}), Order)
    assert_type(glomo.payments.wait("payt_1", until="funds_available"), Payment)
    assert_type(glomo.platform.wait("merch_1"), Merchant)


def documents(words: str) -> list[tuple[str, ...]]:
    return [entry.documents for entry in purpose_codes.search(words, direction="payout")]


async def missed(glomo: AsyncGlomo, ids: list[str]) -> tuple[str, ...]:
    result = await webhooks.reconcile(glomo, ids)
    return result.missing
