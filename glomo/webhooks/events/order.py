"""Events of `orders`."""

from __future__ import annotations

from glomo.models.orders import Order
from glomo.webhooks.event import Event, entity, event

__all__ = [
    "OrderActionRequired",
    "OrderActivated",
    "OrderCancelled",
    "OrderEvent",
    "OrderExpired",
    "OrderFailed",
    "OrderPaid",
    "OrderUnderReview",
]


@entity("orders", Order)
class OrderEvent(Event):
    """Something happened to an order. The API calls the entity `orders`."""

    data: Order


@event("active")
class OrderActivated(OrderEvent):
    """The order can be paid. Documented, but do not rely on it being sent."""


@event("paid", "success")
class OrderPaid(OrderEvent):
    """The order is paid."""


@event("expired")
class OrderExpired(OrderEvent):
    """The order is too old to pay. A payment under way then can still make it `paid`."""


@event("cancelled")
class OrderCancelled(OrderEvent):
    """The order was cancelled."""


@event("failed")
class OrderFailed(OrderEvent):
    """The order failed."""


@event("action_required")
class OrderActionRequired(OrderEvent):
    """The order waits for the documents of `data.rfi_documents`."""


@event("under_review")
class OrderUnderReview(OrderEvent):
    """The documents of the order are under review."""
