"""Events of `virtual_account`."""

from __future__ import annotations

from glomo.models.virtual_accounts import VirtualAccount
from glomo.webhooks.event import Event, entity, event

__all__ = [
    "VirtualAccountActivated",
    "VirtualAccountDeactivated",
    "VirtualAccountDisabled",
    "VirtualAccountEvent",
]


@entity("virtual_account", VirtualAccount, identity="account_id")
class VirtualAccountEvent(Event):
    """Something happened to a virtual account."""

    data: VirtualAccount


@event("active")
class VirtualAccountActivated(VirtualAccountEvent):
    """The account can be paid on."""


@event("inactive")
class VirtualAccountDeactivated(VirtualAccountEvent):
    """The account cannot be paid on."""


@event("disabled")
class VirtualAccountDisabled(VirtualAccountEvent):
    """The account was disabled."""
