from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from glomo import AsyncGlomo
from glomo.errors import OutcomeUnknownError, ParameterError
from glomo.models.customers import CustomerStatus, CustomerType
from glomo.validation import dates

from .conftest import Wire

LOST = httpx.ReadError("connection reset")
PARAMETERS: dict[str, Any] = {
    "name": "John Doe & Sons, Ltd.",
    "customer_type": "business",
    "email": "john@example.com",
    "address": "123 Main St",
    "city": "Anytown",
    "state": "Anystate",
    "country": "IND",
    "pincode": "560048",
}
CUSTOMER: dict[str, Any] = {
    **PARAMETERS,
    "id": "cust_5JU9yv0lGSUP",
    "status": "active",
    "dob": "2003-11-29",
    "tax_identification_number": "BFQPG7654R",
    "created_at": "2021-06-01T12:00:00Z",
}


async def test_a_customer_is_sent_as_asked_and_read_typed(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("POST", "/v1/customer", (201, CUSTOMER))

    customer = await glomo.customers.create(**PARAMETERS, dob=date(2003, 11, 29))

    assert wire.targets == ["POST /v1/customer"]
    assert wire.body == PARAMETERS | {"dob": "2003-11-29"}
    assert customer.customer_type is CustomerType.BUSINESS
    assert customer.status is CustomerStatus.ACTIVE
    assert customer.dob == date(2003, 11, 29)
    assert "BFQPG7654R" not in repr(customer)


async def test_an_indian_resident_is_added_with_identity_data(
    wire: Wire, glomo: AsyncGlomo
) -> None:
    wire.on("POST", "/v1/customer", (201, CUSTOMER))
    parameters = PARAMETERS | {
        "name": "John Doe",
        "phone": "+91-9023456789",
        "tax_identification_number": "BFQPG7654R",
        "kyc": {"anything": "the account was told"},
    }
    await glomo.customers.create(**parameters)
    assert wire.body == parameters


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"name": "J"}, "name"),
        ({"name": "J" * 129}, "name"),
        ({"name": "José"}, "name"),
        ({"name": "john_doe"}, "name"),
        ({"name": "John\n"}, "name"),
        ({"customer_type": "person"}, "customer_type"),
        ({"email": "john"}, "email"),
        ({"address": ""}, "address"),
        ({"city": None}, "city"),
        ({"country": "IN"}, "country"),
        ({"nationality": "ind"}, "nationality"),
        ({"dob": "29/11/2003"}, "dob"),
        ({"tax_identification_number": "BFQPG7654R", "phone": "+91-1"}, "name"),
        ({"tax_identification_number": "BFQPG7654R", "name": "John Doe"}, "phone"),
        ({"kyc": {"pan_number": "BFQPG7654R"}, "phone": "+91-1"}, "name"),
        ({"kyc": {"pan_number": "BFQPG7654R"}, "name": "John Doe"}, "phone"),
        ({"kyc": {"pan_number": 5}}, "kyc.pan_number"),
        ({"kyc": "BFQPG7654R"}, "kyc"),
        ({"name": 5}, "name"),
        ({"phone": 919023456789}, "phone"),
    ],
)
async def test_what_the_api_would_refuse_is_not_sent(
    change: dict[str, Any], parameter: str, wire: Wire, glomo: AsyncGlomo
) -> None:
    with pytest.raises(ParameterError) as refused:
        await glomo.customers.create(**PARAMETERS | change)
    assert refused.value.parameter == parameter
    assert wire.targets == []


async def test_nobody_is_born_today(
    wire: Wire, glomo: AsyncGlomo, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire.on("POST", "/v1/customer", (201, CUSTOMER))
    today = date(2025, 9, 1)
    monkeypatch.setattr(dates, "today", lambda: today)
    with pytest.raises(ParameterError, match="in the past"):
        await glomo.customers.create(**PARAMETERS, dob=today)
    await glomo.customers.create(**PARAMETERS, dob=today - timedelta(days=1))
    assert wire.body["dob"] == "2025-08-31"


async def test_a_lost_answer_is_never_tried_again(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("POST", "/v1/customer", LOST)
    with pytest.raises(OutcomeUnknownError, match=r"customers.list\(email_address"):
        await glomo.customers.create(**PARAMETERS)
    assert wire.targets == ["POST /v1/customer"]


async def test_a_paying_account_has_a_bank(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("POST", "/v1/customer/cust_1/bank-accounts", {"id": "ba_xyz123", "active": True}, b"")

    bank_account = await glomo.customers.create_bank_account(
        "cust_1", account_number="1234567890", bic_primary="HDFCINBBDEL"
    )
    assert wire.body == {"account_number": "1234567890", "bic_primary": "HDFCINBBDEL"}
    assert bank_account.extra == {"id": "ba_xyz123", "active": True}

    # The answer is not documented: it may as well be empty.
    bank_account = await glomo.customers.create_bank_account(
        "cust_1",
        account_number="1234567890",
        bic_secondary="HDFC0001097",
        extra_body={"bank_code": "hdfc"},
    )
    assert wire.body["bank_code"] == "hdfc"
    assert bank_account.extra == {}

    with pytest.raises(ParameterError, match="bic_secondary is required"):
        await glomo.customers.create_bank_account("cust_1", account_number="1234567890")
    assert len(wire.targets) == 2


async def test_an_lrs_account_goes_to_a_path_of_its_own(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("POST", "/v1/customer/cust_1/bank_account", {"id": "acclrs_1", "status": "new"})
    account = await glomo.customers.create_lrs_bank_account(
        "cust_1", bank_code="hdfc", account_number="000000000000"
    )
    assert wire.body == {"bank_code": "hdfc", "account_number": "000000000000"}
    assert account.id == "acclrs_1"
    assert account.extra == {"status": "new"}


async def test_a_customer_is_found_by_email(wire: Wire, glomo: AsyncGlomo) -> None:
    wire.on("GET", "/v1/customer", {"data": [CUSTOMER], "page_meta": {"next": None}})
    customer = await glomo.customers.list(email_address="john@example.com").first()
    assert customer is not None
    assert customer.id == CUSTOMER["id"]
    assert "email_address=john%40example.com" in wire.targets[0]
