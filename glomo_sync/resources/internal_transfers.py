# Generated from glomo/resources/internal_transfers.py by glomo_sync.generate. Do not edit.
"""Internal transfers: money moved between two merchants of one platform."""

from __future__ import annotations

from typing import Literal, Unpack

from glomo.http.operation import CallOptions
from glomo.models.internal_transfers import InternalTransfer
from glomo.models.shared import Amount
from glomo.resources import internal_transfers as _resource
from glomo_sync._bridge import Bridge


class InternalTransfersResource:
    """Transfers between merchants."""

    def __init__(self, bridge: Bridge, resource: _resource.InternalTransfersResource) -> None:
        self._bridge = bridge
        self._async = resource

    def create(
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
        return self._bridge.call(
            lambda: self._async.create(
                amount=amount,
                currency=currency,
                reference=reference,
                from_merchant_id=from_merchant_id,
                to_merchant_id=to_merchant_id,
                **options,
            )
        )
