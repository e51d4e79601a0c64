"""What a type checker must refuse of the synchronous client. See `wrong_async.py`."""

from __future__ import annotations

from glomo_sync import Glomo


async def mixed_up(glomo: Glomo) -> None:
    # A synchronous call is not awaited.
    # mypy: misc; pyright: reportGeneralTypeIssues
    await glomo.payouts.retrieve("payout_1")

    # A synchronous pager is walked with a plain `for`.
    # mypy: attr-defined; pyright: reportGeneralTypeIssues
    async for payout in glomo.payouts.list():
        print(payout)


def pay(glomo: Glomo) -> None:
    # A float is no amount.
    # mypy: call-overload; pyright: reportArgumentType
    glomo.payouts.create(
        beneficiary_id="bene_1",
        purpose_code="S1005",
        source_currency="USD",
        destination_currency="INR",
        source_amount=1250.00,
    )

    # One amount, and not two.
    # mypy: call-overload; pyright: reportCallIssue
    glomo.balance_conversions.create(
        source_currency="USD", target_currency="EUR", source_amount=1, target_amount=1
    )

    # A parameter is misspelt.
    # mypy: call-arg; pyright: reportCallIssue
    glomo.refunds.create(payment_id="payt_1", resaon="Others")

    # A required one is missing.
    # mypy: call-arg; pyright: reportCallIssue
    glomo.internal_transfers.create(amount=1, currency="AED", reference="1", from_merchant_id="m")


def read(glomo: Glomo) -> None:
    # A conversion has no `amount`.
    # mypy: attr-defined; pyright: reportAttributeAccessIssue
    print(glomo.balance_conversions.list().collect()[0].amount)

    # The pager is no list.
    # mypy: index; pyright: reportIndexIssue
    print(glomo.payouts.list()[0])
