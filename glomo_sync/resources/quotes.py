# Generated from glomo/resources/quotes.py by glomo_sync.generate. Do not edit.
"""Quotes: an exchange rate and fees, fixed for a while."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Unpack, overload

from glomo.http.operation import CallOptions
from glomo.models.quotes import QuoteFor, QuoteMethodName, QuotePaymentMethodParams, Quotes
from glomo.models.shared import Amount, BalanceCurrency, PayoutCurrency
from glomo.resources import quotes as _resource
from glomo.serialization.model import OMIT, Omit
from glomo_sync._bridge import Bridge


class QuotesResource:
    """Quotes for payouts and payins."""

    def __init__(self, bridge: Bridge, resource: _resource.QuotesResource) -> None:
        self._bridge = bridge
        self._async = resource

    @overload
    def create(
        self,
        *,
        resource: QuoteFor | Literal["payin", "payout"],
        source_currency: BalanceCurrency | str,
        destination_currency: PayoutCurrency | str,
        source_amount: Amount,
        payment_method: QuoteMethodName
        | QuotePaymentMethodParams
        | Mapping[str, Any]
        | Omit = OMIT,
        split_ids: Sequence[str] | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Quotes: ...
    @overload
    def create(
        self,
        *,
        resource: QuoteFor | Literal["payin", "payout"],
        source_currency: BalanceCurrency | str,
        destination_currency: PayoutCurrency | str,
        destination_amount: Amount,
        payment_method: QuoteMethodName
        | QuotePaymentMethodParams
        | Mapping[str, Any]
        | Omit = OMIT,
        split_ids: Sequence[str] | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Quotes: ...
    def create(
        self,
        *,
        resource: QuoteFor | Literal["payin", "payout"],
        source_currency: BalanceCurrency | str,
        destination_currency: PayoutCurrency | str,
        source_amount: Amount | Omit = OMIT,
        destination_amount: Amount | Omit = OMIT,
        payment_method: QuoteMethodName
        | QuotePaymentMethodParams
        | Mapping[str, Any]
        | Omit = OMIT,
        split_ids: Sequence[str] | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Quotes:
        """Ask for rate and fees. A quote is used once, by its id as `quote_id`, before it expires.

        API operation: `createQuote` (`POST /quotes`), which is documented in part. How to pay is
        sent as `payment_method`, as the newer texts have it; an older guide calls it `method`.
        What else payins may need goes in `extra_body`.

        Args:
            resource: `payout` or `payin`.
            source_currency: ISO 4217 code of what is paid.
            destination_currency: ISO 4217 code of what arrives.
            source_amount: what is paid, in minor units of `source_currency` or as `Money`.
            destination_amount: what arrives, in minor units of `destination_currency` or as
                `Money`.
            payment_method: how the money travels: `local_transfer` (INR, AED, EUR, GBP, AUD),
                `swift_transfer`, `bank_transfer` or `pay_via_bank`; also as
                `QuotePaymentMethodParams` or `{"type": ..., "subtype": ...}`.
            split_ids: pricing splits (`psplit_...`) of a payin.

        Returns:
            The offers in `quotes`: `local_transfer` to INR has one for each rail whose limits fit.
            `cheapest` is the one that costs least for what arrives.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            BadRequestError: the API has no such transfer.
        """
        create: Any = self._async.create
        result: Quotes = self._bridge.call(
            lambda: create(
                resource=resource,
                source_currency=source_currency,
                destination_currency=destination_currency,
                source_amount=source_amount,
                destination_amount=destination_amount,
                payment_method=payment_method,
                split_ids=split_ids,
                **options,
            )
        )
        return result
