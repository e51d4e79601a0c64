"""Quotes: an exchange rate and fees, fixed for a while."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack, overload

from glomo.http.operation import CallOptions, Operation, Replay
from glomo.models.quotes import (
    QuoteFor,
    QuoteMethodParams,
    QuotePaymentMethodParams,
    Quotes,
    QuoteTransfer,
)
from glomo.resources.base import Resource
from glomo.serialization.model import OMIT, Omit
from glomo.validation import Checks, get

LOCAL_DESTINATIONS = ("INR", "AED", "EUR", "GBP", "AUD")
"""The currencies that payouts reach by a local transfer."""


CREATE = Operation(
    "quotes.create",
    "POST",
    "/v1/quotes",
    Quotes,
    Replay.NONE,
    find_out="A quote moves no money: ask for another one.",
)


class QuotesResource(Resource):
    """Quotes for payouts and payins."""

    @overload
    async def create(
        self,
        *,
        resource: QuoteFor | str,
        source_currency: str,
        destination_currency: str,
        source_amount: int,
        method: QuoteMethodParams | Mapping[str, Any] | Omit = OMIT,
        payment_method: QuotePaymentMethodParams | Mapping[str, Any] | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Quotes: ...
    @overload
    async def create(
        self,
        *,
        resource: QuoteFor | str,
        source_currency: str,
        destination_currency: str,
        destination_amount: int,
        method: QuoteMethodParams | Mapping[str, Any] | Omit = OMIT,
        payment_method: QuotePaymentMethodParams | Mapping[str, Any] | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Quotes: ...
    async def create(
        self,
        *,
        resource: QuoteFor | str,
        source_currency: str,
        destination_currency: str,
        source_amount: int | Omit = OMIT,
        destination_amount: int | Omit = OMIT,
        method: QuoteMethodParams | Mapping[str, Any] | Omit = OMIT,
        payment_method: QuotePaymentMethodParams | Mapping[str, Any] | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Quotes:
        """Ask for rate and fees. A quote is used once, by its id as `quote_id`, before it expires.

        API operation: `createQuote` (`POST /quotes`), which is known in part. Two forms of saying
        how to pay are documented and no text settles which one the API takes now: `method` is the
        guide's, `payment_method` the newer. Give one; if the API refuses it, the other. What else
        payins may need goes in `extra_body`.

        Args:
            resource: `payout` or `payin`.
            source_currency: ISO 4217 code of what is paid.
            destination_currency: ISO 4217 code of what arrives.
            source_amount: what is paid, in minor units of `source_currency`.
            destination_amount: what arrives, in minor units of `destination_currency`.
            method: `QuoteMethodParams`, or `{"payment_method": ..., "subtype": ...}`.
            payment_method: `QuotePaymentMethodParams`, or `{"type": ..., "subtype": ...}`.

        Returns:
            The offers in `quotes`: `local_transfer` to INR has one for each rail whose limits fit.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            BadRequestError: the API has no such transfer.
        """
        body = {
            "resource": resource,
            "source_currency": source_currency,
            "destination_currency": destination_currency,
            "source_amount": source_amount,
            "destination_amount": destination_amount,
            "method": method,
            "payment_method": payment_method,
        }
        checks = self._check(CREATE, body, options)
        if checks is not None:
            checks.present("resource", "source_currency", "destination_currency")
            checks.currency("source_currency", "destination_currency")
            checks.exactly_one("source_amount", "destination_amount")
            checks.minor_units("source_amount", "destination_amount")
            if resource == QuoteFor.PAYOUT:
                for name, way in (("method", method), ("payment_method", payment_method)):
                    _check_local(checks, name, way, destination_currency)
        return await self._send(CREATE, options, body=body)


def _check_local(checks: Checks, name: str, way: object, currency: str) -> None:
    local = way is not OMIT and get(way, "subtype") == QuoteTransfer.LOCAL_TRANSFER
    if local and currency not in LOCAL_DESTINATIONS:
        checks.refuse(
            f"{name}.subtype",
            f"local_transfer reaches {', '.join(LOCAL_DESTINATIONS)}: for {currency} write "
            "swift_transfer",
        )
