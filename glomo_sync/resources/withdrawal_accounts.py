# Generated from glomo/resources/withdrawal_accounts.py by glomo_sync.generate. Do not edit.
"""Withdrawal accounts: the merchant's own bank accounts that withdrawals go to."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from glomo.http.operation import CallOptions
from glomo.models.withdrawal_accounts import WithdrawalAccount
from glomo.resources import withdrawal_accounts as _resource
from glomo.serialization.model import OMIT, Omit
from glomo_sync._bridge import Bridge
from glomo_sync._pager import SyncPager


class WithdrawalAccountsResource:
    """The merchant's own bank accounts."""

    def __init__(self, bridge: Bridge, resource: _resource.WithdrawalAccountsResource) -> None:
        self._bridge = bridge
        self._async = resource

    def list(
        self,
        *,
        before: datetime | Omit = OMIT,
        after: datetime | Omit = OMIT,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> SyncPager[WithdrawalAccount]:
        """List withdrawal accounts, newest first.

        API operation: `getWithdrawalAccounts` (`GET /withdrawal_accounts`).

        Args:
            before: only accounts created at or before this time.
            after: only accounts created at or after this time.
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `for account in glomo.withdrawal_accounts.list(): ...`.
        """
        return SyncPager(
            self._bridge,
            self._async.list(before=before, after=after, page=page, per_page=per_page, **options),
        )

    def retrieve(self, id: str, **options: Unpack[CallOptions]) -> WithdrawalAccount:
        """Read one withdrawal account.

        API operation: `getWithdrawalAccountById` (`GET /withdrawal_accounts/{id}`).

        Args:
            id: the account (`accwith_...`).

        Raises:
            NotFoundError: no such account in this merchant and environment.
        """
        return self._bridge.call(lambda: self._async.retrieve(id, **options))
