"""Internal transfers: money moved between two merchants of one platform."""

from __future__ import annotations

from typing import Literal, Unpack

from glomo.http.operation import CallOptions, Operation, Replay
from glomo.models.internal_transfers import InternalTransfer
from glomo.models.shared import Amount
from glomo.resources._probes import same_names
from glomo.resources.base import Resource
from glomo.validation import account

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
    check=account.check_transfer,
    amounts={"amount": "currency"},
    echoes={
        **same_names("reference", "from_merchant_id", "to_merchant_id"),
        "amount": "transfer_amount",
        "currency": "transfer_currency",
    },
)


class InternalTransfersResource(Resource):
    """Transfers between merchants."""

    async def create(
        self,
        *,
        amount: Amount,
        currency: Literal["AED"] | str,
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
            amount: what to transfer, in minor units of `currency` or as `Money`.
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
        return await self._send(CREATE, options, body=body)
