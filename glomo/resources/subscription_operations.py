"""The operations of subscriptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glomo.http.operation import Operation, Replay, StateProbe
from glomo.models.subscriptions import (
    Subscription,
    SubscriptionStatus,
)
from glomo.models.undocumented import UndocumentedResponse
from glomo.pagination import ListOperation
from glomo.resources._probes import same_names
from glomo.validation import subscriptions


def _probe_of(status: SubscriptionStatus) -> StateProbe:
    return StateProbe("/v1/subscriptions/{id}", lambda _, now: now.get("status") == status)


def _has_the_date(body: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    return now.get("next_payment_date") == str(body.get("next_payment_date"))


CREATE = Operation(
    "subscriptions.create",
    "POST",
    "/v1/subscriptions",
    Subscription,
    Replay.NONE,
    find_out="Look for its product and amount in subscriptions.list(customer_id=...).",
    check=subscriptions.check_create,
    amounts={"amount": "currency", "max_amount": "currency"},
    echoes=same_names("customer_id", "product_name", "amount", "currency", "reference_number"),
)
LIST = ListOperation(
    "subscriptions.list", "/v1/subscriptions", Subscription, check=subscriptions.check_filters
)
RETRIEVE = Operation("subscriptions.retrieve", "GET", "/v1/subscriptions/{id}", Subscription)
CANCEL = Operation(
    "subscriptions.cancel",
    "PATCH",
    "/v1/subscriptions/{id}/cancel",
    Subscription,
    Replay.STATE,
    probe=_probe_of(SubscriptionStatus.CANCELLED),
)
PAUSE = Operation(
    "subscriptions.pause",
    "PATCH",
    "/v1/subscriptions/{id}/pause",
    Subscription,
    Replay.STATE,
    probe=_probe_of(SubscriptionStatus.PAUSED),
)
RESUME = Operation(
    "subscriptions.resume",
    "PATCH",
    "/v1/subscriptions/{id}/resume",
    Subscription,
    Replay.STATE,
    probe=_probe_of(SubscriptionStatus.ACTIVE),
)
UPDATE_NEXT_PAYMENT_DATE = Operation(
    "subscriptions.update_next_payment_date",
    "PATCH",
    "/v1/subscriptions/{id}/next-payment-date",
    UndocumentedResponse,
    Replay.STATE,
    probe=StateProbe("/v1/subscriptions/{id}", _has_the_date),
    check=subscriptions.check_next_payment_date,
)
