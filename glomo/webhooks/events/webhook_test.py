"""The event that the dashboard sends to try an endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glomo.webhooks.event import Event, entity, event

__all__ = ["WebhookTest", "WebhookTestEvent"]


@entity("webhook_test", None)
class WebhookTestEvent(Event):
    """The dashboard tries the endpoint. `data` is a mapping."""

    data: Mapping[str, Any]


@event("test")
class WebhookTest(WebhookTestEvent):
    """The dashboard tries the endpoint: anything but a 200 is shown there as a failure."""
