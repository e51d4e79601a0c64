"""`/subscriptions`."""

from __future__ import annotations

from collections.abc import Callable

from glomo.sandbox.engine import subscription_charges, subscriptions
from glomo.sandbox.engine.account import Account
from glomo.sandbox.engine.errors import not_found
from glomo.sandbox.engine.store import Record, public
from glomo.sandbox.engine.subscriptions import KIND

from . import fields, subscription_request
from .endpoint import Request, Resource, Response, Route
from .paging import matching, page_of

_STATUSES = (
    "created",
    "authorized",
    "active",
    "paused",
    "halted",
    "action_required",
    "under_review",
    "completed",
    "cancelled",
    "expired",
    "failed",
)
_CREATE_FIELDS = (
    "id",
    "customer_id",
    "product_name",
    "product_description",
    "plan_name",
    "plan_description",
    "reference_number",
    "status",
    "amount",
    "currency",
    "interval_type",
    "interval_count",
    "billing_cycles",
    "max_amount",
    "start_date",
    "end_date",
    "expires_at",
    "next_payment_date",
    "subscription_link_url",
    "cancelled_at",
    "notes",
)


_LEFT_OUT = frozenset({"plan_name", "plan_description", "reference_number", "notes"})
"""What the response does not have if it is not set; the rest is null then. It has no timestamps."""


def _create(request: Request) -> Response:
    account = request.account
    read = subscription_request.read(account, request.json())
    identifier = account.new_id("sub", KIND)
    subscription: Record = {
        **read,
        "id": identifier,
        "status": "created",
        "next_payment_date": None,
        "subscription_link_url": (
            f"https://sandbox.glomo.invalid/subscription-links/{identifier}?sandbox=true"
        ),
        "cancelled_at": None,
    }
    visible = {
        name: subscription[name]
        for name in _CREATE_FIELDS
        if name not in _LEFT_OUT or subscription[name] is not None
    }
    private = {name: value for name, value in read.items() if name[0] == "_"}
    private |= {"_created": account.now().timestamp(), "_cycle": 0, "_method": None}
    record = {**visible, **private}
    with account.engine.transaction():
        subscriptions.write(account, record)
    return Response(public(record), 201)


def _of_path(request: Request) -> Record:
    subscription = request.account.store.get(KIND, request.id("sub"))
    if subscription is None:
        raise not_found("Subscription")
    return subscription


def _retrieve(request: Request) -> Response:
    return Response(public(_of_path(request)))


def _list(request: Request) -> Response:
    status = request.query.get("status")
    if status:
        fields.choice("status", status, _STATUSES)
    filters = matching(request, "status", "customer_id", "start_date", "end_date")
    return page_of(request, request.account.store.all(KIND), filters)


def _step(step: Callable[[Account, Record], Record]) -> Callable[[Request], Response]:
    def handler(request: Request) -> Response:
        subscription = _of_path(request)
        with request.account.engine.transaction():
            return Response(public(step(request.account, subscription)))

    return handler


def _update_next_payment_date(request: Request) -> Response:
    subscription = _of_path(request)
    day = subscription_request.read_date(request.json(), "next_payment_date")
    with request.account.engine.transaction():
        updated = subscriptions.move_next_payment(request.account, subscription, day)
    return Response(public(updated))


RESOURCE = Resource(
    routes=(
        Route("subscriptions.create", "POST", "/subscriptions", _create),
        Route("subscriptions.list", "GET", "/subscriptions", _list),
        Route("subscriptions.retrieve", "GET", "/subscriptions/{id}", _retrieve),
        Route(
            "subscriptions.pause",
            "PATCH",
            "/subscriptions/{id}/pause",
            _step(subscriptions.pause),
        ),
        Route(
            "subscriptions.resume",
            "PATCH",
            "/subscriptions/{id}/resume",
            _step(subscriptions.resume),
        ),
        Route(
            "subscriptions.cancel",
            "PATCH",
            "/subscriptions/{id}/cancel",
            _step(subscriptions.cancel),
        ),
        Route(
            "subscriptions.update_next_payment_date",
            "PATCH",
            "/subscriptions/{id}/next-payment-date",
            _update_next_payment_date,
        ),
    ),
    timers={
        subscriptions.CHARGE: subscription_charges.renew,
        subscriptions.EXPIRE: subscriptions.expire,
        subscriptions.REFUND_VERIFICATION: subscription_charges.refund_verification,
    },
)
