"""Subscriptions: recurring card payments of one customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Unpack, overload

from glomo.http.operation import CallOptions, Operation, Replay, StateProbe
from glomo.models.subscriptions import IntervalType, Subscription, SubscriptionStatus
from glomo.models.undocumented import UndocumentedResponse
from glomo.pagination import ListOperation, Pager
from glomo.polling import Until, wait_for
from glomo.resources._subscription_plan import check_plan
from glomo.resources.base import Resource
from glomo.serialization.model import OMIT, Omit
from glomo.validation import day, today

ID_PREFIX = "sub_"


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
)
LIST = ListOperation("subscriptions.list", "/v1/subscriptions", Subscription)
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
)


class SubscriptionsResource(Resource):
    """Subscriptions of the account's customers."""

    id_prefixes = (ID_PREFIX,)

    @overload
    async def create(
        self,
        *,
        customer_id: str,
        product_name: str,
        product_description: str,
        amount: int,
        currency: str,
        interval_type: IntervalType | str,
        interval_count: int,
        billing_cycles: int,
        start_date: date | str,
        expires_at: date | str,
        notify_customer: bool,
        starts_with_first_payment: bool,
        plan_name: str | Omit = OMIT,
        plan_description: str | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Subscription: ...
    @overload
    async def create(
        self,
        *,
        customer_id: str,
        product_name: str,
        product_description: str,
        max_amount: int,
        currency: str,
        interval_type: IntervalType | str,
        amount: int | Omit = OMIT,
        expires_at: date | str | Omit = OMIT,
        notify_customer: bool | Omit = OMIT,
        starts_with_first_payment: bool | Omit = OMIT,
        plan_name: str | Omit = OMIT,
        plan_description: str | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Subscription: ...
    async def create(
        self,
        *,
        customer_id: str,
        product_name: str,
        product_description: str,
        currency: str,
        interval_type: IntervalType | str,
        amount: int | Omit = OMIT,
        max_amount: int | Omit = OMIT,
        interval_count: int | Omit = OMIT,
        billing_cycles: int | Omit = OMIT,
        start_date: date | str | Omit = OMIT,
        expires_at: date | str | Omit = OMIT,
        notify_customer: bool | Omit = OMIT,
        starts_with_first_payment: bool | Omit = OMIT,
        plan_name: str | Omit = OMIT,
        plan_description: str | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Subscription:
        """Set up a subscription, which the customer starts by making the first payment.

        With `month` or `year` it is charged by itself: every 1, 3 or 6 months or every year. With
        `as_presented` you charge it (`payments.create(sequence="subsequent")`), up to `max_amount`;
        such a subscription has no cycles and no start. Only part of the contract of `as_presented`
        is known, so what else it needs is left to the API.

        There is no idempotency key here: after an unknown outcome, look before repeating.

        API operation: `createSubscription` (`POST /subscriptions`).

        Args:
            customer_id: who pays (`cust_...`).
            product_name: what for, at most 128 characters.
            product_description: at most 512 characters.
            currency: ISO 4217 code.
            interval_type: `month`, `year` or `as_presented`.
            amount: what a cycle costs, in minor units.
            max_amount: the most that one charge may take, in minor units; `as_presented` only.
            interval_count: intervals a cycle: 1, 3 or 6 months, 1 year.
            billing_cycles: how many cycles, from 2 up to 10 years of them.
            start_date: the first day (UTC), today or later.
            expires_at: until when (UTC) the customer may make the first payment: from `start_date`
                to six months after it.
            notify_customer: whether to email the customer about changes.
            starts_with_first_payment: whether the schedule follows the first payment.
            plan_name: at most 128 characters.
            plan_description: at most 512 characters.

        Returns:
            The subscription, `created`; send the customer to its `subscription_link_url`.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            NotFoundError: no such customer. Some answers have it as `BadRequestError`.
            OutcomeUnknownError: the subscription may exist.
        """
        body = {
            "customer_id": customer_id,
            "product_name": product_name,
            "product_description": product_description,
            "plan_name": plan_name,
            "plan_description": plan_description,
            "amount": amount,
            "max_amount": max_amount,
            "currency": currency,
            "interval_type": interval_type,
            "interval_count": interval_count,
            "billing_cycles": billing_cycles,
            "start_date": start_date,
            "expires_at": expires_at,
            "notify_customer": notify_customer,
            "starts_with_first_payment": starts_with_first_payment,
        }
        checks = self._check(CREATE, body, options)
        if checks is not None:
            check_plan(checks, body)
        return await self._send(CREATE, options, body=body)

    def list(
        self,
        *,
        status: SubscriptionStatus | str | Omit = OMIT,
        customer_id: str | Omit = OMIT,
        start_date: date | str | Omit = OMIT,
        end_date: date | str | Omit = OMIT,
        before: datetime | Omit = OMIT,
        after: datetime | Omit = OMIT,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Pager[Subscription]:
        """List subscriptions, newest first.

        API operation: `getSubscriptions` (`GET /subscriptions`).

        Args:
            status: only subscriptions that stand so.
            customer_id: only subscriptions of this customer (`cust_...`).
            start_date: only subscriptions that start on this very day (UTC).
            end_date: only subscriptions that end on this very day (UTC).
            before: only subscriptions created before this time.
            after: only subscriptions created after this time.
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `async for subscription in glomo.subscriptions.list(): ...`.
        """
        filters = {
            "status": status,
            "customer_id": customer_id,
            "start_date": start_date,
            "end_date": end_date,
            "before": before,
            "after": after,
            "page": page,
            "per_page": per_page,
        }
        checks = self._check(LIST.operation, filters, options)
        if checks is not None:
            day(checks, "start_date", start_date)
            day(checks, "end_date", end_date)
        return self._list(LIST, options, filters)

    async def retrieve(self, id: str, **options: Unpack[CallOptions]) -> Subscription:
        """Read one subscription.

        API operation: `getSubscriptionById` (`GET /subscriptions/{id}`).

        Args:
            id: the subscription (`sub_...`).

        Raises:
            NotFoundError: no such subscription in this account and environment.
        """
        self._check_id(RETRIEVE, id)
        return await self._send(RETRIEVE, options, path={"id": id})

    async def cancel(self, id: str, **options: Unpack[CallOptions]) -> Subscription:
        """Stop all future payments. This is final.

        API operation: `cancelSubscription` (`PATCH /subscriptions/{id}/cancel`).

        Args:
            id: the subscription (`sub_...`).

        Returns:
            The subscription, `cancelled`.

        Raises:
            BadRequestError: it is at an end already.
            NotFoundError: no such subscription.
        """
        self._check_id(CANCEL, id)
        return await self._send(CANCEL, options, path={"id": id})

    async def pause(self, id: str, **options: Unpack[CallOptions]) -> Subscription:
        """Stop the payments until it is resumed. Not for `as_presented`.

        API operation: `pauseSubscription` (`PATCH /subscriptions/{id}/pause`).

        Args:
            id: the subscription (`sub_...`), `active`.

        Returns:
            The subscription, `paused`.

        Raises:
            BadRequestError: it cannot be paused as it stands.
            NotFoundError: no such subscription.
        """
        self._check_id(PAUSE, id)
        return await self._send(PAUSE, options, path={"id": id})

    async def resume(self, id: str, **options: Unpack[CallOptions]) -> Subscription:
        """Go on with the payments, on the original schedule.

        API operation: `resumeSubscription` (`PATCH /subscriptions/{id}/resume`).

        Args:
            id: the subscription (`sub_...`), `paused`.

        Returns:
            The subscription.

        Raises:
            BadRequestError: it cannot be resumed as it stands.
            NotFoundError: no such subscription.
        """
        self._check_id(RESUME, id)
        return await self._send(RESUME, options, path={"id": id})

    async def update_next_payment_date(
        self, id: str, *, next_payment_date: date | str, **options: Unpack[CallOptions]
    ) -> UndocumentedResponse:
        """Move the next payment to another day. Neither the amount nor the frequency changes.

        API operation: `updateNextPaymentDate` (`PATCH /subscriptions/{id}/next-payment-date`),
        which is known in part: its answer is not documented.

        Args:
            id: the subscription (`sub_...`), `active` and not `as_presented`.
            next_payment_date: a day to come (UTC). The API may allow some weeks only, and the
                sandbox wants two days at least.

        Returns:
            What came. `subscriptions.retrieve` has the subscription as it is now.

        Raises:
            ParameterError: the day is not one to come; nothing was sent.
            BadRequestError: the API refused the day.
            NotFoundError: no such subscription.
        """
        self._check_id(UPDATE_NEXT_PAYMENT_DATE, id)
        body = {"next_payment_date": next_payment_date}
        checks = self._check(UPDATE_NEXT_PAYMENT_DATE, body, options)
        if checks is not None:
            checks.present("next_payment_date")
            wanted = day(checks, "next_payment_date", next_payment_date)
            if wanted is not None and wanted <= today():
                checks.refuse("next_payment_date", f"must be a day to come (UTC), not {wanted}")
        return await self._send(UPDATE_NEXT_PAYMENT_DATE, options, path={"id": id}, body=body)

    async def wait(
        self, id: str, *, until: Until[Subscription] | None = None, timeout: float = 600.0
    ) -> Subscription:
        """Read a subscription again and again until it has come to an end.

        Subscriptions run for months, so mostly you wait for its start: `until="active"`.

        Args:
            id: the subscription (`sub_...`).
            until: what to wait for instead: statuses, or a condition on the subscription. The wait
                ends at a terminal status in any case.
            timeout: seconds to wait at most.

        Returns:
            The subscription as last read.

        Raises:
            WaitTimeoutError: the time is up; `last_seen` is the subscription as last read.
        """
        return await wait_for(
            lambda left: self.retrieve(id, timeout=left), id, until=until, timeout=timeout
        )
