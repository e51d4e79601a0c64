from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest

from glomo import AsyncGlomo
from glomo.errors import OutcomeUnknownError, ParameterError
from glomo.models.merchant_categories import MerchantCategory, MerchantSubCategory
from glomo.models.platform import MerchantStatus

from .conftest import Wire

MERCHANT = {
    "owner_merchant_id": "merch_68511919RVuf6",
    "merchant_id": "merch_68c777fcOOMpl",
    "status": "pending",
    "name": "John Doe",
    "category": "Agricultural Services",
    "entity_type": "individual",
    "sub_category": "Veterinary Services",
    "gender": "male",
    "date_of_birth": "2001-08-04",
    "registration_number": "REG123456",
    "registration_country": "IND",
    "address": {"address_line1": "123 Main St", "city": "Bangalore", "country": "IND"},
    "operation_countries": ["IND"],
    "created_at": "2025-10-07T06:11:47Z",
    "updated_at": "2025-10-07T06:11:47Z",
    "jwt_token": "child_merchant_JWT",
    "public_key": "live_6889e287VfqrPVPg",
}


def business(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Child Business Name",
        "address_line1": "456 Commerce Street",
        "city": "Mumbai",
        "state": "Maharashtra",
        "pincode": "400001",
        "registration_number": "REG123456",
        "registration_country": "IND",
        "entity_type": "business",
        "category": MerchantCategory.AGRICULTURAL_SERVICES,
        "sub_category": MerchantSubCategory.VETERINARY_SERVICES,
        "operation_countries": ["IND", "USA"],
        **changes,
    }


async def test_a_merchant_comes_out_of_its_envelope(glomo: AsyncGlomo, wire: Wire) -> None:
    response_body = {"message": "Merchant created successfully!", "data": MERCHANT}
    wire.on("POST", "/v1/platform/merchants", (201, response_body))
    merchant = await glomo.platform.onboard_merchant(
        **business(entity_type="individual", date_of_birth=date(2001, 8, 4), gender="male")
    )
    assert wire.body == {
        **business(entity_type="individual", date_of_birth="2001-08-04", gender="male"),
        "category": "Agricultural Services",
        "sub_category": "Veterinary Services",
    }
    assert merchant.merchant_id == "merch_68c777fcOOMpl"
    assert merchant.status is MerchantStatus.PENDING
    assert merchant.sub_category is MerchantSubCategory.VETERINARY_SERVICES
    assert merchant.date_of_birth == date(2001, 8, 4)


async def test_the_credential_is_there_and_does_not_show(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("GET", "/v1/platform/merchants/merch_1", MERCHANT)
    merchant = await glomo.platform.retrieve_merchant("merch_1")
    assert merchant.jwt_token == "child_merchant_JWT"
    assert "child_merchant_JWT" not in repr(merchant)
    assert "child_merchant_JWT" not in str(merchant)
    assert "REG123456" not in repr(merchant)


@pytest.mark.parametrize(
    ("parameter", "changes"),
    [
        ("name", {"name": ""}),
        ("registration_country", {"registration_country": "IN"}),
        ("registration_country", {"registration_country": "ind"}),
        ("operation_countries", {"operation_countries": []}),
        ("operation_countries", {"operation_countries": "IND"}),
        ("operation_countries[1]", {"operation_countries": ["IND", "US"]}),
        ("date_of_birth", {"entity_type": "individual", "gender": "female"}),
        ("gender", {"entity_type": "individual", "date_of_birth": "2001-08-04"}),
        ("date_of_birth", {"date_of_birth": "04.08.2001"}),
    ],
)
async def test_a_merchant_that_the_api_would_refuse_is_not_sent(
    glomo: AsyncGlomo, wire: Wire, parameter: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(ParameterError) as refused:
        await glomo.platform.onboard_merchant(**business(**changes))
    assert refused.value.parameter == parameter
    assert wire.targets == []


async def test_a_merchant_is_not_onboarded_twice(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("POST", "/v1/platform/merchants", (502, b"bad gateway"))
    with pytest.raises(OutcomeUnknownError, match="registration number"):
        await glomo.platform.onboard_merchant(**business())
    assert len(wire.targets) == 1


async def test_the_end_of_an_onboarding(glomo: AsyncGlomo, wire: Wire) -> None:
    wire.on("PATCH", "/v1/platform/merchants/status-update", {"status": "success"})
    merchant = await glomo.platform.mock_update_merchant_status(
        "merch_1", target_status=MerchantStatus.SUCCESS
    )
    assert wire.body == {"merchant_id": "merch_1", "target_status": "success"}
    assert merchant.extra == {"status": "success"}


async def test_an_end_reached_by_a_lost_attempt_is_no_error(glomo: AsyncGlomo, wire: Wire) -> None:
    refusal = (400, {"message": "State change not allowed"})
    wire.on(
        "PATCH",
        "/v1/platform/merchants/status-update",
        httpx.ReadError("connection reset"),
        refusal,
    )
    wire.on("GET", "/v1/platform/merchants/merch_1", {**MERCHANT, "status": "success"})
    merchant = await glomo.platform.mock_update_merchant_status("merch_1", target_status="success")
    assert merchant.extra["status"] == "success"


async def test_ids_of_merchants(glomo: AsyncGlomo) -> None:
    with pytest.raises(ParameterError, match="merch_"):
        await glomo.platform.retrieve_merchant("cust_1")
