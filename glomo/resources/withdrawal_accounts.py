"""Withdrawal accounts: the merchant's own bank accounts that withdrawals go to."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from glomo.http.operation import CallOptions, Operation
from glomo.id_prefixes import WITHDRAWAL_ACCOUNT
from glomo.models.withdrawal_accounts import WithdrawalAccount
from glomo.pagination import ListOperation, Pager
from glomo.resources.base import Resource
from glomo.serialization.model import OMIT, Omit

LIST = ListOperation("withdrawal_accounts.list", "/v1/withdrawal_accounts", WithdrawalAccount)
RETRIEVE = Operation(
    "withdrawal_accounts.retrieve", "GET", "/v1/withdrawal_accounts/{id}", WithdrawalAccount
)


class WithdrawalAccountsResource(Resource):
    """The merchant's own bank accounts."""

    id_prefixes = WITHDRAWAL_ACCOUNT

    def list(
        self,
        *,
        before: datetime | Omit = OMIT,
        after: datetime | Omit = OMIT,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Pager[WithdrawalAccount]:
        """List withdrawal accounts, newest first.

        API operation: `getWithdrawalAccounts` (`GET /withdrawal_accounts`).

        Args:
            before: only accounts created at or before this time.
            after: only accounts created at or after this time.
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `async for account in glomo.withdrawal_accounts.list(): ...`.
        """
        filters = {"before": before, "after": after, "page": page, "per_page": per_page}
        return self._list(LIST, options, filters)

    async def retrieve(self, id: str, **options: Unpack[CallOptions]) -> WithdrawalAccount:
        """Read one withdrawal account.

        API operation: `getWithdrawalAccountById` (`GET /withdrawal_accounts/{id}`).

        Args:
            id: the account (`accwith_...`).

        Raises:
            NotFoundError: no such account in this merchant and environment.
        """
        return await self._send(RETRIEVE, options, path={"id": id})
