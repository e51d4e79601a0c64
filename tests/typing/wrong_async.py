"""What a type checker must refuse. The comment above a statement says with which codes."""

from __future__ import annotations

from glomo import AsyncGlomo, Money
from glomo.types import AddressParams, PayoutStatus


async def walk(glomo: AsyncGlomo) -> None:
    # A pager is walked, not awaited.
    # mypy: misc; pyright: reportGeneralTypeIssues
    await glomo.payouts.list()

    # It is walked with `async for`.
    # mypy: attr-defined; pyright: reportGeneralTypeIssues
    for payout in glomo.payouts.list():
        print(payout)

    # A page is not an object.
    async for page in glomo.payouts.list().pages():
        # mypy: attr-defined; pyright: reportAttributeAccessIssue
        print(page.id)

    # There may be no first object.
    first = await glomo.payouts.list().first()
    # mypy: union-attr; pyright: reportOptionalMemberAccess
    print(first.id)


async def pay(glomo: AsyncGlomo, price: Money) -> None:
    # Amounts are whole numbers of minor units.
    # mypy: call-overload; pyright: reportArgumentType
    await glomo.payouts.create(
        beneficiary_id="bene_1",
        purpose_code="S1005",
        source_currency="USD",
        destination_currency="INR",
        source_amount=1250.00,
    )

    # A refund does not name its currency, so Money could not be checked.
    # mypy: arg-type; pyright: reportArgumentType
    await glomo.refunds.create(payment_id="payt_1", amount=price)

    # Where a set is closed, a misspelling is seen.
    # mypy: arg-type; pyright: reportArgumentType
    await glomo.refunds.create(payment_id="payt_1", reason="Fradulent")
    # mypy: arg-type; pyright: reportArgumentType
    await glomo.payouts.mock_update_status("payout_1", status="succes")
    # mypy: arg-type; pyright: reportArgumentType
    await glomo.payments.list(status="under_review").first()
    # mypy: arg-type; pyright: reportArgumentType
    await glomo.payment_links.update("plink_1", reminder_frequency=3)
    # mypy: call-overload; pyright: reportArgumentType
    await glomo.prices.create(pricing_type="percent", bps=100)
    # mypy: arg-type; pyright: reportArgumentType
    await glomo.orders.list(status=5).first()

    # The same without overloads.
    # mypy: arg-type; pyright: reportArgumentType
    await glomo.refunds.create(payment_id="payt_1", amount=12.5)

    # One amount, and not two.
    # mypy: call-overload; pyright: reportCallIssue
    await glomo.payouts.create(
        beneficiary_id="bene_1",
        purpose_code="S1005",
        source_currency="USD",
        destination_currency="INR",
        source_amount=125000,
        destination_amount=10_000_000,
    )

    # And not none.
    # mypy: call-overload; pyright: reportCallIssue
    await glomo.payouts.create(
        beneficiary_id="bene_1",
        purpose_code="S1005",
        source_currency="USD",
        destination_currency="INR",
    )

    # A quote fixes the amount.
    # mypy: call-overload; pyright: reportCallIssue
    await glomo.payouts.create(
        beneficiary_id="bene_1", purpose_code="S1005", quote_id="quote_1", source_amount=125000
    )

    # The purpose code is required.
    # mypy: call-overload; pyright: reportCallIssue
    await glomo.payouts.create(beneficiary_id="bene_1", quote_id="quote_1")

    # A parameter is misspelt, on a method with overloads and on one without.
    # mypy: call-overload; pyright: reportCallIssue
    await glomo.payouts.create(benficiary_id="bene_1", purpose_code="S1005", quote_id="quote_1")
    # mypy: call-arg; pyright: reportCallIssue
    await glomo.refunds.create(payment_id="payt_1", reqest_id="refund-1")
    # mypy: call-arg; pyright: reportCallIssue
    await glomo.payouts.list(stauts="failed").first()

    # Parameters go by keyword.
    # mypy: call-arg; pyright: reportCallIssue
    await glomo.balance_conversions.list("USD").first()

    # An option is misspelt, or is no number of seconds.
    # mypy: call-arg; pyright: reportCallIssue
    await glomo.payouts.retrieve("payout_1", timeuot=5)
    # mypy: arg-type; pyright: reportArgumentType
    await glomo.payouts.retrieve("payout_1", timeout="5s")

    # Ids are text, times are no text.
    # mypy: arg-type; pyright: reportArgumentType
    await glomo.payouts.retrieve(17)
    # mypy: arg-type; pyright: reportArgumentType
    await glomo.payouts.list(after="2026-01-01").first()

    # What may be left out may not always be None.
    # mypy: arg-type; pyright: reportArgumentType
    await glomo.payouts.list(status=None).first()


async def read(glomo: AsyncGlomo) -> None:
    payout = await glomo.payouts.retrieve("payout_1")

    # A payout has two amounts, so it has no `amount`.
    # mypy: attr-defined; pyright: reportAttributeAccessIssue
    print(payout.amount)

    # What only some payouts have may be missing.
    # mypy: union-attr; pyright: reportOptionalMemberAccess
    print(payout.utr.lower())

    # Models are frozen.
    # mypy: misc; pyright: reportAttributeAccessIssue
    payout.purpose_code = "S0017"

    # A status is misspelt.
    # mypy: attr-defined; pyright: reportAttributeAccessIssue
    print(payout.status is PayoutStatus.SUCESS)

    # The call was not awaited.
    # mypy: attr-defined; pyright: reportAttributeAccessIssue
    print(glomo.payouts.retrieve("payout_1").id)

    # A resource is misspelt.
    # mypy: attr-defined; pyright: reportAttributeAccessIssue
    print(glomo.payout)


def build(glomo: AsyncGlomo) -> None:
    # A field of a nested parameter is misspelt, so another one is missing.
    # mypy: call-arg; pyright: reportCallIssue
    AddressParams(
        adress_line1="1 Main St", city="Pune", state="MH", country_code="IND", postal_code="1"
    )

    # Money is made of text, whole numbers or Decimal.
    # mypy: arg-type; pyright: reportArgumentType
    Money.of(12.5, "USD")

    # An asynchronous client has no plain `with`.
    # mypy: attr-defined; pyright: reportGeneralTypeIssues
    with glomo:
        pass
