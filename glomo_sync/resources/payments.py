# Generated from glomo/resources/payments.py by glomo_sync.generate. Do not edit.
"""Payments: money that customers sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Unpack, overload

from glomo.http.operation import CallOptions
from glomo.models.payins import PaymentMethodType
from glomo.models.payments import (
    ComplianceStatus,
    ComplianceStatusName,
    CreatedPayment,
    EligiblePayin,
    MockPaymentMethod,
    PayinType,
    PayinTypeName,
    Payment,
    PaymentListStatus,
    PaymentSequence,
    PaymentStatus,
    RemitterName,
    RemitterNameValue,
)
from glomo.models.shared import Amount, RfiAnswer
from glomo.models.undocumented import UndocumentedResponse
from glomo.polling import Until
from glomo.resources import payments as _resource
from glomo.serialization.model import OMIT, Omit
from glomo_sync._bridge import Bridge
from glomo_sync._pager import SyncPager


class PaymentsResource:
    """Payments to the account."""

    def __init__(self, bridge: Bridge, resource: _resource.PaymentsResource) -> None:
        self._bridge = bridge
        self._async = resource

    @overload
    def create(
        self,
        *,
        order_id: str,
        card: Mapping[str, Any],
        callback_url: str,
        method: PaymentMethodType | Literal["card"] | Omit = OMIT,
        request_id: str | Omit | None = OMIT,
        **options: Unpack[CallOptions],
    ) -> CreatedPayment: ...
    @overload
    def create(
        self,
        *,
        subscription_id: str,
        card: Mapping[str, Any],
        callback_url: str,
        method: PaymentMethodType | Literal["card"] | Omit = OMIT,
        request_id: str | Omit | None = OMIT,
        **options: Unpack[CallOptions],
    ) -> CreatedPayment: ...
    @overload
    def create(
        self,
        *,
        subscription_id: str,
        sequence: PaymentSequence | Literal["subsequent"],
        amount: Amount,
        currency: str,
        split_ids: Sequence[str] | Omit = OMIT,
        request_id: str | Omit | None = OMIT,
        **options: Unpack[CallOptions],
    ) -> CreatedPayment: ...
    def create(
        self,
        *,
        order_id: str | Omit = OMIT,
        subscription_id: str | Omit = OMIT,
        method: PaymentMethodType | Literal["card"] | Omit = OMIT,
        card: Mapping[str, Any] | Omit = OMIT,
        callback_url: str | Omit = OMIT,
        sequence: PaymentSequence | Literal["subsequent"] | Omit = OMIT,
        amount: Amount | Omit = OMIT,
        currency: str | Omit = OMIT,
        split_ids: Sequence[str] | Omit = OMIT,
        request_id: str | Omit | None = OMIT,
        **options: Unpack[CallOptions],
    ) -> CreatedPayment:
        """Charge a card, server to server, for merchants under PCI DSS.

        The first payment of an order or a subscription takes a card and leads the customer through
        3-D Secure; a later payment of an `as_presented` subscription takes `sequence="subsequent"`
        and charges the same card. The operation is documented in part: `extra_body` takes further
        fields, and the response's other fields are in `extra`.

        API operation: `createPayment` (`POST /payment`).

        Args:
            order_id: the order that is paid (`order_...`); this or `subscription_id`.
            subscription_id: the subscription that is paid (`sub_...`).
            method: `card`, for a first payment.
            card: the card, for a first payment; its fields are not documented here.
            callback_url: where the customer comes back to (`https://...`), for a first payment.
            sequence: `subsequent` for a later payment.
            amount: what a later payment charges, in minor units of `currency` or as `Money`: at
                most the subscription's `max_amount`.
            currency: ISO 4217 code of a later payment.
            split_ids: pricing splits (`psplit_...`) of a later payment, in place of the
                subscription's own.
            request_id: idempotency key of at most 64 characters, unique in the account. Left out,
                the SDK makes one. The same key never charges twice: repeating the call gives the
                payment that exists, though without its `next_steps`.

        Returns:
            What the API responded: `next_steps` tells where to send the customer.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            BadRequestError: the API refused the card or a field, or another attempt is under way.
            IdempotencyConflictError: the `request_id` belongs to a different payment.
            OutcomeUnknownError: the card may have been charged; its `request_id` tells.
        """
        create: Any = self._async.create
        result: CreatedPayment = self._bridge.call(
            lambda: create(
                order_id=order_id,
                subscription_id=subscription_id,
                method=method,
                card=card,
                callback_url=callback_url,
                sequence=sequence,
                amount=amount,
                currency=currency,
                split_ids=split_ids,
                request_id=request_id,
                **options,
            )
        )
        return result

    def list(
        self,
        *,
        customer_id: str | Omit = OMIT,
        status: PaymentStatus | PaymentListStatus | Omit = OMIT,
        compliance_status: ComplianceStatus | ComplianceStatusName | Omit = OMIT,
        payin_id: str | Omit = OMIT,
        payment_type: PayinType | PayinTypeName | Omit = OMIT,
        subscription_id: str | Omit = OMIT,
        currency: str | Omit = OMIT,
        request_id: str | Omit = OMIT,
        before: datetime | Omit = OMIT,
        after: datetime | Omit = OMIT,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> SyncPager[Payment]:
        """List payments, newest first.

        API operation: `getPayments` (`GET /payment`).

        Args:
            customer_id: only payments of this customer.
            status: `success`, `failed`, `action_required` or `in_progress`, which finds those
                `under_review` too.
            compliance_status: only payments whose compliance review has this status.
            payin_id: only payments of this order, link or top-up (`order_...`, `plink_...`,
                `addfunds_...`); not with `subscription_id`.
            payment_type: only payments of orders, of links, or that add funds.
            subscription_id: only payments of this subscription.
            currency: only payments asked for in this currency, whatever they were paid in.
            request_id: only the payment made with this idempotency key.
            before: only payments created at or before this time.
            after: only payments created at or after this time.
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `for payment in glomo.payments.list(): ...`.
        """
        return SyncPager(
            self._bridge,
            self._async.list(
                customer_id=customer_id,
                status=status,
                compliance_status=compliance_status,
                payin_id=payin_id,
                payment_type=payment_type,
                subscription_id=subscription_id,
                currency=currency,
                request_id=request_id,
                before=before,
                after=after,
                page=page,
                per_page=per_page,
                **options,
            ),
        )

    def retrieve(self, id: str, **options: Unpack[CallOptions]) -> Payment:
        """Read one payment.

        API operation: `getPaymentById` (`GET /payment/{id}`).

        Args:
            id: the payment (`payt_...`).

        Raises:
            NotFoundError: no such payment in this account and environment.
        """
        return self._bridge.call(lambda: self._async.retrieve(id, **options))

    def list_eligible_payins(
        self, id: str, **options: Unpack[CallOptions]
    ) -> SyncPager[EligiblePayin]:
        """List the orders and links that a payment without one could belong to.

        The operation is documented in part: the fields of each payin are in its `extra`.

        API operation: `getEligiblePayins` (`GET /payment/{id}/eligible-payins`).

        Args:
            id: the payment (`payt_...`), `action_required` with the error code `PAYIN_NOT_FOUND` or
                `PAYIN_AMOUNT_MISMATCH`.

        Returns:
            A pager: `for payin in glomo.payments.list_eligible_payins(id): ...`.
        """
        return SyncPager(self._bridge, self._async.list_eligible_payins(id, **options))

    def connect_payin(self, id: str, **options: Unpack[CallOptions]) -> UndocumentedResponse:
        """Say which order or link a payment without one belongs to.

        The operation is documented in part: give its fields by `extra_body`; the response's are in
        `extra`.

        API operation: `connectPayin` (`POST /payment/{id}/connect-payin`).

        Args:
            id: the payment (`payt_...`), `action_required` with the error code `PAYIN_NOT_FOUND` or
                `PAYIN_AMOUNT_MISMATCH`.

        Returns:
            What the API responded; its shape is not documented.

        Raises:
            BadRequestError: the payment and the payin do not go together.
            OutcomeUnknownError: the payment may be connected: read it.
        """
        return self._bridge.call(lambda: self._async.connect_payin(id, **options))

    def update_rfi(
        self,
        id: str,
        *,
        documents: Sequence[RfiAnswer | Mapping[str, str]],
        **options: Unpack[CallOptions],
    ) -> Payment:
        """Answer a request for information on a payment. `rfis.respond` is the current way.

        API operation: `updateRfiPayment` (`PATCH /payment/{id}/update_rfi`).

        Args:
            id: the payment (`payt_...`), `action_required`.
            documents: one `RfiAnswer` for each required document, all in one call.

        Raises:
            BadRequestError: the payment does not wait for documents, or not for these.
        """
        return self._bridge.call(lambda: self._async.update_rfi(id, documents=documents, **options))

    def create_mock(
        self,
        *,
        amount: Amount,
        currency: str,
        payin_id: str | Omit = OMIT,
        payment_method: MockPaymentMethod | Literal["BankTransfer"] | Omit = OMIT,
        remitter_name: RemitterName | RemitterNameValue | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Payment:
        """Let a customer of the sandbox pay by bank transfer.

        An amount of 6623 minor units is a sanctions hit. A payin that is not `active` makes the
        payment `action_required` with `PAYIN_NOT_FOUND`, one with another amount or currency with
        `PAYIN_AMOUNT_MISMATCH`.

        API operation: `createMockPayment` (`POST /payment/mock`).

        Args:
            amount: what is paid, in minor units of `currency` or as `Money`: at least 100.
            currency: ISO 4217 code.
            payin_id: the order or link that is paid; this or `payment_method`.
            payment_method: `BankTransfer`, for a transfer that belongs to nothing.
            remitter_name: who pays; left out, someone who is not under sanctions.

        Raises:
            ProductionKeyError: this is a production key; nothing was sent.
        """
        return self._bridge.call(
            lambda: self._async.create_mock(
                amount=amount,
                currency=currency,
                payin_id=payin_id,
                payment_method=payment_method,
                remitter_name=remitter_name,
                **options,
            )
        )

    def mock_funds_available(self, id: str, **options: Unpack[CallOptions]) -> Payment:
        """Let the money of a payment of the sandbox arrive.

        API operation: `mockUpdatePaymentFundsAvailable`
        (`PATCH /payment/{id}/mock-funds-available`).

        Args:
            id: the payment (`payt_...`), `success`, of LRS, without its funds.

        Raises:
            ProductionKeyError: this is a production key; nothing was sent.
            BadRequestError: the payment is not of that kind.
        """
        return self._bridge.call(lambda: self._async.mock_funds_available(id, **options))

    def wait(
        self,
        id: str,
        *,
        until: Until[Payment] | Literal["funds_available"] | None = None,
        timeout: float = 600.0,
    ) -> Payment:
        """Read a payment again and again until it has succeeded or failed, or can be used.

        Args:
            id: the payment (`payt_...`).
            until: what to wait for instead: statuses (a terminal one ends the wait in any case),
                `"funds_available"` or a condition on the payment. The latter two wait beyond
                `success`, unless the payment fails or compliance rejects it.
            timeout: seconds to wait at most.

        Raises:
            WaitTimeoutError: the time is up; `last_seen` is the payment as last read.
        """
        return self._bridge.call(lambda: self._async.wait(id, until=until, timeout=timeout))
