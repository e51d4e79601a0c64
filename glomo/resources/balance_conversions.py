"""Balance conversions: from one of the account's balances into another currency."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack, overload

from glomo.http.operation import CallOptions, Operation, Replay
from glomo.models.balance_conversions import BalanceConversion
from glomo.models.shared import Amount
from glomo.pagination import ListOperation, Pager
from glomo.resources.base import Resource
from glomo.serialization.model import OMIT, Omit
from glomo.validation import account

CREATE = Operation(
    "balance_conversions.create",
    "POST",
    "/v1/balance_conversions",
    BalanceConversion,
    Replay.NONE,
    find_out="Look for its currencies and amount in balance_conversions.list().",
    check=account.check_conversion,
    amounts={"source_amount": "source_currency", "target_amount": "target_currency"},
    echoes={
        "source_currency": "from.currency",
        "source_amount": "from.amount",
        "target_currency": "to.currency",
        "target_amount": "to.amount",
    },
)
LIST = ListOperation("balance_conversions.list", "/v1/balance_conversions", BalanceConversion)


class BalanceConversionsResource(Resource):
    """Conversions between the account's balances."""

    @overload
    async def create(
        self,
        *,
        source_currency: str,
        target_currency: str,
        source_amount: Amount,
        **options: Unpack[CallOptions],
    ) -> BalanceConversion: ...
    @overload
    async def create(
        self,
        *,
        source_currency: str,
        target_currency: str,
        target_amount: Amount,
        **options: Unpack[CallOptions],
    ) -> BalanceConversion: ...
    async def create(
        self,
        *,
        source_currency: str,
        target_currency: str,
        source_amount: Amount | Omit = OMIT,
        target_amount: Amount | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> BalanceConversion:
        """Convert from one balance into another.

        Name either the amount to convert or the amount to receive; the API works out the other.
        There is no idempotency key here: after an unknown outcome, look before repeating.

        API operation: `createBalanceConversion` (`POST /balance_conversions`).

        Args:
            source_currency: ISO 4217 code of the balance to convert from.
            target_currency: ISO 4217 code of the balance to convert to.
            source_amount: what to convert, in minor units of `source_currency` or as `Money`.
            target_amount: what to receive, in minor units of `target_currency` or as `Money`.

        Returns:
            The conversion; its status says how it went.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            BadRequestError: the API refused a currency or an amount.
            OutcomeUnknownError: the conversion may have happened.
        """
        body = {
            "source_currency": source_currency,
            "target_currency": target_currency,
            "source_amount": source_amount,
            "target_amount": target_amount,
        }
        return await self._send(CREATE, options, body=body)

    def list(
        self,
        *,
        source_currency: str | Omit = OMIT,
        target_currency: str | Omit = OMIT,
        before: datetime | Omit = OMIT,
        after: datetime | Omit = OMIT,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Pager[BalanceConversion]:
        """List conversions, newest first.

        API operation: `getBalanceConversions` (`GET /balance_conversions`).

        Args:
            source_currency: only conversions from this currency.
            target_currency: only conversions to this currency.
            before: only conversions created at or before this time.
            after: only conversions created at or after this time.
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `async for conversion in glomo.balance_conversions.list(): ...`.
        """
        filters = {
            "source_currency": source_currency,
            "target_currency": target_currency,
            "before": before,
            "after": after,
            "page": page,
            "per_page": per_page,
        }
        return self._list(LIST, options, filters)
