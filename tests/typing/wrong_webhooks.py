"""Mistakes that a type checker finds in the handling of webhooks."""

from __future__ import annotations

from glomo import webhooks
from glomo.webhooks import testing
from glomo_sync import webhooks as sync_webhooks

events = webhooks.Router("secret")
sync_events = sync_webhooks.Router("secret")


async def on_failed(event: webhooks.PayoutFailed) -> None: ...
def sync_on_failed(event: webhooks.PayoutFailed) -> None: ...


async def main(body: bytes, text: str, event: webhooks.PayoutFailed) -> None:
    # Registered for another event than it takes.
    # mypy: arg-type; pyright: reportArgumentType
    events.on(webhooks.PayoutSucceeded)(on_failed)
    # A plain function where one is awaited.
    # mypy: arg-type; pyright: reportArgumentType
    events.on(webhooks.PayoutFailed)(sync_on_failed)
    # A fallback that takes one event only.
    # mypy: arg-type; pyright: reportArgumentType
    sync_events.otherwise(sync_on_failed)
    # Text is not what was signed.
    # mypy: arg-type; pyright: reportArgumentType
    webhooks.verify(text, "0" * 64, "secret")
    # mypy: arg-type; pyright: reportArgumentType
    await events.handle(text, None)
    # A field that the model does not have.
    # mypy: attr-defined; pyright: reportAttributeAccessIssue
    print(event.data.utr_number)
    # An event is what happened: it does not change.
    # mypy: misc; pyright: reportAttributeAccessIssue
    event.event_type = "success"
    # mypy: attr-defined; pyright: reportAttributeAccessIssue
    print(webhooks.PayoutSuccess)
    # mypy: call-arg; pyright: reportCallIssue
    testing.delivery(webhooks.PayoutFailed)
