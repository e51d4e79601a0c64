"""Subscriptions: recurring card payments of one customer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, Unpack, overload

from glomo.http.operation import CallOptions
from glomo.id_prefixes import SUBSCRIPTION
from glomo.models.shared import Amount, Notes
from glomo.models.subscriptions import (
    CalendarInterval,
    IntervalType,
    IntervalTypeName,
    Subscription,
    SubscriptionStatus,
    SubscriptionStatusName,
)
from glomo.models.undocumented import UndocumentedResponse
from glomo.pagination import Pager
from glomo.polling import Until, wait_for
from glomo.resources.base import Resource
from glomo.resources.subscription_operations import (
    CANCEL,
    CREATE,
    LIST,
    PAUSE,
    RESUME,
    RETRIEVE,
    UPDATE_NEXT_PAYMENT_DATE,
)
from glomo.serialization.model import OMIT, Omit


class SubscriptionsResource(Resource):
    """Subscriptions of the account's customers."""

    id_prefixes = SUBSCRIPTION

    @overload
    async def create(
        self,
        *,
        customer_id: str,
        product_name: str,
        product_description: str,
        amount: Amount,
        currency: str,
        interval_type: CalendarInterval,
        interval_count: Literal[1, 3, 6],
        billing_cycles: int,
        start_date: date | str,
        expires_at: date | str,
        notify_customer: bool,
        starts_with_first_payment: bool,
        plan_name: str | Omit = OMIT,
        plan_description: str | Omit = OMIT,
        reference_number: str | Omit | None = OMIT,
        notes: Notes | Omit | None = OMIT,
        **options: Unpack[CallOptions],
    ) -> Subscription: ...
    @overload
    async def create(
        self,
        *,
        customer_id: str,
        product_name: str,
        product_description: str,
        amount: Amount,
        max_amount: Amount,
        currency: str,
        interval_type: Literal["as_presented", IntervalType.AS_PRESENTED],
        expires_at: date | str,
        notify_customer: bool,
        starts_with_first_payment: Literal[True],
        split_ids: Sequence[str] | Omit = OMIT,
        plan_name: str | Omit = OMIT,
        plan_description: str | Omit = OMIT,
        reference_number: str | Omit | None = OMIT,
        notes: Notes | Omit | None = OMIT,
        **options: Unpack[CallOptions],
    ) -> Subscription: ...
    async def create(
        self,
        *,
        customer_id: str,
        product_name: str,
        product_description: str,
        amount: Amount,
        currency: str,
        interval_type: IntervalType | IntervalTypeName,
        expires_at: date | str,
        notify_customer: bool,
        starts_with_first_payment: bool,
        max_amount: Amount | Omit = OMIT,
        interval_count: Literal[1, 3, 6] | Omit = OMIT,
        billing_cycles: int | Omit = OMIT,
        start_date: date | str | Omit = OMIT,
        plan_name: str | Omit = OMIT,
        plan_description: str | Omit = OMIT,
        reference_number: str | Omit | None = OMIT,
        split_ids: Sequence[str] | Omit = OMIT,
        notes: Notes | Omit | None = OMIT,
        **options: Unpack[CallOptions],
    ) -> Subscription:
        """Set up a subscription, which the customer starts by making the first payment.

        With `month` or `year` it is charged by itself: every 1, 3 or 6 months or every year. With
        `as_presented` you charge it (`payments.create(sequence="subsequent")`), up to `max_amount`;
        such a subscription has no cycles and no start.

        There is no idempotency key here: after an unknown outcome, look before repeating.

        API operation: `createSubscription` (`POST /subscriptions`).

        Args:
            customer_id: who pays (`cust_...`).
            product_name: what for: at most 128 letters, digits, spaces and `- _ . , ( ) &`.
            product_description: at most 512 of these and `! : ' *`.
            amount: what a cycle costs, or the first payment of `as_presented`, in minor units of
                `currency` or as `Money`.
            currency: ISO 4217 code.
            interval_type: `month`, `year` or `as_presented`.
            expires_at: until when (UTC) the customer may make the first payment: from today to one
                month ahead, whatever `start_date` is.
            notify_customer: whether to email the customer about changes.
            starts_with_first_payment: whether the schedule follows the first payment; always with
                `as_presented`.
            max_amount: the most that one charge may take; `as_presented` only.
            interval_count: intervals a cycle: 1, 3 or 6 months, 1 year.
            billing_cycles: how many cycles, from 2 up to 30 years of them.
            start_date: the first day (UTC), today or later.
            plan_name: characters as in `product_name`.
            plan_description: characters as in `product_description`.
            reference_number: your own reference, for reconciliation.
            split_ids: pricing splits (`psplit_...`); `as_presented` only.
            notes: custom key-value pairs.

        Returns:
            The subscription, `created`; send the customer to its `subscription_link_url`.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            NotFoundError: no such customer. Some responses have it as `BadRequestError`.
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
            "reference_number": reference_number,
            "split_ids": split_ids,
            "notes": notes,
        }
        return await self._send(CREATE, options, body=body)

    def list(
        self,
        *,
        status: SubscriptionStatus | SubscriptionStatusName | str | Omit = OMIT,
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
            status: only subscriptions with this status.
            customer_id: only subscriptions of this customer (`cust_...`).
            start_date: only subscriptions that start on this very day (UTC).
            end_date: only subscriptions that end on this very day (UTC).
            before: only subscriptions created at or before this time.
            after: only subscriptions created at or after this time.
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
        return self._list(LIST, options, filters)

    async def retrieve(self, id: str, **options: Unpack[CallOptions]) -> Subscription:
        """Read one subscription.

        API operation: `getSubscriptionById` (`GET /subscriptions/{id}`).

        Args:
            id: the subscription (`sub_...`).

        Raises:
            NotFoundError: no such subscription in this account and environment.
        """
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
        return await self._send(PAUSE, options, path={"id": id})

    async def resume(self, id: str, **options: Unpack[CallOptions]) -> Subscription:
        """Go on with the payments of a paused subscription, on the original schedule.

        One that is `halted` cannot be resumed: its next successful payment makes it active again.

        API operation: `resumeSubscription` (`PATCH /subscriptions/{id}/resume`).

        Args:
            id: the subscription (`sub_...`), `paused`.

        Returns:
            The subscription.

        Raises:
            BadRequestError: it cannot be resumed as it stands.
            NotFoundError: no such subscription.
        """
        return await self._send(RESUME, options, path={"id": id})

    async def update_next_payment_date(
        self, id: str, *, next_payment_date: date | str, **options: Unpack[CallOptions]
    ) -> UndocumentedResponse:
        """Move the next payment to another day. Neither the amount nor the frequency changes.

        API operation: `updateNextPaymentDate` (`PATCH /subscriptions/{id}/next-payment-date`),
        which is documented in part: its response is not.

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
        body = {"next_payment_date": next_payment_date}
        return await self._send(UPDATE_NEXT_PAYMENT_DATE, options, path={"id": id}, body=body)

    async def wait(
        self, id: str, *, until: Until[Subscription] | None = None, timeout: float = 600.0
    ) -> Subscription:
        """Read a subscription again and again until it has come to an end.

        Subscriptions run for months, so mostly you wait for its start: `until="active"`.

        Args:
            id: the subscription (`sub_...`).
            until: what to wait for instead: statuses, or a condition on the subscription. A
                condition is waited for beyond a success; a failure ends the wait in any case.
            timeout: seconds to wait at most.

        Returns:
            The subscription as last read.

        Raises:
            WaitTimeoutError: the time is up; `last_seen` is the subscription as last read.
        """
        return await wait_for(
            lambda remaining: self.retrieve(id, timeout=remaining), id, until=until, timeout=timeout
        )
