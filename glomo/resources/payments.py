"""Payments: money that customers sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Unpack, overload

from glomo import validation
from glomo.http.operation import CallOptions
from glomo.idempotency import given_or_new
from glomo.models.payins import PaymentMethodType
from glomo.models.payment_methods import (
    BankTransferDetails,
    CardDetails,
    PaymentMethod,
    PayViaBankDetails,
)
from glomo.models.payments import (
    ComplianceStatus,
    CreatedPayment,
    EligiblePayin,
    FeeBreakdown,
    FeeBreakdownEntry,
    MockPaymentMethod,
    PayinType,
    Payment,
    PaymentErrorCode,
    PaymentRfi,
    PaymentSequence,
    PaymentStatus,
    RemitterName,
)
from glomo.models.shared import RfiAnswer
from glomo.models.undocumented import UndocumentedResponse
from glomo.pagination import Pager
from glomo.polling import Until, is_terminal, wait_for
from glomo.resources.base import Resource
from glomo.serialization.model import OMIT, Omit
from glomo.validation import Checks, check_rfi_answers

from .payment_operations import (
    CONNECT_PAYIN,
    CREATE,
    CREATE_MOCK,
    LIST,
    LIST_ELIGIBLE_PAYINS,
    MOCK_FUNDS_AVAILABLE,
    RETRIEVE,
    UPDATE_RFI,
    check_card,
    check_charge,
)

__all__ = [
    "BankTransferDetails",
    "CardDetails",
    "ComplianceStatus",
    "CreatedPayment",
    "EligiblePayin",
    "FeeBreakdown",
    "FeeBreakdownEntry",
    "MockPaymentMethod",
    "PayViaBankDetails",
    "PayinType",
    "Payment",
    "PaymentErrorCode",
    "PaymentMethod",
    "PaymentMethodType",
    "PaymentRfi",
    "PaymentSequence",
    "PaymentStatus",
    "PaymentsResource",
    "RemitterName",
]


class PaymentsResource(Resource):
    """Payments to the account."""

    id_prefixes = ("payt_",)

    @overload
    async def create(
        self,
        *,
        order_id: str,
        card: Mapping[str, Any],
        callback_url: str,
        method: PaymentMethodType | str | Omit = OMIT,
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
        method: PaymentMethodType | str | Omit = OMIT,
        request_id: str | Omit | None = OMIT,
        **options: Unpack[CallOptions],
    ) -> CreatedPayment: ...
    @overload
    async def create(
        self,
        *,
        subscription_id: str,
        sequence: PaymentSequence | str,
        amount: int,
        currency: str,
        request_id: str | Omit | None = OMIT,
        **options: Unpack[CallOptions],
    ) -> CreatedPayment: ...
    async def create(
        self,
        *,
        order_id: str | Omit = OMIT,
        subscription_id: str | Omit = OMIT,
        method: PaymentMethodType | str | Omit = OMIT,
        card: Mapping[str, Any] | Omit = OMIT,
        callback_url: str | Omit = OMIT,
        sequence: PaymentSequence | str | Omit = OMIT,
        amount: int | Omit = OMIT,
        currency: str | Omit = OMIT,
        request_id: str | Omit | None = OMIT,
        **options: Unpack[CallOptions],
    ) -> CreatedPayment:
        """Charge a card, server to server, for merchants under PCI DSS.

        The first payment of an order or a subscription takes a card and leads the customer through
        3-D Secure; a later payment of an `as_presented` subscription takes `sequence="subsequent"`
        and charges the same card. The operation is known in part: `extra_body` takes further
        fields, and the answer's other fields are in `extra`.

        API operation: `createPayment` (`POST /payment`).

        Args:
            order_id: the order that is paid (`order_...`); this or `subscription_id`.
            subscription_id: the subscription that is paid (`sub_...`).
            method: `card`, for a first payment.
            card: the card, for a first payment; its fields are not documented here.
            callback_url: where the customer comes back to (`https://...`), for a first payment.
            sequence: `subsequent` for a later payment.
            amount: what a later payment charges, in minor units of `currency`: at most the
                subscription's `max_amount`.
            currency: ISO 4217 code of a later payment.
            request_id: idempotency key of at most 64 characters, unique in the account. Left out,
                the SDK makes one. The same key never charges twice: repeating the call gives the
                payment that exists, though without its `next_steps`.

        Returns:
            What the API answered: `next_steps` tells where to send the customer.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            BadRequestError: the API refused the card or a field, or another attempt is under way.
            IdempotencyConflictError: the `request_id` belongs to a different payment.
            OutcomeUnknownError: the card may have been charged; its `request_id` tells.
        """
        body = {
            "order_id": order_id,
            "subscription_id": subscription_id,
            "method": method,
            "card": card,
            "callback_url": callback_url,
            "sequence": sequence,
            "amount": amount,
            "currency": currency,
            "request_id": given_or_new(request_id),
        }
        checks = self._check(CREATE, body, options)
        if checks is not None:
            check_charge(checks, body)
        check_card(Checks(CREATE.name, body), "card", card)
        return await self._send(CREATE, options, body=body)

    def list(
        self,
        *,
        customer_id: str | Omit = OMIT,
        status: PaymentStatus | str | Omit = OMIT,
        compliance_status: ComplianceStatus | str | Omit = OMIT,
        payin_id: str | Omit = OMIT,
        payment_type: PayinType | str | Omit = OMIT,
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
            compliance_status: only payments whose review stands so.
            payin_id: only payments of this order or link; not with `subscription_id`.
            payment_type: only payments of orders, of links, or that add funds.
            subscription_id: only payments of this subscription.
            currency: only payments asked for in this currency, whatever they were paid in.
            request_id: only the payment made with this idempotency key.
            before: only payments created before this time.
            after: only payments created after this time.
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `async for payment in glomo.payments.list(): ...`.

        Raises:
            ParameterError: `payin_id` and `subscription_id` together, or a status that the list
                cannot be asked for.
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
        checks = self._check(LIST.operation, filters, options)
        if checks is not None:
            if payin_id is not OMIT:
                checks.none_with("payin_id", "subscription_id")
            if status == PaymentStatus.UNDER_REVIEW:
                checks.refuse(
                    "status", "cannot be under_review: ask for in_progress, which holds them"
                )
        return self._list(LIST, options, filters)

    async def retrieve(self, id: str, **options: Unpack[CallOptions]) -> Payment:
        """Read one payment.

        API operation: `getPaymentById` (`GET /payment/{id}`).

        Args:
            id: the payment (`payt_...`).

        Raises:
            NotFoundError: no such payment in this account and environment.
        """
        self._check_id(RETRIEVE, id)
        return await self._send(RETRIEVE, options, path={"id": id})

    def list_eligible_payins(self, id: str, **options: Unpack[CallOptions]) -> Pager[EligiblePayin]:
        """List the orders and links that a payment without one could belong to.

        The operation is known in part: the fields of each payin are in its `extra`.

        API operation: `getEligiblePayins` (`GET /payment/{id}/eligible-payins`).

        Args:
            id: the payment (`payt_...`), `action_required` with the error code `PAYIN_NOT_FOUND` or
                `PAYIN_AMOUNT_MISMATCH`.

        Returns:
            A pager: `async for payin in glomo.payments.list_eligible_payins(id): ...`.
        """
        self._check_id(LIST_ELIGIBLE_PAYINS.operation, id)
        return self._list(LIST_ELIGIBLE_PAYINS, options, {}, path={"id": id})

    async def connect_payin(self, id: str, **options: Unpack[CallOptions]) -> UndocumentedResponse:
        """Say which order or link a payment without one belongs to.

        The operation is known in part: its fields are not documented, so give them by
        `extra_body`, and the answer's fields are in `extra`.

        API operation: `connectPayin` (`POST /payment/{id}/connect-payin`).

        Args:
            id: the payment (`payt_...`), `action_required` with the error code `PAYIN_NOT_FOUND` or
                `PAYIN_AMOUNT_MISMATCH`.

        Returns:
            What the API answered; its shape is not documented.

        Raises:
            BadRequestError: the payment and the payin do not go together.
            OutcomeUnknownError: the payment may be connected: read it.
        """
        self._check_id(CONNECT_PAYIN, id)
        return await self._send(CONNECT_PAYIN, options, path={"id": id})

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
        self._check_id(UPDATE_RFI, id)
        check_rfi_answers(self._check(UPDATE_RFI, {}), documents)
        return await self._send(UPDATE_RFI, options, path={"id": id}, body={"documents": documents})

    @overload
    async def create_mock(
        self,
        *,
        amount: int,
        currency: str,
        payin_id: str,
        payment_method: MockPaymentMethod | str | Omit = OMIT,
        remitter_name: RemitterName | str | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Payment: ...
    @overload
    async def create_mock(
        self,
        *,
        amount: int,
        currency: str,
        payment_method: MockPaymentMethod | str,
        remitter_name: RemitterName | str | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Payment: ...
    async def create_mock(
        self,
        *,
        amount: int,
        currency: str,
        payin_id: str | Omit = OMIT,
        payment_method: MockPaymentMethod | str | Omit = OMIT,
        remitter_name: RemitterName | str | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Payment:
        """Let a customer of the sandbox pay by bank transfer.

        An amount of 6623 minor units is a sanctions hit. A payin that is not `active` makes the
        payment `action_required` with `PAYIN_NOT_FOUND`, one with another amount or currency with
        `PAYIN_AMOUNT_MISMATCH`.

        API operation: `createMockPayment` (`POST /payment/mock`).

        Args:
            amount: what is paid, in minor units of `currency`: at least 100.
            currency: ISO 4217 code.
            payin_id: the order or link that is paid; this or `payment_method`.
            payment_method: `BankTransfer`, for a transfer that belongs to nothing.
            remitter_name: who pays; left out, someone who is not under sanctions.

        Returns:
            The payment.

        Raises:
            ProductionKeyError: this is a production key; nothing was sent.
            ParameterError: a rule of the API is broken; nothing was sent.
        """
        body = {
            "amount": amount,
            "currency": currency,
            "payin_id": payin_id,
            "payment_method": payment_method,
            "remitter_name": remitter_name,
        }
        checks = self._check(CREATE_MOCK, body, options)
        if checks is not None:
            checks.present("amount", "currency")
            validation.whole(checks, "amount", amount, 100)
            checks.currency("currency")
            if payin_id is OMIT:
                checks.exactly_one("payin_id", "payment_method")
        return await self._send(CREATE_MOCK, options, body=body)

    async def mock_funds_available(self, id: str, **options: Unpack[CallOptions]) -> Payment:
        """Let the money of a payment of the sandbox arrive.

        API operation: `mockUpdatePaymentFundsAvailable`
        (`PATCH /payment/{id}/mock-funds-available`).

        Args:
            id: the payment (`payt_...`), `success`, of LRS, without its funds.

        Returns:
            The payment, with `funds_available`.

        Raises:
            ProductionKeyError: this is a production key; nothing was sent.
            BadRequestError: the payment is not of that kind; the message says why.
        """
        self._check_id(MOCK_FUNDS_AVAILABLE, id)
        return await self._send(MOCK_FUNDS_AVAILABLE, options, path={"id": id})

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
            until: what to wait for instead: `"funds_available"`, statuses, or a condition on the
                payment. Waiting for the funds or for a condition goes on after `success`, and ends
                in any case when the payment fails or compliance rejects it; waiting for statuses
                ends at a terminal one.
            timeout: seconds to wait at most.

        Returns:
            The payment as last read.

        Raises:
            WaitTimeoutError: the time is up; `last_seen` is the payment as last read.
        """
        if until == "funds_available":
            until = _is_usable
        return await wait_for(
            lambda left: self.retrieve(id, timeout=left),
            id,
            until=until,
            timeout=timeout,
            ended=_is_lost if callable(until) else is_terminal,
        )


def _is_usable(payment: Payment) -> bool:
    return payment.funds_available is True


def _is_lost(payment: Payment) -> bool:
    """Whether the money will never be there."""
    return (
        payment.status == PaymentStatus.FAILED
        or payment.compliance_status == ComplianceStatus.REJECTED
    )
