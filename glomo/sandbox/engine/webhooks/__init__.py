"""Webhooks: events, endpoints, signatures and deliveries."""

from .outbox import Webhooks

__all__ = ["Webhooks"]
