"""Virtual accounts: account numbers of the merchant's own, to be paid on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, Unpack

from glomo.http.operation import CallOptions, Operation, Replay, StateProbe
from glomo.models.undocumented import UndocumentedResponse
from glomo.models.virtual_accounts import (
    VirtualAccount,
    VirtualAccountPaymentType,
    VirtualAccountStatus,
)
from glomo.pagination import ListOperation, Pager
from glomo.resources._probes import same_names
from glomo.resources.base import Resource
from glomo.serialization.model import OMIT, Omit
from glomo.serialization.values import is_list, is_object
from glomo.validation import account


def _none_is_active(_: Mapping[str, Any], page: Mapping[str, Any]) -> bool:
    """Whether no account of the currency is active any more.

    Accounts do not show their payment type. If one is still active, it may be the other type's, so
    nothing is said.
    """
    accounts = page.get("data")
    return is_list(accounts) and not any(
        is_object(account) and account.get("status") == VirtualAccountStatus.ACTIVE
        for account in accounts
    )


CREATE = Operation(
    "virtual_accounts.create",
    "POST",
    "/v1/virtual-accounts",
    VirtualAccount,
    Replay.NONE,
    find_out="Look for its currency in virtual_accounts.list(): what exists is refused with 409.",
    check=account.check_virtual_account,
    echoes=same_names("currency"),
)
LIST = ListOperation("virtual_accounts.list", "/v1/virtual-accounts", VirtualAccount, "account_id")
CLOSE = Operation(
    "virtual_accounts.close",
    "DELETE",
    "/v1/virtual-accounts",
    UndocumentedResponse,
    Replay.STATE,
    probe=StateProbe("/v1/virtual-accounts", _none_is_active, query=("currency",)),
    check=account.check_virtual_account_to_close,
)


class VirtualAccountsResource(Resource):
    """The merchant's virtual accounts."""

    async def create(
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
        body = {"payment_type": payment_type, "currency": currency}
        return await self._send(CREATE, options, body=body)

    def list(
        self,
        *,
        currency: str | Omit = OMIT,
        before: datetime | Omit = OMIT,
        after: datetime | Omit = OMIT,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Pager[VirtualAccount]:
        """List virtual accounts, newest first.

        API operation: `getVirtualAccounts` (`GET /virtual-accounts`).

        Args:
            currency: only accounts in this currency, ISO 4217.
            before: only accounts created at or before this time.
            after: only accounts created at or after this time.
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `async for account in glomo.virtual_accounts.list(): ...`.
        """
        filters = {
            "currency": currency,
            "before": before,
            "after": after,
            "page": page,
            "per_page": per_page,
        }
        return self._list(LIST, options, filters)

    async def close(
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
        query = {"payment_type": payment_type, "currency": currency}
        return await self._send(CLOSE, options, query=query)
