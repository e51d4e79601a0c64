"""Refunds: money given back to a customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Unpack

from glomo.http.operation import CallOptions, Lookup, Operation, Replay, StateProbe
from glomo.id_prefixes import REFUND
from glomo.models.refunds import (
    MockRefundStatus,
    MockRefundStatusName,
    Refund,
    RefundReason,
    RefundStatus,
    RefundStatusName,
    SendableReason,
)
from glomo.models.shared import RfiAnswer
from glomo.pagination import ListOperation, Pager
from glomo.polling import Until, wait_for
from glomo.resources._probes import answered
from glomo.resources.base import Resource
from glomo.serialization.model import OMIT, Omit
from glomo.validation import payins


def _was_mocked(body: Mapping[str, Any], refund: Mapping[str, Any]) -> bool:
    return refund.get("status") == body.get("status")


CREATE = Operation(
    "refunds.create",
    "POST",
    "/v1/refunds",
    Refund,
    Replay.REQUEST_ID,
    # Not the amount: it is asked for in one currency and shown in another.
    lookup=Lookup("/v1/refunds", {"payment_id": "payment_id"}),
    result_in_error=True,
    check=payins.check_refund,
)
LIST = ListOperation("refunds.list", "/v1/refunds", Refund)
RETRIEVE = Operation("refunds.retrieve", "GET", "/v1/refunds/{id}", Refund)
UPDATE_RFI = Operation(
    "refunds.update_rfi",
    "PATCH",
    "/v1/refunds/{id}/update_rfi",
    Refund,
    Replay.STATE,
    probe=StateProbe("/v1/refunds/{id}", answered),
    check=payins.check_rfi_answers,
)
MOCK_UPDATE_STATUS = Operation(
    "refunds.mock_update_status",
    "PATCH",
    "/v1/refunds/{id}/mock_update_status",
    Refund,
    Replay.MOCK,
    probe=StateProbe("/v1/refunds/{id}", _was_mocked),
    check=payins.check_mock_refund,
)


class RefundsResource(Resource):
    """Refunds of the account's payments."""

    id_prefixes = REFUND

    async def create(
        self,
        *,
        payment_id: str,
        reason: RefundReason | SendableReason = RefundReason.OTHERS,
        amount: int | Omit | None = OMIT,
        document_id: str | Omit | None = OMIT,
        document_url: str | Omit | None = OMIT,
        file_name: str | Omit | None = OMIT,
        request_id: str | Omit | None = OMIT,
        **options: Unpack[CallOptions],
    ) -> Refund:
        """Give a payment back, by the way that it came.

        The payment must have succeeded within the last 180 days. The refund is debited from the
        balance; its own status says how it went.

        API operation: `createRefund` (`POST /refunds`).

        Args:
            payment_id: the payment (`payt_...`).
            reason: why: `Requested By Customer`, `Duplicate`, `Fraudulent` or `Others`.
            amount: a part of the payment, in minor units of its `converted_currency` (not of the
                currency that was charged): cards only, and only if the account may. Left out, all
                that is left of it. The call does not name the currency, so `Money`, whose currency
                could not be checked, is not taken here.
            document_id: a document for the refund (`doc_...`).
            document_url: the address of a document for the refund.
            file_name: the name of that document.
            request_id: idempotency key of at most 64 characters, unique in the account. Left out,
                the SDK makes one. The same key never refunds twice: repeating the call gives the
                refund that exists.

        Returns:
            The refund: `success`, or on its way.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            BadRequestError: the payment cannot be refunded, or not in part.
            NotFoundError: no such payment.
            UnprocessableError: the refund was made and has failed; it is the error's `object`.
            IdempotencyConflictError: the `request_id` belongs to a different refund.
            OutcomeUnknownError: the refund may exist; its `request_id` tells.
        """
        body = {
            "payment_id": payment_id,
            "reason": reason,
            "amount": amount,
            "document_id": document_id,
            "document_url": document_url,
            "file_name": file_name,
            "request_id": request_id,
        }
        return await self._send(CREATE, options, body=body)

    def list(
        self,
        *,
        customer_id: str | Omit = OMIT,
        payment_id: str | Omit = OMIT,
        payment_method: str | Omit = OMIT,
        status: RefundStatus | RefundStatusName | str | Omit = OMIT,
        request_id: str | Omit = OMIT,
        before: datetime | Omit = OMIT,
        after: datetime | Omit = OMIT,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Pager[Refund]:
        """List refunds, newest first.

        API operation: `getRefunds` (`GET /refunds`).

        Args:
            customer_id: only refunds to this customer.
            payment_id: only refunds of this payment.
            payment_method: only refunds of payments made in this way.
            status: only refunds with this status.
            request_id: only the refund made with this idempotency key.
            before: only refunds created at or before this time.
            after: only refunds created at or after this time.
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `async for refund in glomo.refunds.list(): ...`.
        """
        filters = {
            "customer_id": customer_id,
            "payment_id": payment_id,
            "payment_method": payment_method,
            "status": status,
            "request_id": request_id,
            "before": before,
            "after": after,
            "page": page,
            "per_page": per_page,
        }
        return self._list(LIST, options, filters)

    async def retrieve(self, id: str, **options: Unpack[CallOptions]) -> Refund:
        """Read one refund.

        API operation: `getRefundById` (`GET /refunds/{id}`).

        Args:
            id: the refund (`refund_...`).

        Raises:
            NotFoundError: no such refund in this account and environment.
        """
        return await self._send(RETRIEVE, options, path={"id": id})

    async def update_rfi(
        self,
        id: str,
        *,
        documents: Sequence[RfiAnswer | Mapping[str, str]],
        **options: Unpack[CallOptions],
    ) -> Refund:
        """Answer a request for information on a refund. `rfis.respond` is the current way.

        API operation: `updateRfiRefund` (`PATCH /refunds/{id}/update_rfi`).

        Args:
            id: the refund (`refund_...`), `action_required`.
            documents: one `RfiAnswer` for each required document, all in one call.

        Raises:
            BadRequestError: the refund does not wait for documents, or not for these.
        """
        return await self._send(UPDATE_RFI, options, path={"id": id}, body={"documents": documents})

    async def mock_update_status(
        self,
        id: str,
        *,
        status: MockRefundStatus | MockRefundStatusName = MockRefundStatus.SUCCESS,
        **options: Unpack[CallOptions],
    ) -> Refund:
        """Let a refund of the sandbox come to an end.

        API operation: `mockUpdateRefund` (`PATCH /refunds/{id}/mock_update_status`).

        Args:
            id: the refund (`refund_...`), `in_progress`.
            status: `success`, which it can reach once it was sent to the bank, or `failed`.

        Raises:
            ProductionKeyError: this is a production key; nothing was sent.
            BadRequestError: the refund cannot be moved there.
        """
        return await self._send(
            MOCK_UPDATE_STATUS, options, path={"id": id}, body={"status": status}
        )

    async def wait(
        self, id: str, *, until: Until[Refund] | None = None, timeout: float = 600.0
    ) -> Refund:
        """Read a refund again and again until it has come to an end.

        Banks take days: give `timeout` accordingly, or wait for the webhook.

        Args:
            id: the refund (`refund_...`).
            until: what to wait for instead: statuses, or a condition on the refund. A condition is
                waited for beyond a success; a failure ends the wait in any case.
            timeout: seconds to wait at most.

        Returns:
            The refund as last read.

        Raises:
            WaitTimeoutError: the time is up; `last_seen` is the refund as last read.
        """
        return await wait_for(
            lambda remaining: self.retrieve(id, timeout=remaining), id, until=until, timeout=timeout
        )
