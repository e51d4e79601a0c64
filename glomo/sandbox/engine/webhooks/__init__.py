"""Webhooks: events, endpoints, signatures and deliveries."""

from .endpoints import Endpoint, Receiver, WebhookRequest
from .outbox import Webhooks

__all__ = ["Endpoint", "Receiver", "WebhookRequest", "Webhooks"]
