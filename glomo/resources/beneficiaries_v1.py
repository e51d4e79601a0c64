"""Beneficiaries of the API's first version, deprecated in favour of `beneficiaries`."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from glomo.deprecation import warn_deprecated
from glomo.http.operation import CallOptions, Operation, Replay
from glomo.id_prefixes import BENEFICIARY
from glomo.models.beneficiaries import BeneficiaryType, BeneficiaryTypeName
from glomo.models.beneficiaries_v1 import BeneficiaryV1
from glomo.pagination import ListOperation, Pager
from glomo.resources._probes import same_names
from glomo.resources.base import Resource
from glomo.serialization.model import OMIT, Omit
from glomo.validation import parties

_REQUIRED = (
    "beneficiary_type",
    "account_number",
    "holder_name",
    "bic_primary",
    "bic_secondary",
    "bank_name",
    "address_line1",
    "email",
    "city",
    "state",
    "country",
    "pincode",
    "nickname",
)


CREATE = Operation(
    "beneficiaries_v1.create",
    "POST",
    "/v1/beneficiaries",
    BeneficiaryV1,
    Replay.NONE,
    find_out="Look for its name and account in beneficiaries_v1.list().",
    check=parties.check_beneficiary_v1,
    echoes=same_names("account_number"),
)
LIST = ListOperation("beneficiaries_v1.list", "/v1/beneficiaries", BeneficiaryV1)
RETRIEVE = Operation("beneficiaries_v1.retrieve", "GET", "/v1/beneficiaries/{id}", BeneficiaryV1)


class BeneficiariesV1Resource(Resource):
    """Beneficiaries (v1). Deprecated: use `beneficiaries`."""

    id_prefixes = BENEFICIARY

    async def create(
        self,
        *,
        beneficiary_type: BeneficiaryType | BeneficiaryTypeName,
        account_number: str,
        holder_name: str,
        bic_primary: str,
        bic_secondary: str,
        bank_name: str,
        address_line1: str,
        email: str,
        city: str,
        state: str,
        country: str,
        pincode: str,
        nickname: str,
        address_line2: str | Omit = OMIT,
        intermediate_bank_name: str | Omit = OMIT,
        intermediate_bank_country: str | Omit = OMIT,
        intermediate_bank_swift_code: str | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> BeneficiaryV1:
        """Add someone who can be paid. Deprecated: use `beneficiaries.create`.

        There is no idempotency key here: after an unknown outcome, look before repeating.

        API operation: `createBeneficiary` (`POST /beneficiaries`).

        Args:
            beneficiary_type: `individual` or `business`.
            account_number: the account's number.
            holder_name: the beneficiary's name.
            bic_primary: SWIFT code (BIC) of the bank.
            bic_secondary: local routing code: IFSC, sort code, ABA.
            bank_name: the bank's name.
            address_line1: the beneficiary's address.
            email: the beneficiary's email address.
            city: the address's city.
            state: the address's state.
            country: the address's country, ISO 3166-1 alpha-3.
            pincode: the address's postal code.
            nickname: how to show the beneficiary.
            address_line2: more of the address.
            intermediate_bank_name: the correspondent bank, if there is one.
            intermediate_bank_country: its country, ISO 3166-1 alpha-3.
            intermediate_bank_swift_code: its SWIFT code.

        Returns:
            The beneficiary.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            OutcomeUnknownError: the beneficiary may exist.
        """
        warn_deprecated("beneficiaries_v1.create", "beneficiaries.create")
        body = {
            "beneficiary_type": beneficiary_type,
            "account_number": account_number,
            "holder_name": holder_name,
            "bic_primary": bic_primary,
            "bic_secondary": bic_secondary,
            "bank_name": bank_name,
            "address_line1": address_line1,
            "address_line2": address_line2,
            "email": email,
            "city": city,
            "state": state,
            "country": country,
            "pincode": pincode,
            "nickname": nickname,
            "intermediate_bank_name": intermediate_bank_name,
            "intermediate_bank_country": intermediate_bank_country,
            "intermediate_bank_swift_code": intermediate_bank_swift_code,
        }
        return await self._send(CREATE, options, body=body)

    def list(
        self,
        *,
        beneficiary_type: BeneficiaryType | str | Omit = OMIT,
        country: str | Omit = OMIT,
        before: datetime | Omit = OMIT,
        after: datetime | Omit = OMIT,
        page: int | Omit = OMIT,
        per_page: int | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Pager[BeneficiaryV1]:
        """List beneficiaries, newest first. Deprecated: use `beneficiaries.list`.

        API operation: `getBeneficiaries` (`GET /beneficiaries`).

        Args:
            beneficiary_type: only individuals or only businesses.
            country: only beneficiaries in this country, ISO 3166-1 alpha-3.
            before: only beneficiaries created at or before this time.
            after: only beneficiaries created at or after this time.
            page: the page to start at, from 1.
            per_page: objects a page, 1 to 100; left out, 100.

        Returns:
            A pager: `async for beneficiary in glomo.beneficiaries_v1.list(): ...`.
        """
        warn_deprecated("beneficiaries_v1.list", "beneficiaries.list")
        filters = {
            "beneficiary_type": beneficiary_type,
            "country": country,
            "before": before,
            "after": after,
            "page": page,
            "per_page": per_page,
        }
        return self._list(LIST, options, filters)

    async def retrieve(self, id: str, **options: Unpack[CallOptions]) -> BeneficiaryV1:
        """Read one beneficiary. Deprecated: use `beneficiaries.retrieve`.

        API operation: `getBeneficiaryById` (`GET /beneficiaries/{id}`).

        Args:
            id: the beneficiary (`bene_...`).

        Raises:
            NotFoundError: no such beneficiary in this account and environment.
        """
        warn_deprecated("beneficiaries_v1.retrieve", "beneficiaries.retrieve")
        return await self._send(RETRIEVE, options, path={"id": id})
