"""Resources that are known from webhooks alone. What else they hold is in `extra`."""

from __future__ import annotations

from glomo.serialization.model import Model, model


@model
class FundedBalanceCredit(Model):
    """Money that arrived in the funded balance. `timestamp` is the API's text."""

    payment_id: str | None = None
    timestamp: str | None = None


@model
class KycJourney(Model):
    """The identification of a customer."""

    id: str | None = None
    status: str | None = None


@model
class AmcFolioTransaction(Model):
    """An investment with an asset management company, in accounts for capital markets."""

    id: str | None = None
    status: str | None = None
