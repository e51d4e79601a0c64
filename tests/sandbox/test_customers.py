from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import Api
from tests.sandbox.shop import CUSTOMER, RESIDENT, Shop, created, refused, without


@pytest.fixture
def shop(api: Api) -> Shop:
    return Shop(api)


async def test_a_customer_is_what_was_sent(api: Api, shop: Shop) -> None:
    customer = await shop.customer(phone="+91-9023456789", dob="2003-11-29", nationality="IND")
    assert customer["id"].startswith("cust_")
    assert customer["status"] == "active"
    assert {key: customer[key] for key in CUSTOMER} == CUSTOMER
    again = await api.get(f"v1/customer/{customer['id']}")
    assert again.json() == customer
    assert "tax_identification_number" not in customer


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ...}, "Customer name cannot be blank."),
        ({"name": "J"}, "Validation failed: Name is invalid"),
        ({"name": "J" * 129}, "Validation failed: Name is invalid"),
        ({"name": "snake_case"}, "Validation failed: Name is invalid"),
        ({"name": "José"}, "Validation failed: Name is invalid"),
        ({"customer_type": "person"}, "Customer type must be either Individual or Business."),
        ({"email": "nobody"}, "Email address is not valid."),
        ({"phone": "call me"}, "Phone number format is invalid."),
        ({"address": ""}, "Address cannot be blank."),
        ({"city": ...}, "City cannot be blank."),
        ({"state": None}, "State cannot be blank."),
        (
            {"country": "usa"},
            "Country code must be a valid 3-letter ISO code (e.g., IND, USA).",
        ),
        ({"pincode": ...}, "Pincode is required for the selected country."),
        ({"nationality": "IN"}, "Nationality code must be valid 3-letter ISO."),
        ({"dob": "2026-09-09"}, "Date of birth must be in the past."),
        ({"dob": "29.11.2003"}, "Date of birth must be in the past."),
        ({"dob": "2003-02-30"}, "Date of birth must be in the past."),
        ({**RESIDENT, "name": "Rao & Sons"}, "Validation failed: Name is invalid"),
        ({**RESIDENT, "phone": ...}, "Validation failed: Phone can't be blank"),
    ],
)
async def test_every_rule_has_its_text(api: Api, changes: dict[str, Any], message: str) -> None:
    response = await api.post("v1/customer", without({**CUSTOMER, **changes}))
    assert refused(response) == message
    assert (await api.get("v1/customer")).json()["page_meta"]["count"] == 0


async def test_names_may_have_the_listed_punctuation(shop: Shop) -> None:
    customer = await shop.customer(name="O'Neil & Sons, Ltd. - UK 2")
    assert customer["name"] == "O'Neil & Sons, Ltd. - UK 2"


async def test_email_and_country_are_unique_in_any_case(api: Api, shop: Shop) -> None:
    await shop.customer()
    again = await api.post("v1/customer", {**CUSTOMER, "email": "JOHN@example.com"})
    assert refused(again) == "Validation failed: Email has already been taken"
    await shop.customer(country="GBR")


async def test_a_customer_of_lrs_has_a_tax_number(api: Api, shop: Shop) -> None:
    customer = await shop.customer(**RESIDENT)
    assert customer["tax_identification_number"] == "BFQPG7654R"
    await shop.customer()
    by_number = await api.get("v1/customer", tax_identification_number=" bfqpg7654r ")
    assert [one["id"] for one in by_number.json()["data"]] == [customer["id"]]
    part = await api.get("v1/customer", tax_identification_number="BFQPG")
    assert "tax_identification_number" in refused(part)


async def test_lists_filter(api: Api, shop: Shop) -> None:
    person = await shop.customer()
    company = await shop.customer(customer_type="business", email="acme@example.com")
    for query, expected in (
        ({}, [company, person]),
        ({"customer_type": "business"}, [company]),
        ({"email_address": "JOHN@example.com"}, [person]),
        ({"email_address": "nobody@example.com"}, []),
    ):
        assert (await api.get("v1/customer", **query)).json()["data"] == expected
    assert "customer_type" in refused(await api.get("v1/customer", customer_type="person"))


async def test_a_new_bank_account_replaces_the_one_before(api: Api, shop: Shop) -> None:
    customer = await shop.customer()
    path = f"v1/customer/{customer['id']}/bank-accounts"
    account = {"account_number": "1234567890", "bic_primary": "HDFCINBBDEL"}
    first = created(await api.post(path, account))
    assert first["id"].startswith("ba_")
    assert first["bic_secondary"] is None
    second = created(await api.post(path, {**account, "account_number": "99"}))
    order = {"amount": 100, "currency": "USD", "customer_id": customer["id"]}
    old = await api.post("v1/orders", {**order, "bank_account_id": first["id"]})
    assert "bank_account_id" in refused(old)
    created(await api.post("v1/orders", {**order, "bank_account_id": second["id"]}))
    both = {"bank_account_id": second["id"], "bank_account_details": account}
    assert "Only one of" in refused(await api.post("v1/orders", {**order, **both}))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"account_number": ...}, "Validation failed: Account number can't be blank"),
        ({"bank_code": ...}, "Validation failed: Bank code can't be blank"),
        ({"bank_code": "HDFC"}, "Validation failed: Bank code HDFC is not a valid bank code"),
        (
            {"bank_code": "axis"},
            "Validation failed: Bank code axis is not enabled for your business",
        ),
        (
            {"bank_customer_id": "12x"},
            "Validation failed: Bank customer ID must contain only digits",
        ),
    ],
)
async def test_lrs_accounts_have_their_texts(
    make_api: Any, changes: dict[str, Any], message: str
) -> None:
    api = make_api(lrs_banks=("hdfc",))
    customer = await Shop(api).customer(**RESIDENT)
    body = {"bank_code": "hdfc", "account_number": "12345678901234", **changes}
    response = await api.post(f"v1/customer/{customer['id']}/bank_account", without(body))
    assert refused(response) == message


async def test_lrs_accounts_are_unique_at_a_bank(api: Api, shop: Shop) -> None:
    customer = await shop.customer(**RESIDENT)
    path = f"v1/customer/{customer['id']}/bank_account"
    body = {"bank_code": "hdfc", "account_number": "123", "bank_customer_id": "77"}
    account = created(await api.post(path, body))
    assert account == {**body, "id": account["id"]}
    assert account["id"].startswith("acclrs_")
    assert refused(await api.post(path, body)) == "Bank account already exists"
    created(await api.post(path, {**body, "bank_code": "axis"}))
    unknown = await api.post("v1/customer/cust_unknown/bank_account", body)
    assert refused(unknown) == "Customer does not exist"


async def test_unknown_customers(api: Api) -> None:
    assert refused(await api.get("v1/customer/cust_unknown"), 404) == "Customer not found"
    assert refused(await api.get("v1/customer/order_1")) == "Id must start with 'cust_'"
