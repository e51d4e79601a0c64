"""What someone who receives webhooks writes."""

from __future__ import annotations

from typing import assert_type

from glomo import webhooks
from glomo.types import Payment, Payout, PayoutErrorCode
from glomo.webhooks import testing
from glomo_sync import webhooks as sync_webhooks

events = webhooks.Router(["new", "old"], dedupe=webhooks.SQLiteStore("webhooks.sqlite"))


@events.on(webhooks.PayoutFailed)
async def failed(event: webhooks.PayoutFailed) -> None:
    assert_type(event.data, Payout)
    assert_type(event.data.error_code, PayoutErrorCode | None)


@events.on(webhooks.PayoutSucceeded, webhooks.PaymentFundsAvailable)
async def money(event: webhooks.PayoutSucceeded | webhooks.PaymentFundsAvailable) -> str:
    assert_type(event.data, Payout | Payment)
    return event.data.id


# A function that takes more than it is registered for.
@events.on(webhooks.RefundFailed, webhooks.RefundSucceeded)
async def refunds(event: webhooks.RefundEvent) -> None: ...


@events.on(webhooks.PayoutEvent)
async def payouts(event: webhooks.PayoutEvent) -> None: ...


@events.otherwise
async def otherwise(event: webhooks.Event) -> None: ...


async def endpoint(body: bytes, signature: str | None) -> None:
    event = await events.handle(body, signature)
    assert_type(event, webhooks.Event)
    match webhooks.parse(body, signature, "secret"):
        case webhooks.PayoutSucceeded(data=payout):
            assert_type(payout, Payout)
        case webhooks.FundedBalanceCredited() as credit:
            assert_type(credit.data, webhooks.FundedBalanceCredit)
        case webhooks.PayoutEvent(data=payout):
            assert_type(payout, Payout)
        case webhooks.UnreadableEvent() as unreadable:
            print(unreadable.data["id"], unreadable.reason)
        case _:
            pass
    # The functions stay what they were, for tests.
    await failed(testing.event(webhooks.PayoutFailed, id="payout_1"))
    assert_type(testing.event(webhooks.PayoutFailed), webhooks.PayoutFailed)


sync_events = sync_webhooks.Router("secret")


@sync_events.on(sync_webhooks.PayoutFailed)
def sync_failed(event: sync_webhooks.PayoutFailed) -> None:
    assert_type(event.data, Payout)


@sync_events.otherwise
def sync_otherwise(event: sync_webhooks.Event) -> None: ...


def forward(event: webhooks.PayoutEvent) -> bool:
    return webhooks.moves_forward(event.data, status="in_progress")
