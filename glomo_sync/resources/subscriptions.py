# Generated from glomo/resources/subscriptions.py by glomo_sync.generate. Do not edit.
"""Subscriptions: recurring card payments of one customer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Unpack, overload

from glomo.http.operation import CallOptions
from glomo.models.subscriptions import IntervalType, Subscription, SubscriptionStatus
from glomo.models.undocumented import UndocumentedResponse
from glomo.polling import Until
from glomo.resources import subscriptions as _resource
from glomo.serialization.model import OMIT, Omit
from glomo_sync._bridge import Bridge
from glomo_sync._pager import SyncPager


class SubscriptionsResource:
    """Subscriptions of the account's customers."""

    def __init__(self, bridge: Bridge, resource: _resource.SubscriptionsResource) -> None:
        self._bridge = bridge
        self._async = resource

    @overload
    def create(
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
    def create(
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
    def create(
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
        create: Any = self._async.create
        result: Subscription = self._bridge.call(
            lambda: create(
                customer_id=customer_id,
                product_name=product_name,
                product_description=product_description,
                currency=currency,
                interval_type=interval_type,
                amount=amount,
                max_amount=max_amount,
                interval_count=interval_count,
                billing_cycles=billing_cycles,
                start_date=start_date,
                expires_at=expires_at,
                notify_customer=notify_customer,
                starts_with_first_payment=starts_with_first_payment,
                plan_name=plan_name,
                plan_description=plan_description,
                **options,
            )
        )
        return result

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
    ) -> SyncPager[Subscription]:
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
            A pager: `for subscription in glomo.subscriptions.list(): ...`.
        """
        return SyncPager(
            self._bridge,
            self._async.list(
                status=status,
                customer_id=customer_id,
                start_date=start_date,
                end_date=end_date,
                before=before,
                after=after,
                page=page,
                per_page=per_page,
                **options,
            ),
        )

    def retrieve(self, id: str, **options: Unpack[CallOptions]) -> Subscription:
        """Read one subscription.

        API operation: `getSubscriptionById` (`GET /subscriptions/{id}`).

        Args:
            id: the subscription (`sub_...`).

        Raises:
            NotFoundError: no such subscription in this account and environment.
        """
        return self._bridge.call(lambda: self._async.retrieve(id, **options))

    def cancel(self, id: str, **options: Unpack[CallOptions]) -> Subscription:
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
        return self._bridge.call(lambda: self._async.cancel(id, **options))

    def pause(self, id: str, **options: Unpack[CallOptions]) -> Subscription:
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
        return self._bridge.call(lambda: self._async.pause(id, **options))

    def resume(self, id: str, **options: Unpack[CallOptions]) -> Subscription:
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
        return self._bridge.call(lambda: self._async.resume(id, **options))

    def update_next_payment_date(
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
        return self._bridge.call(
            lambda: self._async.update_next_payment_date(
                id,
                next_payment_date=next_payment_date,
                **options,
            )
        )

    def wait(
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
        return self._bridge.call(lambda: self._async.wait(id, until=until, timeout=timeout))
