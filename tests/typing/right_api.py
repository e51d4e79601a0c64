"""Code around the API's newer operations, as users write it. Checked for types, not run."""

from __future__ import annotations

import ssl
from datetime import UTC, date, datetime, timedelta
from typing import Any, assert_type

from fastapi import FastAPI

from glomo import AsyncGlomo, Money, Page, errors
from glomo.types import (
    Customer,
    KycParams,
    LrsParams,
    LrsQuote,
    Order,
    Payment,
    PaymentLink,
    PaymentMethodType,
    PaymentRail,
    Payout,
    Price,
    Refund,
    RefundReason,
    Subscription,
)
from glomo_sync import Glomo


async def pay_in_money(glomo: AsyncGlomo, price: Money, rail: str) -> Money:
    payout = await glomo.payouts.create(
        beneficiary_id="bene_1",
        purpose_code="S1005",
        source_currency="USD",
        destination_currency="INR",
        source_amount=price,
        payment_rail=rail,
    )
    assert_type(payout.source_amount, int)
    assert_type(payout.created_at, datetime)
    return payout.source + payout.source


async def pay_by_each_rail(glomo: AsyncGlomo, row: dict[str, str]) -> list[Payout]:
    common: dict[str, Any] = {"beneficiary_id": "bene_1", "purpose_code": "S1005"}
    return [
        await glomo.payouts.create(
            **common,
            source_currency=row["from"],
            destination_currency=row["to"],
            destination_amount=100,
            payment_rail=PaymentRail.UPI,
        )
    ]


async def remit(glomo: AsyncGlomo, customer: Customer) -> Order:
    quote = await glomo.lrs.create_quote(
        bank_code="hdfc",
        source_amount=Money.of("90000.00", "INR"),
        source_currency="INR",
        target_currency="USD",
    )
    assert_type(quote, LrsQuote)
    account = await glomo.customers.create_lrs_bank_account(
        customer.id, bank_code="hdfc", account_number="50100012345678"
    )
    return await glomo.orders.create(
        customer_id=customer.id,
        amount=quote.order_amount,
        currency="USD",
        lrs=LrsParams(
            lrs_quote_id=quote.id, remittance_information="INV-17", bank_account_id=account.id
        ),
    )


async def estimate(glomo: AsyncGlomo) -> Money:
    quote = await glomo.lrs.create_quote(
        resource="payout", source_amount=100, source_currency="USD", target_currency="INR"
    )
    return quote.to


async def link(glomo: AsyncGlomo) -> PaymentLink:
    return await glomo.payment_links.create(
        customer_id="cust_1",
        amount=Money.of("10.00", "USD"),
        currency="USD",
        expires_at=datetime.now(UTC) + timedelta(days=7),
        notify_customer=False,
        reminder_frequency=7,
        payment_methods=["card", PaymentMethodType.BANK_TRANSFER],
        split_ids=["psplit_1"],
    )


async def plans(glomo: AsyncGlomo, today: date) -> list[Subscription]:
    charged = await glomo.subscriptions.create(
        customer_id="cust_1",
        product_name="ShieldGuard",
        product_description="Insurance",
        amount=1000,
        max_amount=5000,
        currency="USD",
        interval_type="as_presented",
        expires_at=today,
        notify_customer=True,
        starts_with_first_payment=True,
        split_ids=["psplit_1"],
        notes={"contract": "17"},
    )
    assert_type(charged.max, Money | None)
    assert_type(charged.subscription_link_url, str)
    return [charged]


async def refund(glomo: AsyncGlomo) -> Refund:
    done = await glomo.refunds.create(
        payment_id="payt_1", amount=500, reason=RefundReason.FRAUDULENT
    )
    assert_type(done.utr, str | None)
    if done.fees is not None:
        assert_type(done.fees.fx_fees, Money | None)
    return done


async def fees(glomo: AsyncGlomo) -> list[Price]:
    return [
        await glomo.prices.create(pricing_type="percentage", bps=100, set_as_default=True),
        await glomo.prices.create(
            pricing_type="fixed", fees_currency="USD", fees_amount=Money(50, "USD")
        ),
    ]


async def onboard(glomo: AsyncGlomo) -> Customer:
    return await glomo.customers.create(
        name="Asha Rao",
        customer_type="individual",
        email="asha@example.com",
        address="1 MG Road",
        city="Pune",
        state="MH",
        country="IND",
        phone="+91-9023456789",
        kyc=KycParams(pan_number="BFQPG7654R"),
    )


async def follow(glomo: AsyncGlomo) -> None:
    payment = await glomo.payments.wait("payt_1", until=lambda payment: payment.funds_available)
    assert_type(payment.payment, Money)
    assert_type(payment.converted, Money)
    async for page in glomo.payments.list(status="success", payment_type="orders").pages():
        assert_type(page, Page[Payment])
        print(page.has_next, page.total, page[0].id)


def travel(payout: Payout) -> Payout:
    assert_type(payout.to_dict(), dict[str, Any])
    assert_type(payout.to_json(), str)
    assert_type(payout.source.format(), str)
    return Payout.from_dict(payout.to_dict())


app = FastAPI()


@app.get("/payouts/{id}")
async def payout(id: str) -> Payout:
    return await AsyncGlomo().payouts.retrieve(id)


def clients(context: ssl.SSLContext) -> None:
    glomo = AsyncGlomo(
        "sk",
        verify=context,
        connect_timeout=2,
        read_timeout=10.5,
        default_headers={"x-team": "payroll"},
        app="acme/1.2",
    )
    assert_type(glomo.with_options(timeout=300, max_retries=0), AsyncGlomo)
    assert_type(Glomo("sk").with_options(extra_headers={"x": "y"}), Glomo)


def log(error: errors.GlomoError) -> dict[str, Any]:
    if isinstance(error, errors.StatusError):
        assert_type(error.retry_after, float | None)
    return error.to_dict()


def pages_of_the_twin(glomo: Glomo) -> int:
    total = 0
    for page in glomo.payouts.list(status="failed").pages():
        assert_type(page, Page[Payout])
        total += len(page) if page.has_next else 0
    return total
