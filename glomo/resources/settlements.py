"""Settlements: money paid out of a balance to the merchant's own bank account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack, overload

from glomo.http.operation import CallOptions, Operation, Replay
from glomo.id_prefixes import SETTLEMENT
from glomo.models.settlement_reconciliation import SettlementReconciliation
from glomo.models.settlements import Settlement, Transaction
from glomo.models.shared import Amount
from glomo.models.undocumented import UndocumentedResponse
from glomo.pagination import ListOperation, Pager
from glomo.polling import Until, wait_for
from glomo.resources.base import Resource
from glomo.resources.orders import OrdersResource
from glomo.resources.payment_links import PaymentLinksResource
from glomo.resources.payments import PaymentsResource
from glomo.resources.refunds import RefundsResource
from glomo.resources.settlement_reconciliation import add_up, join_lines
from glomo.serialization.model import OMIT, Omit
from glomo.validation import account

CREATE = Operation(
    "settlements.create",
    "POST",
    "/v1/settlements",
    Settlement,
    Replay.NONE,
    find_out="Look for its amount and time in settlements.list().",
    check=account.check_settlement,
    amounts={"amount": "balance_currency"},
)
LIST = ListOperation("settlements.list", "/v1/settlements", Settlement)
RETRIEVE = Operation("settlements.retrieve", "GET", "/v1/settlements/{id}", Settlement)
LIST_TRANSACTIONS = ListOperation(
    "settlements.list_transactions", "/v1/settlements/{id}/transactions", Transaction
)
MOCK_TRIGGER = Operation(
    "settlements.mock_trigger",
    "POST",
    "/v1/settlements/mock-trigger",
    UndocumentedResponse,
    Replay.MOCK,
)


class SettlementsResource(Resource):
    """Settlements of the account's balances."""

    id_prefixes = SETTLEMENT

    @overload
    async def create(
        self, *, amount: Amount, balance_currency: str, **options: Unpack[CallOptions]
    ) -> Settlement: ...
    @overload
    async def create(
        self, *, payment_ids: Sequence[str], **options: Unpack[CallOptions]
    ) -> Settlement: ...
    async def create(
        self,
        *,
        amount: Amount | Omit = OMIT,
        balance_currency: str | Omit = OMIT,
        payment_ids: Sequence[str] | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Settlement:
        """Settle an amount of a balance, or certain payments.

        There is no idempotency key here: after an unknown outcome, look before repeating.

        API operation: `createSettlement` (`POST /settlements`).

        Args:
            amount: what to receive, in minor units of `balance_currency`, or as `Money`.
            balance_currency: ISO 4217 code of the balance to debit; goes with `amount`.
            payment_ids: the payments to settle (`payt_...`), in place of an amount.

        Returns:
            The settlement.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            UnprocessableError: some of the payments cannot be settled, or are already.
            OutcomeUnknownError: the settlement may exist.
        """
        body = {
            "amount": amount,
            "balance_currency": balance_currency,
            "payment_ids": payment_ids,
        }
        return await self._send(CREATE, options, body=body)

    def list(
        self,
        *,
        before: datetime | Omit = OMIT,
        after: datetime | Omit = OMIT,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Pager[Settlement]:
        """List settlements, newest first.

        API operation: `getSettlements` (`GET /settlements`).

        Args:
            before: only settlements created at or before this time.
            after: only settlements created at or after this time.
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `async for settlement in glomo.settlements.list(): ...`.
        """
        filters = {"before": before, "after": after, "page": page, "per_page": per_page}
        return self._list(LIST, options, filters)

    async def retrieve(self, id: str, **options: Unpack[CallOptions]) -> Settlement:
        """Read one settlement.

        API operation: `getSettlementById` (`GET /settlements/{id}`).

        Args:
            id: the settlement (`setl_...`).

        Raises:
            NotFoundError: no such settlement in this account and environment.
        """
        return await self._send(RETRIEVE, options, path={"id": id})

    def list_transactions(
        self,
        id: str,
        *,
        before: datetime | Omit = OMIT,
        after: datetime | Omit = OMIT,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Pager[Transaction]:
        """List what a settlement is made of.

        API operation: `getTransactionsLinkedToSettlement` (`GET /settlements/{id}/transactions`).

        Args:
            id: the settlement (`setl_...`).
            before: only transactions created at or before this time.
            after: only transactions created at or after this time.
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `async for line in glomo.settlements.list_transactions("setl_..."): ...`.
        """
        filters = {"before": before, "after": after, "page": page, "per_page": per_page}
        return self._list(LIST_TRANSACTIONS, options, filters, path={"id": id})

    async def mock_trigger(self, **options: Unpack[CallOptions]) -> UndocumentedResponse:
        """Settle what can be settled in the sandbox.

        That is payments whose funds are available, in USD, EUR, GBP, AED and SGD.

        API operation: `triggerMockSettlement` (`POST /settlements/mock-trigger`), which is known in
        part: neither body nor response is documented. Should one be needed, give `extra_body`.

        Returns:
            What came. `settlements.list()` has the settlements.

        Raises:
            ProductionKeyError: this is a production key; nothing was sent.
        """
        return await self._send(MOCK_TRIGGER, options)

    async def wait(
        self, id: str, *, until: Until[Settlement] | None = None, timeout: float = 600.0
    ) -> Settlement:
        """Read a settlement again and again until it has come to an end.

        Args:
            id: the settlement (`setl_...`).
            until: what to wait for instead: statuses, or a condition on the settlement. A
                condition is waited for beyond a success; a failure ends the wait in any case.
            timeout: seconds to wait at most.

        Returns:
            The settlement as last read.

        Raises:
            WaitTimeoutError: the time is up; `last_seen` is the settlement as last read.
        """
        return await wait_for(
            lambda remaining: self.retrieve(id, timeout=remaining), id, until=until, timeout=timeout
        )

    async def reconcile(self, id: str, **options: Unpack[CallOptions]) -> SettlementReconciliation:
        """Read a settlement with its payments, refunds, orders and links, and add its lines up.

        API operations: `getSettlementById`, `getTransactionsLinkedToSettlement`, and those that
        list and read payments, refunds, orders and payment links: a page of a list brings up to a
        hundred of them, so few requests are made.

        Args:
            id: the settlement (`setl_...`).

        Returns:
            The settlement, its lines with what they belong to, and by currency what they differ
            by. `adds_up` says whether they do not.

        Raises:
            NotFoundError: no such settlement in this account and environment.
        """
        settlement = await self.retrieve(id, **options)
        transactions = await self.list_transactions(id, **options).collect()
        lines, missing = await join_lines(
            settlement,
            transactions,
            payments=self._sibling(PaymentsResource),
            refunds=self._sibling(RefundsResource),
            orders=self._sibling(OrdersResource),
            payment_links=self._sibling(PaymentLinksResource),
        )
        return add_up(settlement, lines, missing)
