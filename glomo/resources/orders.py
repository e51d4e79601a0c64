"""Orders: amounts to be paid at the checkout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Unpack, overload

from glomo.http.operation import CallOptions, Lookup, Operation, Replay, StateProbe
from glomo.id_prefixes import ORDER
from glomo.models.orders import LrsParams, Order, OrderStatus, OrderStatusName
from glomo.models.payins import (
    BankAccountDetailsParams,
    PaymentMethodName,
    PaymentMethodType,
    ProductParams,
)
from glomo.models.shared import Amount, BalanceCurrency, Notes, RfiAnswer
from glomo.pagination import ListOperation, Pager
from glomo.polling import Until, wait_for
from glomo.resources._probes import PAYIN_FIELDS, answered
from glomo.resources.base import Resource
from glomo.serialization.model import OMIT, Omit
from glomo.validation import payins

CREATE = Operation(
    "orders.create",
    "POST",
    "/v1/orders",
    Order,
    Replay.REQUEST_ID,
    lookup=Lookup(
        "/v1/orders",
        PAYIN_FIELDS,
    ),
    check=payins.check_order,
    amounts={"amount": "currency", "invoice_amount": "currency"},
)
LIST = ListOperation("orders.list", "/v1/orders", Order)
RETRIEVE = Operation("orders.retrieve", "GET", "/v1/orders/{id}", Order)
UPDATE_RFI = Operation(
    "orders.update_rfi",
    "PATCH",
    "/v1/orders/{id}/update-rfi",
    Order,
    Replay.STATE,
    probe=StateProbe("/v1/orders/{id}", answered),
    check=payins.check_rfi_answers,
)


class OrdersResource(Resource):
    """Orders of the account."""

    id_prefixes = ORDER

    @overload
    async def create(
        self,
        *,
        customer_id: str,
        amount: Amount,
        currency: BalanceCurrency | str,
        lrs: LrsParams | Mapping[str, Any] | Omit = OMIT,
        payment_methods: Sequence[PaymentMethodType | PaymentMethodName] | Omit = OMIT,
        purpose_code: str | Omit = OMIT,
        price_id: str | Omit = OMIT,
        split_ids: Sequence[str] | Omit = OMIT,
        document_id: str | Omit | None = OMIT,
        invoice_number: str | Omit | None = OMIT,
        invoice_description: str | Omit | None = OMIT,
        invoice_amount: Amount | Omit | None = OMIT,
        reference_number: str | Omit | None = OMIT,
        product: ProductParams | Mapping[str, Any] | Omit | None = OMIT,
        bank_account_id: str | Omit = OMIT,
        bank_account_details: BankAccountDetailsParams | Mapping[str, Any] | Omit = OMIT,
        request_id: str | Omit | None = OMIT,
        notes: Notes | Omit | None = OMIT,
        **options: Unpack[CallOptions],
    ) -> Order: ...
    @overload
    async def create(
        self,
        *,
        customer_id: str,
        quote_id: str,
        purpose_code: str | Omit = OMIT,
        document_id: str | Omit | None = OMIT,
        invoice_number: str | Omit | None = OMIT,
        invoice_description: str | Omit | None = OMIT,
        invoice_amount: Amount | Omit | None = OMIT,
        reference_number: str | Omit | None = OMIT,
        product: ProductParams | Mapping[str, Any] | Omit | None = OMIT,
        bank_account_id: str | Omit = OMIT,
        bank_account_details: BankAccountDetailsParams | Mapping[str, Any] | Omit = OMIT,
        request_id: str | Omit | None = OMIT,
        notes: Notes | Omit | None = OMIT,
        **options: Unpack[CallOptions],
    ) -> Order: ...
    async def create(
        self,
        *,
        customer_id: str,
        amount: Amount | Omit = OMIT,
        currency: BalanceCurrency | str | Omit = OMIT,
        quote_id: str | Omit = OMIT,
        lrs: LrsParams | Mapping[str, Any] | Omit = OMIT,
        payment_methods: Sequence[PaymentMethodType | PaymentMethodName] | Omit = OMIT,
        purpose_code: str | Omit = OMIT,
        price_id: str | Omit = OMIT,
        split_ids: Sequence[str] | Omit = OMIT,
        document_id: str | Omit | None = OMIT,
        invoice_number: str | Omit | None = OMIT,
        invoice_description: str | Omit | None = OMIT,
        invoice_amount: Amount | Omit | None = OMIT,
        reference_number: str | Omit | None = OMIT,
        product: ProductParams | Mapping[str, Any] | Omit | None = OMIT,
        bank_account_id: str | Omit = OMIT,
        bank_account_details: BankAccountDetailsParams | Mapping[str, Any] | Omit = OMIT,
        request_id: str | Omit | None = OMIT,
        notes: Notes | Omit | None = OMIT,
        **options: Unpack[CallOptions],
    ) -> Order:
        """Ask a customer for an amount, to be paid at the checkout.

        Give amount and currency; or a quote, which fixes them. With `lrs` it is a remittance by a
        resident of India: amount and currency are then the USD side of the LRS quote
        (`quote.order_amount`). An order expires three months after it is made, or with its quote.

        API operation: `createOrder` (`POST /orders`).

        Args:
            customer_id: who pays (`cust_...`).
            amount: what is to be paid, in minor units of `currency`, or as `Money`.
            currency: USD, EUR, GBP, AED, SGD or AUD; USD for LRS.
            quote_id: a payin quote (`quote_...`), in place of `amount`, `currency`, `price_id`,
                `payment_methods` and `split_ids`.
            lrs: the LRS quote, what to tell the receiver, and where from and to.
            payment_methods: how the customer may pay: `card`, `bank_transfer`, `pay_via_bank`. Left
                out, every way that the account has; one that it has not is refused.
            purpose_code: why (`P....`; LRS orders take `S0001` or `S0002`); left out, the account's
                default.
            price_id: the referral fee to charge (`price_...`), for platforms.
            split_ids: pricing splits to apply (`psplit_...`).
            document_id: the document that goes with the payment (`doc_...`).
            invoice_number: number of the invoice. Some accounts must give it, with `document_id`.
            invoice_description: what the invoice is for.
            invoice_amount: the invoice's total, in minor units or as `Money`: at least `amount`.
            reference_number: your own reference, for reconciliation.
            product: what is paid for.
            bank_account_id: the registered account that the customer will pay from.
            bank_account_details: that account in full, in place of its id.
            request_id: idempotency key of at most 64 characters, unique in the account. Left out,
                the SDK makes one. Repeating a call with the same key gives the order that exists.
            notes: custom key-value pairs.

        Returns:
            The order: `active`, or `action_required` with the `rfi_documents` to send.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            BadRequestError: the API refused a field; or the quote has expired or was used.
            NotFoundError: no such customer.
            IdempotencyConflictError: the `request_id` belongs to a different order.
            OutcomeUnknownError: the order may exist; its `request_id` tells.
        """
        body = {
            "customer_id": customer_id,
            "amount": amount,
            "currency": currency,
            "quote_id": quote_id,
            "lrs": lrs,
            "payment_methods": payment_methods,
            "purpose_code": purpose_code,
            "price_id": price_id,
            "split_ids": split_ids,
            "document_id": document_id,
            "invoice_number": invoice_number,
            "invoice_description": invoice_description,
            "invoice_amount": invoice_amount,
            "reference_number": reference_number,
            "product": product,
            "bank_account_id": bank_account_id,
            "bank_account_details": bank_account_details,
            "request_id": request_id,
            "notes": notes,
        }
        return await self._send(CREATE, options, body=body)

    def list(
        self,
        *,
        customer_id: str | Omit = OMIT,
        status: OrderStatus | OrderStatusName | str | Omit = OMIT,
        request_id: str | Omit = OMIT,
        before: datetime | Omit = OMIT,
        after: datetime | Omit = OMIT,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Pager[Order]:
        """List orders, newest first.

        API operation: `getOrders` (`GET /orders`).

        Args:
            customer_id: only orders of this customer.
            status: only orders with this status.
            request_id: only the order made with this idempotency key.
            before: only orders created at or before this time.
            after: only orders created at or after this time.
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `async for order in glomo.orders.list(): ...`.
        """
        filters = {
            "customer_id": customer_id,
            "status": status,
            "request_id": request_id,
            "before": before,
            "after": after,
            "page": page,
            "per_page": per_page,
        }
        return self._list(LIST, options, filters)

    async def retrieve(self, id: str, **options: Unpack[CallOptions]) -> Order:
        """Read one order.

        API operation: `getOrderById` (`GET /orders/{id}`).

        Args:
            id: the order (`order_...`).

        Raises:
            NotFoundError: no such order in this account and environment.
        """
        return await self._send(RETRIEVE, options, path={"id": id})

    async def update_rfi(
        self,
        id: str,
        *,
        documents: Sequence[RfiAnswer | Mapping[str, str]],
        **options: Unpack[CallOptions],
    ) -> Order:
        """Answer a request for information on an order, which is then reviewed.

        API operation: `updateOrderRfi` (`PATCH /orders/{id}/update-rfi`).

        Args:
            id: the order (`order_...`), `action_required`.
            documents: one `RfiAnswer` for each of its `rfi_documents`, all in one call.

        Raises:
            BadRequestError: the order does not wait for documents, or not for these.
            NotFoundError: no such order.
        """
        return await self._send(UPDATE_RFI, options, path={"id": id}, body={"documents": documents})

    async def wait(
        self, id: str, *, until: Until[Order] | None = None, timeout: float = 600.0
    ) -> Order:
        """Read an order again and again until it is paid, failed or cancelled.

        One that is `expired` may still be paid by a payment under way: to give up then, wait
        `until={"paid", "expired"}`.

        Args:
            id: the order (`order_...`).
            until: what to wait for instead: statuses, or a condition on the order. A condition is
                waited for beyond a success; a failure ends the wait in any case.
            timeout: seconds to wait at most.

        Returns:
            The order as last read.

        Raises:
            WaitTimeoutError: the time is up; `last_seen` is the order as last read.
        """
        return await wait_for(
            lambda remaining: self.retrieve(id, timeout=remaining), id, until=until, timeout=timeout
        )
