# Generated from glomo/resources/virtual_accounts.py by glomo_sync.generate. Do not edit.
"""Virtual accounts: account numbers of the merchant's own, to be paid on."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Unpack

from glomo.http.operation import CallOptions
from glomo.models.undocumented import UndocumentedResponse
from glomo.models.virtual_accounts import VirtualAccount, VirtualAccountPaymentType
from glomo.resources import virtual_accounts as _resource
from glomo.serialization.model import OMIT, Omit
from glomo_sync._bridge import Bridge
from glomo_sync._pager import SyncPager


class VirtualAccountsResource:
    """The merchant's virtual accounts."""

    def __init__(self, bridge: Bridge, resource: _resource.VirtualAccountsResource) -> None:
        self._bridge = bridge
        self._async = resource

    def create(
        self,
        *,
        payment_type: VirtualAccountPaymentType | Literal["local", "swift"],
        currency: str,
        **options: Unpack[CallOptions],
    ) -> VirtualAccount:
        """Open a virtual account.

        API operation: `createVirtualAccount` (`POST /virtual-accounts`).

        Args:
            payment_type: `local` or `swift`.
            currency: ISO 4217 code.

        Returns:
            The account, with its number.

        Raises:
            ConflictError: there is such an account already.
            OutcomeUnknownError: the account may have been opened.
        """
        return self._bridge.call(
            lambda: self._async.create(payment_type=payment_type, currency=currency, **options)
        )

    def list(
        self,
        *,
        currency: str | Omit = OMIT,
        before: datetime | Omit = OMIT,
        after: datetime | Omit = OMIT,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> SyncPager[VirtualAccount]:
        """List virtual accounts, newest first.

        API operation: `getVirtualAccounts` (`GET /virtual-accounts`).

        Args:
            currency: only accounts in this currency, ISO 4217.
            before: only accounts created at or before this time.
            after: only accounts created at or after this time.
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `for account in glomo.virtual_accounts.list(): ...`.
        """
        return SyncPager(
            self._bridge,
            self._async.list(
                currency=currency,
                before=before,
                after=after,
                page=page,
                per_page=per_page,
                **options,
            ),
        )

    def close(
        self,
        *,
        payment_type: VirtualAccountPaymentType | str,
        currency: str,
        **options: Unpack[CallOptions],
    ) -> UndocumentedResponse:
        """Close a virtual account.

        API operation: `closeVirtualAccount` (`DELETE /virtual-accounts`), which is documented in
        part: neither the values of `payment_type` nor the response are.

        Args:
            payment_type: which account, most likely by the value that it was created with.
            currency: ISO 4217 code.

        Returns:
            What came. If the response was lost and no account of the currency is active any more,
            the list of them.

        Raises:
            NotFoundError: no such account; or an attempt whose response was lost has closed it, and
                another one in the same currency is still active.
        """
        return self._bridge.call(
            lambda: self._async.close(payment_type=payment_type, currency=currency, **options)
        )
