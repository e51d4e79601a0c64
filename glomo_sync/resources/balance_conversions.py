# Generated from glomo/resources/balance_conversions.py by glomo_sync.generate. Do not edit.
"""Balance conversions: from one of the account's balances into another currency."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Unpack, overload

from glomo.http.operation import CallOptions
from glomo.models.balance_conversions import BalanceConversion
from glomo.models.shared import Amount
from glomo.resources import balance_conversions as _resource
from glomo.serialization.model import OMIT, Omit
from glomo_sync._bridge import Bridge
from glomo_sync._pager import SyncPager


class BalanceConversionsResource:
    """Conversions between the account's balances."""

    def __init__(self, bridge: Bridge, resource: _resource.BalanceConversionsResource) -> None:
        self._bridge = bridge
        self._async = resource

    @overload
    def create(
        self,
        *,
        source_currency: str,
        target_currency: str,
        source_amount: Amount,
        **options: Unpack[CallOptions],
    ) -> BalanceConversion: ...
    @overload
    def create(
        self,
        *,
        source_currency: str,
        target_currency: str,
        target_amount: Amount,
        **options: Unpack[CallOptions],
    ) -> BalanceConversion: ...
    def create(
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
        create: Any = self._async.create
        result: BalanceConversion = self._bridge.call(
            lambda: create(
                source_currency=source_currency,
                target_currency=target_currency,
                source_amount=source_amount,
                target_amount=target_amount,
                **options,
            )
        )
        return result

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
    ) -> SyncPager[BalanceConversion]:
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
            A pager: `for conversion in glomo.balance_conversions.list(): ...`.
        """
        return SyncPager(
            self._bridge,
            self._async.list(
                source_currency=source_currency,
                target_currency=target_currency,
                before=before,
                after=after,
                page=page,
                per_page=per_page,
                **options,
            ),
        )
