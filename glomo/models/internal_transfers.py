"""Internal transfers: money moved between two merchants of one platform."""

from __future__ import annotations

from datetime import datetime

from glomo.models.shared import Fees, money
from glomo.money import Money
from glomo.serialization.model import Model, always_sent, model


@model
class InternalTransfer(Model):
    """A transfer. It has no status: one that failed has an `error_code`."""

    id: str
    from_merchant_id: str = always_sent()
    to_merchant_id: str = always_sent()
    owner_merchant_id: str | None = None
    transfer_amount: int = always_sent()
    transfer_currency: str = always_sent()
    reference: str = always_sent()
    fees: Fees | None = None
    error_code: str | None = None
    error_description: str | None = None
    created_at: datetime = always_sent()
    updated_at: datetime = always_sent()

    @property
    def transfer(self) -> Money:
        """What is transferred, without fees."""
        return money(self.transfer_amount, self.transfer_currency)

    @property
    def succeeded(self) -> bool:
        """Whether the money was moved. A transfer that failed comes with 2xx all the same."""
        return self.error_code is None
