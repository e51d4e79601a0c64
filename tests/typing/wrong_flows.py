"""Mistakes that a type checker finds in the flows."""

from __future__ import annotations

from glomo import AsyncGlomo, purpose_codes, webhooks
from glomo.types import Order, Payout
from glomo_sync import Glomo


async def main(glomo: AsyncGlomo, sync: Glomo, order: Order, payout: Payout) -> None:
    # An offer may be missing.
    offers = await glomo.quotes.create(
        resource="payout",
        source_currency="USD",
        destination_currency="INR",
        source_amount=125_000,
        payment_method="swift_transfer",
    )
    # mypy: union-attr; pyright: reportOptionalMemberAccess
    print(offers.cheapest.id)
    # A word that is none of the ways.
    # mypy: call-overload; pyright: reportArgumentType
    await glomo.quotes.create(
        resource="payout",
        source_currency="USD",
        destination_currency="INR",
        source_amount=125_000,
        payment_method="swift",
    )
    # A payout does not show what is asked for.
    # mypy: type-var; pyright: reportArgumentType
    await glomo.rfis.answer(payout, {"rfidoc_1": "passport.pdf"})
    # Files are by requirement.
    # mypy: arg-type; pyright: reportArgumentType
    await glomo.rfis.answer(order, ["passport.pdf"])
    # The name is the event's, or a status.
    # mypy: arg-type; pyright: reportArgumentType
    await glomo.payments.wait("payt_1", until=True)
    # mypy: arg-type; pyright: reportArgumentType
    glomo.as_merchant(None)
    # mypy: attr-defined; pyright: reportAttributeAccessIssue
    print((await glomo.settlements.reconcile("setl_1")).total)
    # mypy: arg-type; pyright: reportArgumentType
    purpose_codes.search("salary", direction="out")
    # mypy: arg-type; pyright: reportArgumentType
    await webhooks.reconcile(sync, ["payout_1"])
