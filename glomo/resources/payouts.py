"""Payouts: money sent from a balance to a beneficiary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Unpack, overload

from glomo.http.operation import CallOptions, Lookup, Operation, Replay, StateProbe
from glomo.id_prefixes import PAYOUT
from glomo.models.payouts import (
    MockPayoutStatus,
    MockPayoutStatusName,
    PaymentRail,
    PaymentRailName,
    Payout,
    PayoutStatus,
    PayoutStatusName,
)
from glomo.models.shared import Amount, BalanceCurrency, Notes, PayoutCurrency, RfiAnswer
from glomo.pagination import ListOperation, Pager
from glomo.polling import Until, wait_for
from glomo.resources._probes import answered, cancelled, same_names
from glomo.resources.base import Resource
from glomo.serialization.model import OMIT, Omit
from glomo.validation import payins, payouts


def _was_mocked(body: Mapping[str, Any], payout: Mapping[str, Any]) -> bool:
    status = body.get("status")
    return payout.get("status") == ("in_progress" if status == "pending" else status)


CREATE = Operation(
    "payouts.create",
    "POST",
    "/v1/payouts",
    Payout,
    Replay.REQUEST_ID,
    lookup=Lookup(
        "/v1/payouts",
        same_names(
            "source_amount",
            "source_currency",
            "destination_amount",
            "destination_currency",
            "beneficiary_id",
            "purpose_code",
            "payment_rail",
            "invoice_number",
            "quote_id",
        ),
    ),
    result_in_error=True,
    check=payouts.check_create,
    amounts={"source_amount": "source_currency", "destination_amount": "destination_currency"},
)
LIST = ListOperation("payouts.list", "/v1/payouts", Payout)
RETRIEVE = Operation("payouts.retrieve", "GET", "/v1/payouts/{id}", Payout)
CANCEL = Operation(
    "payouts.cancel",
    "PATCH",
    "/v1/payouts/{id}/cancel",
    Payout,
    Replay.STATE,
    probe=StateProbe("/v1/payouts/{id}", cancelled),
)
UPDATE_RFI = Operation(
    "payouts.update_rfi",
    "PATCH",
    "/v1/payouts/{id}/update_rfi",
    Payout,
    Replay.STATE,
    probe=StateProbe("/v1/payouts/{id}", answered),
    check=payins.check_rfi_answers,
)
MOCK_UPDATE_STATUS = Operation(
    "payouts.mock_update_status",
    "PATCH",
    "/v1/payouts/mock",
    Payout,
    Replay.MOCK,
    probe=StateProbe("/v1/payouts/{id}", _was_mocked),
    check=payouts.check_mock_update,
    echoes=same_names("id"),
)


class PayoutsResource(Resource):
    """Payouts from the account's balances."""

    id_prefixes = PAYOUT

    @overload
    async def create(
        self,
        *,
        beneficiary_id: str,
        purpose_code: str,
        source_currency: BalanceCurrency | str,
        destination_currency: PayoutCurrency | str,
        source_amount: Amount,
        payment_rail: PaymentRail | PaymentRailName | str | Omit = OMIT,
        invoice_number: str | Omit | None = OMIT,
        request_id: str | Omit | None = OMIT,
        documents: Sequence[str] | Omit = OMIT,
        notes: Notes | Omit | None = OMIT,
        **options: Unpack[CallOptions],
    ) -> Payout: ...
    @overload
    async def create(
        self,
        *,
        beneficiary_id: str,
        purpose_code: str,
        source_currency: BalanceCurrency | str,
        destination_currency: PayoutCurrency | str,
        destination_amount: Amount,
        payment_rail: PaymentRail | PaymentRailName | str | Omit = OMIT,
        invoice_number: str | Omit | None = OMIT,
        request_id: str | Omit | None = OMIT,
        documents: Sequence[str] | Omit = OMIT,
        notes: Notes | Omit | None = OMIT,
        **options: Unpack[CallOptions],
    ) -> Payout: ...
    @overload
    async def create(
        self,
        *,
        beneficiary_id: str,
        purpose_code: str,
        quote_id: str,
        invoice_number: str | Omit | None = OMIT,
        request_id: str | Omit | None = OMIT,
        documents: Sequence[str] | Omit = OMIT,
        notes: Notes | Omit | None = OMIT,
        **options: Unpack[CallOptions],
    ) -> Payout: ...
    async def create(
        self,
        *,
        beneficiary_id: str,
        purpose_code: str,
        source_currency: BalanceCurrency | str | Omit = OMIT,
        destination_currency: PayoutCurrency | str | Omit = OMIT,
        source_amount: Amount | Omit = OMIT,
        destination_amount: Amount | Omit = OMIT,
        quote_id: str | Omit = OMIT,
        payment_rail: PaymentRail | PaymentRailName | str | Omit = OMIT,
        invoice_number: str | Omit | None = OMIT,
        request_id: str | Omit | None = OMIT,
        documents: Sequence[str] | Omit = OMIT,
        notes: Notes | Omit | None = OMIT,
        **options: Unpack[CallOptions],
    ) -> Payout:
        """Send money to a beneficiary.

        Name either the amount that leaves the balance or the amount that arrives; or give a quote,
        which fixes currencies, amount and rail. The payout's own status says how it went: a payout
        may come back `failed` or `action_required` at once.

        API operation: `createPayout` (`POST /payouts`).

        Args:
            beneficiary_id: who is paid (`bene_...`).
            purpose_code: why (`S....`; see `glomo.purpose_codes`).
            source_currency: the balance to debit: USD, EUR, GBP, AED, SGD or AUD.
            destination_currency: what arrives: one of these, or INR.
            source_amount: what leaves the balance, in minor units of `source_currency`, or as
                `Money`.
            destination_amount: what arrives, in minor units of `destination_currency`, or as
                `Money`.
            quote_id: a payout quote (`quote_...`), in place of currencies, amount and rail.
            payment_rail: left out, the payout goes by `swift`; a local rail is never picked by
                itself.
            invoice_number: at most 50 characters.
            request_id: idempotency key of at most 64 characters, unique in the account. Left out,
                the SDK makes one. The same key never pays twice: repeating the call gives the
                payout that exists.
            documents: a list of ids of documents to attach (`doc_...`).
            notes: custom key-value pairs.

        Returns:
            The payout.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            InsufficientBalanceError: short balance; nothing was created.
            IdempotencyConflictError: the `request_id` belongs to a different payout.
            OutcomeUnknownError: the payout may exist; its `request_id` tells.
        """
        body = {
            "beneficiary_id": beneficiary_id,
            "purpose_code": purpose_code,
            "quote_id": quote_id,
            "source_currency": source_currency,
            "destination_currency": destination_currency,
            "source_amount": source_amount,
            "destination_amount": destination_amount,
            "payment_rail": payment_rail,
            "invoice_number": invoice_number,
            "request_id": request_id,
            "documents": documents,
            "notes": notes,
        }
        return await self._send(CREATE, options, body=body)

    def list(
        self,
        *,
        beneficiary_id: str | Omit = OMIT,
        status: PayoutStatus | PayoutStatusName | str | Omit = OMIT,
        request_id: str | Omit = OMIT,
        before: datetime | Omit = OMIT,
        after: datetime | Omit = OMIT,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Pager[Payout]:
        """List payouts, newest first.

        API operation: `getPayouts` (`GET /payouts`).

        Args:
            beneficiary_id: only payouts to this beneficiary.
            status: only payouts with this status.
            request_id: only the payout made with this idempotency key.
            before: only payouts created at or before this time.
            after: only payouts created at or after this time.
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `async for payout in glomo.payouts.list(): ...`.
        """
        filters = {
            "beneficiary_id": beneficiary_id,
            "status": status,
            "request_id": request_id,
            "before": before,
            "after": after,
            "page": page,
            "per_page": per_page,
        }
        return self._list(LIST, options, filters)

    async def retrieve(self, id: str, **options: Unpack[CallOptions]) -> Payout:
        """Read one payout.

        API operation: `getPayoutById` (`GET /payouts/{id}`).

        Args:
            id: the payout (`payout_...`).

        Raises:
            NotFoundError: no such payout in this account and environment.
        """
        return await self._send(RETRIEVE, options, path={"id": id})

    async def cancel(self, id: str, **options: Unpack[CallOptions]) -> Payout:
        """Cancel a payout that has not gone to the bank: any time while it is `queued`.

        API operation: `cancelPayout` (`PATCH /payouts/{id}/cancel`).

        Args:
            id: the payout (`payout_...`).

        Returns:
            The payout, `cancelled`.

        Raises:
            BadRequestError: the bank has it; it cannot be cancelled.
            NotFoundError: no such payout.
        """
        return await self._send(CANCEL, options, path={"id": id})

    async def update_rfi(
        self,
        id: str,
        *,
        documents: Sequence[RfiAnswer | Mapping[str, str]],
        **options: Unpack[CallOptions],
    ) -> Payout:
        """Answer a request for information on a payout. `rfis.respond` is the current way.

        API operation: `updateRfiPayout` (`PATCH /payouts/{id}/update_rfi`).

        Args:
            id: the payout (`payout_...`), `action_required`.
            documents: one `RfiAnswer` for each required document, all in one call.

        Raises:
            BadRequestError: the payout does not wait for documents, or not for these.
        """
        return await self._send(UPDATE_RFI, options, path={"id": id}, body={"documents": documents})

    async def mock_update_status(
        self,
        id: str,
        *,
        status: MockPayoutStatus | MockPayoutStatusName,
        rfi_document_ids: Sequence[str] | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Payout:
        """Move a payout of the sandbox to another status. Only steps of its life cycle go.

        API operation: `mockUpdatePayoutStatus` (`PATCH /payouts/mock`).

        Args:
            id: the payout (`payout_...`).
            status: the status to move to.
            rfi_document_ids: ids of RFI documents (`rfidoc_...`), for `action_required`.

        Raises:
            ProductionKeyError: this is a production key; nothing was sent.
            BadRequestError: no step of the life cycle leads there.
        """
        body = {"id": id, "status": status, "rfi_document_ids": rfi_document_ids}
        return await self._send(MOCK_UPDATE_STATUS, options, body=body)

    async def wait(
        self, id: str, *, until: Until[Payout] | None = None, timeout: float = 600.0
    ) -> Payout:
        """Read a payout again and again until it has come to an end.

        Args:
            id: the payout (`payout_...`).
            until: what to wait for instead: statuses, or a condition on the payout. A condition is
                waited for beyond a success; a failure ends the wait in any case.
            timeout: seconds to wait at most.

        Returns:
            The payout as last read.

        Raises:
            WaitTimeoutError: the time is up; `last_seen` is the payout as last read.
        """
        return await wait_for(
            lambda remaining: self.retrieve(id, timeout=remaining), id, until=until, timeout=timeout
        )
