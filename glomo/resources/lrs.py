"""LRS: remittances of residents of India through their own bank."""

from __future__ import annotations

from typing import Literal, Unpack, overload

from glomo.http.operation import CallOptions, Operation, Replay
from glomo.models.lrs import LrsBank, LrsBankCode, LrsCurrency, LrsQuote, LrsQuoteFor
from glomo.models.shared import Amount
from glomo.pagination import ListOperation, Pager
from glomo.resources._probes import same_names
from glomo.resources.base import Resource
from glomo.serialization.model import OMIT, Omit
from glomo.validation import payouts

LIST_BANKS = ListOperation("lrs.list_banks", "/v1/lrs/banks", LrsBank, "bank_code", pinned=False)
CREATE_QUOTE = Operation(
    "lrs.create_quote",
    "POST",
    "/v1/lrs/quotes",
    LrsQuote,
    Replay.NONE,
    find_out="A quote moves no money: ask for another one.",
    check=payouts.check_lrs_quote,
    amounts={"source_amount": "source_currency"},
    echoes={
        **same_names("bank_code"),
        "source_currency": "from.currency",
        "target_currency": "to.currency",
    },
)


class LrsResource(Resource):
    """Remittances under the Liberalised Remittance Scheme of India."""

    def list_banks(self, **options: Unpack[CallOptions]) -> Pager[LrsBank]:
        """List the banks that remit.

        API operation: `getLrsBanks` (`GET /lrs/banks`).

        Returns:
            A pager of one page: `async for bank in glomo.lrs.list_banks(): ...`.
        """
        # The list has no pages, so it takes no size of one.
        return self._list(LIST_BANKS, options, {"per_page": None})

    @overload
    async def create_quote(
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
    async def create_quote(
        self,
        *,
        resource: Literal["payout", LrsQuoteFor.PAYOUT],
        source_amount: Amount,
        source_currency: Literal["USD"],
        target_currency: Literal["INR"],
        **options: Unpack[CallOptions],
    ) -> LrsQuote: ...
    async def create_quote(
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
        body = {
            "bank_code": bank_code,
            "source_amount": source_amount,
            "source_currency": source_currency,
            "target_currency": target_currency,
            "resource": resource,
        }
        return await self._send(CREATE_QUOTE, options, body=body)
