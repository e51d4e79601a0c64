"""Prices: what is deducted from a payment for its processing."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Unpack, overload

from glomo.http.operation import CallOptions, Operation, Replay
from glomo.id_prefixes import PRICE
from glomo.models.prices import Price, PricingType
from glomo.models.shared import Amount
from glomo.pagination import ListOperation, Pager
from glomo.resources._probes import same_names
from glomo.resources.base import Resource
from glomo.serialization.model import OMIT, Omit
from glomo.validation import account

CREATE = Operation(
    "prices.create",
    "POST",
    "/v1/prices",
    Price,
    Replay.NONE,
    find_out="Look for it in prices.list() before creating it again.",
    check=account.check_price,
    amounts={"fees_amount": "fees_currency"},
    echoes=same_names("pricing_type", "fees_amount", "fees_currency"),
)
LIST = ListOperation("prices.list", "/v1/prices", Price)
RETRIEVE = Operation("prices.retrieve", "GET", "/v1/prices/{id}", Price)


class PricesResource(Resource):
    """Prices of a platform."""

    id_prefixes = PRICE

    @overload
    async def create(
        self,
        *,
        pricing_type: Literal["fixed", PricingType.FIXED],
        fees_currency: str,
        fees_amount: Amount,
        set_as_default: bool | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Price: ...
    @overload
    async def create(
        self,
        *,
        pricing_type: Literal["percentage", PricingType.PERCENTAGE],
        bps: int,
        set_as_default: bool | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Price: ...
    async def create(
        self,
        *,
        pricing_type: PricingType | Literal["fixed", "percentage"],
        fees_currency: str | Omit = OMIT,
        fees_amount: Amount | Omit = OMIT,
        bps: int | Omit = OMIT,
        set_as_default: bool | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Price:
        """Set a referral fee, which orders and payment links can name as their `price_id`.

        The first price becomes the default by itself; the default holds where a payin names none.

        API operation: `createPrice` (`POST /prices`).

        Args:
            pricing_type: `fixed` with `fees_currency` and `fees_amount`, `percentage` with `bps`.
            fees_currency: ISO 4217 code.
            fees_amount: what is deducted from the balance, in minor units of `fees_currency` or as
                `Money`.
            bps: basis points of the payment's amount: 100 is 1 %.
            set_as_default: whether it takes the place of the default.

        Returns:
            The price.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            BadRequestError: the API refused a field.
            OutcomeUnknownError: the price may exist.
        """
        body = {
            "pricing_type": pricing_type,
            "fees_currency": fees_currency,
            "fees_amount": fees_amount,
            "bps": bps,
            "set_as_default": set_as_default,
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
    ) -> Pager[Price]:
        """List prices, newest first.

        API operation: `getPrices` (`GET /prices`).

        Args:
            before: only prices created at or before this time.
            after: only prices created at or after this time.
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `async for price in glomo.prices.list(): ...`.
        """
        filters = {"before": before, "after": after, "page": page, "per_page": per_page}
        return self._list(LIST, options, filters)

    async def retrieve(self, id: str, **options: Unpack[CallOptions]) -> Price:
        """Read one price.

        API operation: `getPriceById` (`GET /prices/{id}`).

        Args:
            id: the price (`price_...`).

        Raises:
            NotFoundError: no such price in this account and environment.
        """
        return await self._send(RETRIEVE, options, path={"id": id})
