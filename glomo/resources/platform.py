"""Platform: merchants that a platform onboards and looks after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, Unpack

from glomo.http.operation import CallOptions, Operation, Replay, StateProbe
from glomo.id_prefixes import MERCHANT
from glomo.models.merchant_categories import MerchantCategory, MerchantSubCategory
from glomo.models.platform import Gender, Merchant, MerchantEntityType, MerchantStatus
from glomo.models.undocumented import UndocumentedResponse
from glomo.polling import Until, wait_for
from glomo.resources._probes import same_names
from glomo.resources.base import Resource
from glomo.serialization.model import OMIT, Omit
from glomo.validation import parties


def _was_set(body: Mapping[str, Any], merchant: Mapping[str, Any]) -> bool:
    return merchant.get("status") == body.get("target_status")


ONBOARD_MERCHANT = Operation(
    "platform.onboard_merchant",
    "POST",
    "/v1/platform/merchants",
    Merchant,
    Replay.NONE,
    find_out=(
        "The API has no list of merchants: look for the registration number in the merchant "
        "webhooks and the dashboard."
    ),
    unwrap="data",
    check=parties.check_merchant,
    echoes=same_names("registration_number"),
)
RETRIEVE_MERCHANT = Operation(
    "platform.retrieve_merchant", "GET", "/v1/platform/merchants/{merchant_id}", Merchant
)
MOCK_UPDATE_MERCHANT_STATUS = Operation(
    "platform.mock_update_merchant_status",
    "PATCH",
    "/v1/platform/merchants/status-update",
    UndocumentedResponse,
    Replay.MOCK,
    probe=StateProbe("/v1/platform/merchants/{merchant_id}", _was_set),
    check=parties.check_target_status,
)

_REQUIRED = (
    "name",
    "address_line1",
    "city",
    "state",
    "pincode",
    "registration_number",
    "registration_country",
    "entity_type",
    "category",
    "sub_category",
    "operation_countries",
)


class PlatformResource(Resource):
    """The merchants of a platform account."""

    id_prefixes = MERCHANT

    async def onboard_merchant(
        self,
        *,
        name: str,
        address_line1: str,
        city: str,
        state: str,
        pincode: str,
        registration_number: str,
        registration_country: str,
        entity_type: MerchantEntityType | Literal["individual", "business"],
        category: MerchantCategory | str,
        sub_category: MerchantSubCategory | str,
        operation_countries: Sequence[str],
        address_line2: str | Omit = OMIT,
        date_of_birth: date | str | Omit = OMIT,
        gender: Gender | Literal["male", "female", "undefined"] | Omit = OMIT,
        **options: Unpack[CallOptions],
    ) -> Merchant:
        """Onboard a merchant.

        There is no idempotency key here: after an unknown outcome, find out before repeating.

        API operation: `onboardMerchant` (`POST /platform/merchants`).

        Args:
            name: the business's name.
            address_line1: the address.
            city: the address's city.
            state: the address's state or province.
            pincode: the address's postal code.
            registration_number: the business's registration number, or the individual's id.
            registration_country: where it is registered, ISO 3166-1 alpha-3.
            entity_type: `individual` or `business`.
            category: the kind of business.
            sub_category: the kind of business more closely; it has to match the category.
            operation_countries: where the business operates, ISO 3166-1 alpha-3.
            address_line2: more of the address.
            date_of_birth: for individuals, and required for them.
            gender: for individuals, and required for them.

        Returns:
            The merchant, with its credential in `jwt_token`: store it.

        Raises:
            ParameterError: a rule of the API is broken; nothing was sent.
            BadRequestError: the API refused a field.
            OutcomeUnknownError: the merchant may exist.
        """
        body = {
            "name": name,
            "address_line1": address_line1,
            "address_line2": address_line2,
            "city": city,
            "state": state,
            "pincode": pincode,
            "registration_number": registration_number,
            "registration_country": registration_country,
            "entity_type": entity_type,
            "category": category,
            "sub_category": sub_category,
            "operation_countries": operation_countries,
            "date_of_birth": date_of_birth,
            "gender": gender,
        }
        return await self._send(ONBOARD_MERCHANT, options, body=body)

    async def retrieve_merchant(self, merchant_id: str, **options: Unpack[CallOptions]) -> Merchant:
        """Read one merchant of the platform.

        API operation: `getMerchant` (`GET /platform/merchants/{merchant_id}`).

        Args:
            merchant_id: the merchant (`merch_...`).

        Raises:
            NotFoundError: no such merchant of this platform.
        """
        return await self._send(RETRIEVE_MERCHANT, options, path={"merchant_id": merchant_id})

    async def mock_update_merchant_status(
        self,
        merchant_id: str,
        *,
        target_status: MerchantStatus | str,
        **options: Unpack[CallOptions],
    ) -> UndocumentedResponse:
        """End the onboarding of a merchant in the sandbox.

        API operation: `updateMerchantStatus` (`PATCH /platform/merchants/status-update`), which is
        documented in part: its response is not.

        Args:
            merchant_id: the merchant (`merch_...`).
            target_status: the status to move to. Only `success` is documented.

        Returns:
            What came. `platform.retrieve_merchant` has the merchant as it is now.

        Raises:
            ProductionKeyError: this is a production key; nothing was sent.
        """
        body = {"merchant_id": merchant_id, "target_status": target_status}
        return await self._send(MOCK_UPDATE_MERCHANT_STATUS, options, body=body)

    async def wait(
        self, merchant_id: str, *, until: Until[Merchant] | None = None, timeout: float = 600.0
    ) -> Merchant:
        """Read a merchant again and again until its onboarding has ended, or waits for something.

        Args:
            merchant_id: the merchant (`merch_...`).
            until: what to wait for instead: statuses, or a condition on the merchant. Left out,
                `action_required` ends the wait as well as `success` and `failed`. The wait ends at
                a terminal status in any case.
            timeout: seconds to wait at most.

        Returns:
            The merchant as last read.

        Raises:
            WaitTimeoutError: the time is up; `last_seen` is the merchant as last read.
        """
        return await wait_for(
            lambda remaining: self.retrieve_merchant(merchant_id, timeout=remaining),
            merchant_id,
            until=(MerchantStatus.ACTION_REQUIRED,) if until is None else until,
            timeout=timeout,
        )
