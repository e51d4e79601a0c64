# Generated from glomo/resources/lrs.py by glomo_sync.generate. Do not edit.
"""LRS: remittances of residents of India through their own bank."""

from __future__ import annotations

from typing import Any, Literal, Unpack, overload

from glomo.http.operation import CallOptions
from glomo.models.lrs import LrsBank, LrsBankCode, LrsCurrency, LrsQuote, LrsQuoteFor
from glomo.models.shared import Amount
from glomo.resources import lrs as _resource
from glomo.serialization.model import OMIT, Omit
from glomo_sync._bridge import Bridge
from glomo_sync._pager import SyncPager


class LrsResource:
    """Remittances under the Liberalised Remittance Scheme of India."""

    def __init__(self, bridge: Bridge, resource: _resource.LrsResource) -> None:
        self._bridge = bridge
        self._async = resource

    def list_banks(self, **options: Unpack[CallOptions]) -> SyncPager[LrsBank]:
        """List the banks that remit.

        API operation: `getLrsBanks` (`GET /lrs/banks`).

        Returns:
            A pager of one page: `for bank in glomo.lrs.list_banks(): ...`.
        """
        return SyncPager(self._bridge, self._async.list_banks(**options))

    @overload
    def create_quote(
        self,
        *,
        bank_code: LrsBankCode | str,
        source_amount: Amount,
        source_currency: LrsCurrency,
        target_currency: LrsCurrency,
        resource: Literal["payin", LrsQuoteFor.PAYIN] | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> LrsQuote: ...
    @overload
    def create_quote(
        self,
        *,
        resource: Literal["payout", LrsQuoteFor.PAYOUT],
        source_amount: Amount,
        source_currency: Literal["USD"],
        target_currency: Literal["INR"],
        **options: Unpack[CallOptions],
    ) -> LrsQuote: ...
    def create_quote(
        self,
        *,
        source_amount: Amount,
        source_currency: LrsCurrency,
        target_currency: LrsCurrency,
        bank_code: LrsBankCode | str | Omit = OMIT,
        resource: LrsQuoteFor | Literal["payin", "payout"] | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> LrsQuote:
        """Ask a bank for its rate.

        An order takes the quote as its `lrs_quote_id`; its amount is the quote's `order_amount`,
        and its account must be of the quote's bank. A quote for a payout is an estimate, from USD
        to INR only, which no payout takes.

        API operation: `createLrsQuote` (`POST /lrs/quotes`).

        Args:
            source_amount: what the customer pays, in minor units of `source_currency` or as
                `Money`.
            source_currency: `INR` or `USD`.
            target_currency: the other one.
            bank_code: the customer's bank, of `lrs.list_banks()`; not for a payout.
            resource: `payin` for an order, which is usual, or `payout`.

        Returns:
            The quote; it says when it expires.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            BadRequestError: the API refused the bank or a currency.
        """
        create_quote: Any = self._async.create_quote
        result: LrsQuote = self._bridge.call(
            lambda: create_quote(
                source_amount=source_amount,
                source_currency=source_currency,
                target_currency=target_currency,
                bank_code=bank_code,
                resource=resource,
                **options,
            )
        )
        return result
