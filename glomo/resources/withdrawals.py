"""Withdrawals, which the API has deprecated: settlements have taken their place."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from glomo.deprecation import warn_deprecated
from glomo.http.operation import CallOptions, Operation, Replay
from glomo.models.shared import Amount
from glomo.models.withdrawals import Withdrawal, WithdrawalStatus, WithdrawalStatusName
from glomo.pagination import ListOperation, Pager
from glomo.resources._probes import same_names
from glomo.resources.base import Resource
from glomo.serialization.model import OMIT, Omit
from glomo.validation import account

CREATE = Operation(
    "withdrawals.create",
    "POST",
    "/v1/withdrawals",
    Withdrawal,
    Replay.NONE,
    find_out="Look for its amount and account in withdrawals.list().",
    check=account.check_withdrawal,
    amounts={"amount": "balance_currency"},
    echoes=same_names("withdrawal_account_id"),
)
LIST = ListOperation("withdrawals.list", "/v1/withdrawals", Withdrawal)


class WithdrawalsResource(Resource):
    """Withdrawals to the merchant's own bank accounts. Deprecated: use settlements."""

    async def create(
        self,
        *,
        amount: Amount,
        balance_currency: str,
        withdrawal_account_id: str | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Withdrawal:
        """Withdraw from a balance. Deprecated: use `settlements.create`.

        There is no idempotency key here: after an unknown outcome, look before repeating.

        API operation: `createWithdrawal` (`POST /withdrawals`).

        Args:
            amount: what to receive, in minor units or as `Money` of `balance_currency`.
            balance_currency: ISO 4217 code of the balance to debit.
            withdrawal_account_id: the account to pay to (`accwith_...`); it receives its own
                currency.

        Returns:
            The withdrawal.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            OutcomeUnknownError: the withdrawal may have happened.
        """
        warn_deprecated("withdrawals.create", "settlements.create")
        body = {
            "amount": amount,
            "balance_currency": balance_currency,
            "withdrawal_account_id": withdrawal_account_id,
        }
        return await self._send(CREATE, options, body=body)

    def list(
        self,
        *,
        withdrawal_account_id: str | Omit = OMIT,
        status: WithdrawalStatus | WithdrawalStatusName | str | Omit = OMIT,
        before: datetime | Omit = OMIT,
        after: datetime | Omit = OMIT,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Pager[Withdrawal]:
        """List withdrawals. Deprecated: use `settlements.list`.

        API operation: `getWithdrawals` (`GET /withdrawals`).

        Args:
            withdrawal_account_id: only withdrawals to this account (`accwith_...`).
            status: only withdrawals with this status.
            before: only withdrawals created at or before this time.
            after: only withdrawals created at or after this time.
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `async for withdrawal in glomo.withdrawals.list(): ...`.
        """
        warn_deprecated("withdrawals.list", "settlements.list")
        filters = {
            "withdrawal_account_id": withdrawal_account_id,
            "status": status,
            "before": before,
            "after": after,
            "page": page,
            "per_page": per_page,
        }
        return self._list(LIST, options, filters)
