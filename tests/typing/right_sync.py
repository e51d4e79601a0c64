"""Code as users of the synchronous client write it. It is checked for types, not run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, assert_type

from glomo.types import Balances, Order, Payment, Payout, Refund, Settlement, UndocumentedResponse
from glomo_sync import Glomo, Money, SyncPager, errors

glomo = Glomo()


class Request(Protocol):
    @property
    def POST(self) -> dict[str, str]: ...


def refund(request: Request) -> Refund:
    payment = glomo.payments.retrieve(request.POST["payment_id"])
    assert_type(payment, Payment)
    return glomo.refunds.create(payment_id=payment.id, request_id=f"refund-{payment.id}")


def paid_orders() -> list[str]:
    for order in glomo.orders.list(status="paid"):
        assert_type(order, Order)
        print(order.id, order.money)
    return [order.id for order in glomo.orders.list(status="paid")]


def pay(amount: Money) -> Payout | None:
    try:
        return glomo.payouts.create(
            beneficiary_id="bene_1",
            purpose_code="S1005",
            source_currency=amount.currency,
            destination_currency="INR",
            source_amount=amount.minor,
        )
    except errors.OutcomeUnknownError as unknown:
        print(unknown.how_to_find_out)
        return None


def settle(ids: Sequence[str]) -> Settlement:
    with Glomo("sk-other", rate_limit=600) as other:
        assert_type(other.balances.retrieve(), Balances)
        settlement = other.settlements.create(payment_ids=ids)
        return other.settlements.wait(settlement.id, until=["success"], timeout=30)


def walk() -> None:
    pager = glomo.settlements.list_transactions("setl_1")
    for page in pager.pages():
        print(len(page))
    payouts = glomo.payouts.list(per_page=10)
    assert_type(payouts, SyncPager[Payout])
    assert_type(payouts.first(), Payout | None)
    assert_type(payouts.collect(limit=3), list[Payout])


def close_an_account() -> UndocumentedResponse:
    return glomo.virtual_accounts.close(payment_type="local", currency="USD")
