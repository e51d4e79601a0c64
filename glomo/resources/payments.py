"""Payments: money that customers sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Unpack, overload

from glomo.http.operation import CallOptions
from glomo.id_prefixes import PAYMENT
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
from glomo.pagination import Pager
from glomo.polling import Until, wait_for
from glomo.resources.base import Resource
from glomo.serialization.model import OMIT, Omit
from glomo.validation import Checks
from glomo.validation.payins import check_card, conceal

from . import payment_operations as ops


class PaymentsResource(Resource):
    """Payments to the account."""

    id_prefixes = PAYMENT

    @overload
    async def create(
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
    async def create(
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
    async def create(
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
    async def create(
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
        card = conceal(card)  # from here on no variable shows it
        body = {
            "order_id": order_id,
            "subscription_id": subscription_id,
            "method": method,
            "card": card,
            "callback_url": callback_url,
            "sequence": sequence,
            "amount": amount,
            "currency": currency,
            "split_ids": split_ids,
            "request_id": request_id,
        }
        if card is not OMIT:
            check_card(Checks(ops.CREATE.name, {"card": card}))
        return await self._send(ops.CREATE, options, body=body)

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
    ) -> Pager[Payment]:
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
            A pager: `async for payment in glomo.payments.list(): ...`.
        """
        filters = {
            "customer_id": customer_id,
            "status": status,
            "compliance_status": compliance_status,
            "payin_id": payin_id,
            "payment_type": payment_type,
            "subscription_id": subscription_id,
            "currency": currency,
            "request_id": request_id,
            "before": before,
            "after": after,
            "page": page,
            "per_page": per_page,
        }
        return self._list(ops.LIST, options, filters)

    async def retrieve(self, id: str, **options: Unpack[CallOptions]) -> Payment:
        """Read one payment.

        API operation: `getPaymentById` (`GET /payment/{id}`).

        Args:
            id: the payment (`payt_...`).

        Raises:
            NotFoundError: no such payment in this account and environment.
        """
        return await self._send(ops.RETRIEVE, options, path={"id": id})

    def list_eligible_payins(self, id: str, **options: Unpack[CallOptions]) -> Pager[EligiblePayin]:
        """List the orders and links that a payment without one could belong to.

        The operation is documented in part: the fields of each payin are in its `extra`.

        API operation: `getEligiblePayins` (`GET /payment/{id}/eligible-payins`).

        Args:
            id: the payment (`payt_...`), `action_required` with the error code `PAYIN_NOT_FOUND` or
                `PAYIN_AMOUNT_MISMATCH`.

        Returns:
            A pager: `async for payin in glomo.payments.list_eligible_payins(id): ...`.
        """
        return self._list(ops.LIST_ELIGIBLE_PAYINS, options, {}, path={"id": id})

    async def connect_payin(self, id: str, **options: Unpack[CallOptions]) -> UndocumentedResponse:
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
        return await self._send(ops.CONNECT_PAYIN, options, path={"id": id})

    async def update_rfi(
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
        body = {"documents": documents}
        return await self._send(ops.UPDATE_RFI, options, path={"id": id}, body=body)

    async def create_mock(
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
        body = {
            "amount": amount,
            "currency": currency,
            "payin_id": payin_id,
            "payment_method": payment_method,
            "remitter_name": remitter_name,
        }
        return await self._send(ops.CREATE_MOCK, options, body=body)

    async def mock_funds_available(self, id: str, **options: Unpack[CallOptions]) -> Payment:
        """Let the money of a payment of the sandbox arrive.

        API operation: `mockUpdatePaymentFundsAvailable`
        (`PATCH /payment/{id}/mock-funds-available`).

        Args:
            id: the payment (`payt_...`), `success`, of LRS, without its funds.

        Raises:
            ProductionKeyError: this is a production key; nothing was sent.
            BadRequestError: the payment is not of that kind.
        """
        return await self._send(ops.MOCK_FUNDS_AVAILABLE, options, path={"id": id})

    async def wait(
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
        if until == "funds_available":
            until = ops.is_usable
        return await wait_for(
            lambda remaining: self.retrieve(id, timeout=remaining),
            id,
            until=until,
            timeout=timeout,
            is_ended=ops.is_lost if callable(until) else None,
        )
