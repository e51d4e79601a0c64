"""Virtual accounts: account numbers of the merchant's own, to be paid on."""

from __future__ import annotations

from datetime import datetime

from glomo.serialization.model import Model, OpenEnum, always_sent, model


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
    currency: str = always_sent()
    account_number: str = always_sent(secret=True)
    name: str | None = None
    created_at: datetime = always_sent()
    updated_at: datetime = always_sent()
