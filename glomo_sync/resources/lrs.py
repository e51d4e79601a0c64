# Generated from glomo/resources/lrs.py by glomo_sync.generate. Do not edit.
"""LRS: remittances of residents of India through their own bank."""

from __future__ import annotations

from typing import Unpack

from glomo.http.operation import CallOptions
from glomo.models.lrs import LrsBank, LrsBankCode, LrsQuote, LrsQuoteFor
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

    def create_quote(
        self,
        *,
        bank_code: LrsBankCode | str,
        source_amount: int,
        source_currency: str,
        target_currency: str,
        resource: LrsQuoteFor | str | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> LrsQuote:
        """Ask a bank for its rate.

        An order takes the quote as its `lrs_quote_id`; amount, currency and bank must be the
        quote's.

        API operation: `createLrsQuote` (`POST /lrs/quotes`).

        Args:
            bank_code: the customer's bank, of `lrs.list_banks()`.
            source_amount: what the customer pays, in minor units of `source_currency`.
            source_currency: ISO 4217 code (`INR`).
            target_currency: ISO 4217 code of what arrives (`USD`).
            resource: `payout` for an estimate of a withdrawal, which no payout takes.

        Returns:
            The quote; it says when it expires.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            BadRequestError: the API refused the bank or a currency.
        """
        return self._bridge.call(
            lambda: self._async.create_quote(
                bank_code=bank_code,
                source_amount=source_amount,
                source_currency=source_currency,
                target_currency=target_currency,
                resource=resource,
                **options,
            )
        )
