"""What a type checker must refuse of the newer operations, with which codes."""

from __future__ import annotations

from datetime import UTC, date, datetime

from glomo import AsyncGlomo, Money
from glomo.types import LrsParams, Payout
from glomo_sync import Glomo


async def closed_sets(glomo: AsyncGlomo) -> None:
    # A category is misspelt.
    # mypy: arg-type; pyright: reportArgumentType
    await glomo.beneficiaries.create(category="payouts", beneficiary={}, bank_account={})

    # So is a kind of customer.
    # mypy: arg-type; pyright: reportArgumentType
    await glomo.customers.list(customer_type="person").first()

    # A way to pay is unknown.
    # mypy: list-item; pyright: reportArgumentType
    await glomo.orders.create(
        customer_id="cust_1", amount=1, currency="USD", payment_methods=["cash"]
    )

    # A review ends in one of two ways.
    # mypy: arg-type; pyright: reportArgumentType
    await glomo.beneficiaries.mock_review("bene_1", review_action="approved")

    # A quote is for money in or out.
    # mypy: call-overload; pyright: reportArgumentType
    await glomo.quotes.create(
        resource="refund", source_currency="USD", destination_currency="INR", source_amount=1
    )

    # A virtual account takes local payments, or SWIFT.
    # mypy: arg-type; pyright: reportArgumentType
    await glomo.virtual_accounts.create(payment_type="bank", currency="USD")


async def shapes(glomo: AsyncGlomo, today: date) -> None:
    # A quote for a payout names no bank.
    # mypy: call-overload; pyright: reportArgumentType
    await glomo.lrs.create_quote(
        resource="payout",
        bank_code="hdfc",
        source_amount=1,
        source_currency="USD",
        target_currency="INR",
    )

    # LRS converts between two currencies.
    # mypy: call-overload; pyright: reportArgumentType
    await glomo.lrs.create_quote(
        bank_code="hdfc", source_amount=1, source_currency="EUR", target_currency="USD"
    )

    # A calendar plan has no most.
    # mypy: call-overload; pyright: reportCallIssue
    await glomo.subscriptions.create(
        customer_id="cust_1",
        product_name="x",
        product_description="y",
        amount=1,
        max_amount=2,
        currency="USD",
        interval_type="month",
        interval_count=1,
        billing_cycles=2,
        start_date=today,
        expires_at=today,
        notify_customer=True,
        starts_with_first_payment=True,
    )

    # A price is an amount or a share.
    # mypy: call-overload; pyright: reportArgumentType
    await glomo.prices.create(pricing_type="fixed", bps=100)

    # A remittance says what it is for.
    # mypy: call-arg; pyright: reportCallIssue
    LrsParams(lrs_quote_id="quote_1")

    # A link expires, unless a quote says when.
    # mypy: call-overload; pyright: reportCallIssue
    await glomo.payment_links.create(customer_id="cust_1", amount=1, currency="USD")

    # Reminders come in one of four rhythms.
    # mypy: call-overload; pyright: reportArgumentType
    await glomo.payment_links.create(
        customer_id="cust_1",
        amount=1,
        currency="USD",
        expires_at=datetime.now(UTC),
        reminder_frequency=3,
    )


async def reading(glomo: AsyncGlomo, payout: Payout) -> None:
    # Money is no number.
    # mypy: operator; pyright: reportOperatorIssue
    print(payout.source + 1.5)

    # What only some objects have may be missing.
    order = await glomo.orders.retrieve("order_1")
    # mypy: union-attr; pyright: reportOptionalMemberAccess
    print(order.invoice.minor)

    # The Money of an amount has the name of the one rule.
    payment = await glomo.payments.retrieve("payt_1")
    # mypy: attr-defined; pyright: reportAttributeAccessIssue
    print(payment.paid)

    # A page is a tuple.
    async for page in glomo.payouts.list().pages():
        # mypy: attr-defined; pyright: reportAttributeAccessIssue
        page.append(payout)

    # Objects come from mappings, not from text.
    # mypy: arg-type; pyright: reportArgumentType
    Payout.from_dict('{"id": "payout_1"}')


def settings(price: Money) -> None:
    # Certificates are trusted by path or context.
    # mypy: arg-type; pyright: reportArgumentType
    AsyncGlomo("sk", verify=17)

    # Options are numbers of seconds.
    # mypy: arg-type; pyright: reportArgumentType
    Glomo("sk").with_options(timeout="5 minutes")

    # Money is formatted without a pattern.
    # mypy: call-arg; pyright: reportCallIssue
    price.format("%d")
