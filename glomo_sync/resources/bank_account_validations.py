# Generated from glomo/resources/bank_account_validations.py by glomo_sync.generate. Do not edit.
"""Bank account validations: whether an account exists, and whose it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Unpack, overload

from glomo.http.operation import CallOptions
from glomo.models.bank_account_validations import BankAccountValidation
from glomo.resources import bank_account_validations as _resource
from glomo.serialization.model import OMIT, Omit
from glomo_sync._bridge import Bridge
from glomo_sync._pager import SyncPager


class BankAccountValidationsResource:
    """Checks of bank accounts."""

    def __init__(self, bridge: Bridge, resource: _resource.BankAccountValidationsResource) -> None:
        self._bridge = bridge
        self._async = resource

    @overload
    def create(self, *, id: str, **options: Unpack[CallOptions]) -> BankAccountValidation: ...
    @overload
    def create(
        self,
        *,
        country: str,
        holder_name: str,
        account_number: str,
        bic_primary: str,
        bic_secondary: str,
        **options: Unpack[CallOptions],
    ) -> BankAccountValidation: ...
    def create(
        self,
        *,
        id: str | Omit = OMIT,
        country: str | Omit = OMIT,
        holder_name: str | Omit = OMIT,
        account_number: str | Omit = OMIT,
        bic_primary: str | Omit = OMIT,
        bic_secondary: str | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> BankAccountValidation:
        """Check a beneficiary's bank account, or any bank account. A check may cost a fee.

        There is no idempotency key here: repeating the call is another check.

        API operation: `validateBankAccount` (`POST /bank_account_validation`).

        Args:
            id: a beneficiary (`bene_...`) whose account to check, in place of all others.
            country: the account's country, ISO 3166-1 alpha-3.
            holder_name: the account's owner.
            account_number: the account's number.
            bic_primary: SWIFT code (BIC) of the bank.
            bic_secondary: local routing code: IFSC, sort code, ABA.

        Returns:
            The check: its message says what it found, its status only that it could be made.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            OutcomeUnknownError: the check may have been made, and charged.
        """
        create: Any = self._async.create
        result: BankAccountValidation = self._bridge.call(
            lambda: create(
                id=id,
                country=country,
                holder_name=holder_name,
                account_number=account_number,
                bic_primary=bic_primary,
                bic_secondary=bic_secondary,
                **options,
            )
        )
        return result

    def list(
        self,
        *,
        beneficiary_account_id: str | Omit = OMIT,
        country: str | Omit = OMIT,
        before: datetime | Omit = OMIT,
        after: datetime | Omit = OMIT,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> SyncPager[BankAccountValidation]:
        """List checks of bank accounts.

        API operation: `getBankAccountValidations` (`GET /bank_account_validation`).

        Args:
            beneficiary_account_id: only checks of this beneficiary's account (`bene_...`).
            country: only checks of accounts in this country, ISO 3166-1 alpha-3.
            before: only checks made at or before this time.
            after: only checks made at or after this time.
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `for check in glomo.bank_account_validations.list(): ...`.
        """
        return SyncPager(
            self._bridge,
            self._async.list(
                beneficiary_account_id=beneficiary_account_id,
                country=country,
                before=before,
                after=after,
                page=page,
                per_page=per_page,
                **options,
            ),
        )
