"""LRS: remittances of residents of India through their own bank."""

from __future__ import annotations

from typing import Unpack

from glomo.http.operation import CallOptions, Operation, Replay
from glomo.models.lrs import LrsBank, LrsBankCode, LrsQuote, LrsQuoteFor
from glomo.pagination import ListOperation, Pager
from glomo.resources.base import Resource
from glomo.serialization.model import OMIT, Omit

LIST_BANKS = ListOperation("lrs.list_banks", "/v1/lrs/banks", LrsBank, "bank_code", pinned=False)
CREATE_QUOTE = Operation(
    "lrs.create_quote",
    "POST",
    "/v1/lrs/quotes",
    LrsQuote,
    Replay.NONE,
    find_out="A quote moves no money: ask for another one.",
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

    async def create_quote(
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
        body = {
            "bank_code": bank_code,
            "source_amount": source_amount,
            "source_currency": source_currency,
            "target_currency": target_currency,
            "resource": resource,
        }
        checks = self._check(CREATE_QUOTE, body, options)
        if checks is not None:
            checks.present("bank_code", "source_amount", "source_currency", "target_currency")
            checks.minor_units("source_amount")
            checks.currency("source_currency", "target_currency")
        return await self._send(CREATE_QUOTE, options, body=body)
