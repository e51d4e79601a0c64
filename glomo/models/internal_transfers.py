"""Internal transfers: money moved between two merchants of one platform."""

from __future__ import annotations

from datetime import datetime

from glomo.models.shared import Fees, money
from glomo.money import Money
from glomo.serialization.model import Model, model


@model
class InternalTransfer(Model):
    """A transfer. It has no status: one that failed has an `error_code`."""

    id: str
    from_merchant_id: str | None = None
    to_merchant_id: str | None = None
    owner_merchant_id: str | None = None
    transfer_amount: int | None = None
    transfer_currency: str | None = None
    reference: str | None = None
    fees: Fees | None = None
    error_code: str | None = None
    error_description: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def money(self) -> Money | None:
        """What is transferred, without fees."""
        return money(self.transfer_amount, self.transfer_currency)

    @property
    def succeeded(self) -> bool:
        """Whether the money was moved. A transfer that failed is answered with 2xx all the same."""
        return self.error_code is None
