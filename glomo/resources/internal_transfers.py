"""Internal transfers: money moved between two merchants of one platform."""

from __future__ import annotations

from typing import Unpack

from glomo.http.operation import CallOptions, Operation, Replay
from glomo.models.internal_transfers import InternalTransfer
from glomo.resources.base import Resource

MERCHANT_PREFIX = "merch_"
CURRENCIES = ("AED",)
"""What the API transfers at present."""


CREATE = Operation(
    "internal_transfers.create",
    "POST",
    "/v1/internal-transfer",
    InternalTransfer,
    Replay.NONE,
    find_out=(
        "The API has no list of transfers: compare the balances of both merchants, or look for "
        "the reference in the internal_transfer webhooks and the dashboard."
    ),
)


class InternalTransfersResource(Resource):
    """Transfers between merchants."""

    async def create(
        self,
        *,
        amount: int,
        currency: str,
        reference: str,
        from_merchant_id: str,
        to_merchant_id: str,
        **options: Unpack[CallOptions],
    ) -> InternalTransfer:
        """Move money from one merchant to another.

        There is no idempotency key here and no list to look at: after an unknown outcome, find out
        before repeating.

        API operation: `createInternalTransfer` (`POST /internal-transfer`).

        Args:
            amount: what to transfer, in minor units of `currency`.
            currency: ISO 4217 code; only AED at present.
            reference: your reference, at most 100 characters.
            from_merchant_id: who pays (`merch_...`).
            to_merchant_id: who receives (`merch_...`), another merchant.

        Returns:
            The transfer.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            BadRequestError: the API refused the transfer.
            OutcomeUnknownError: the transfer may have happened.
        """
        body = {
            "amount": amount,
            "currency": currency,
            "reference": reference,
            "from_merchant_id": from_merchant_id,
            "to_merchant_id": to_merchant_id,
        }
        checks = self._check(CREATE, body, options)
        if checks is not None:
            checks.present(*body)
            checks.minor_units("amount")
            if str(currency).upper() not in CURRENCIES:
                checks.refuse("currency", f"must be {' or '.join(CURRENCIES)}, not {currency!r}")
            checks.at_most("reference", 100)
            checks.prefix("from_merchant_id", MERCHANT_PREFIX)
            checks.prefix("to_merchant_id", MERCHANT_PREFIX)
            if from_merchant_id == to_merchant_id:
                checks.refuse("to_merchant_id", "must be another merchant than from_merchant_id")
        return await self._send(CREATE, options, body=body)
