"""Virtual accounts: account numbers of the merchant's own, to be paid on."""

from __future__ import annotations

from datetime import datetime

from glomo.serialization.model import Model, OpenEnum, model, secret


class VirtualAccountStatus(OpenEnum):
    """Whether a virtual account can be paid on."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DISABLED = "disabled"


class VirtualAccountPaymentType(OpenEnum):
    """Which payments an account takes: `local` within one country, `swift` across borders."""

    LOCAL = "local"
    SWIFT = "swift"


@model
class VirtualAccount(Model):
    """An account number to be paid on. Its format is that of the country's banks."""

    account_id: str
    status: VirtualAccountStatus
    currency: str | None = None
    account_number: str | None = secret()
    name: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
