"""`/v2/beneficiaries`."""

from __future__ import annotations

import copy
from typing import Any

import pytest

ADDRESS = {
    "address_line1": "1 Park Street",
    "city": "Bengaluru",
    "state": "Karnataka",
    "country_code": "IND",
    "postal_code": "560001",
}
BODY: dict[str, Any] = {
    "category": "payout",
    "beneficiary": {"name": "Acme", "type": "business", "address": ADDRESS},
    "bank_account": {
        "account_number": "000111222333",
        "local_routing_number": "HDFC0000001",
        "currency": "INR",
    },
}
FIELDS = {
    "id",
    "name",
    "type",
    "category",
    "nickname",
    "address",
    "bank_account",
    "status",
    "documents",
    "created_at",
    "updated_at",
}
"""What it always has. The rest is left out where it is not set."""


def changed(path: str, value: Any) -> dict[str, Any]:
    """BODY with one value set (`...` removes it)."""
    body = copy.deepcopy(BODY)
    *parents, last = path.split(".")
    part = body
    for parent in parents:
        part = part[parent]
    if value is ...:
        del part[last]
    else:
        part[last] = value
    return body


async def test_a_beneficiary_is_answered_whole(api: Any) -> None:
    response = await api.post("v2/beneficiaries", BODY)
    beneficiary = response.json()
    assert response.status_code == 201
    assert set(beneficiary) == FIELDS
    assert beneficiary["id"].startswith("bene_")
    assert beneficiary["status"] == "active"
    assert beneficiary["nickname"] == f"Acme - {beneficiary['bank_account']['name']}"
    assert beneficiary["address"] == ADDRESS
    assert set(beneficiary["bank_account"]) == {
        "account_number",
        "name",
        "local_routing_number",
        "currency",
        "address",
    }
    assert (await api.get(f"v2/beneficiaries/{beneficiary['id']}")).json() == beneficiary


async def test_a_seeded_beneficiary_looks_like_any_other(api: Any) -> None:
    seeded = (await api.get("v2/beneficiaries/bene_supplier")).json()
    assert set(seeded) == FIELDS
    assert api.sandbox.add_beneficiary(currency="EUR")["bank_account"]["currency"] == "EUR"


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("category", ..., "Category can't be blank, Category must be one of: lrs, payout"),
        ("category", "gift", "Category must be one of: lrs, payout"),
        ("beneficiary.name", ..., "Beneficiary name can't be blank"),
        ("beneficiary", ..., "Beneficiary name can't be blank"),
        ("beneficiary.address", ..., "Beneficiary address is required"),
        ("beneficiary.address.city", ..., "City can't be blank"),
        ("bank_account.account_number", ..., "Account number can't be blank"),
        ("bank_account.swift_code", "HDFC", "Swift code must be 8 to 11 characters long"),
        (
            "bank_account.local_routing_number",
            "00000000",
            "Could not resolve bank details from the swift_code/local_routing_number provided. "
            "Send bank_account.name and bank_account.address, or correct the identifier.",
        ),
        (
            "bank_account.local_routing_number",
            ...,
            "Exactly one of swift_code or local_routing_number must be provided",
        ),
        ("bank_account", ..., "Exactly one of bank_account or upi_account must be provided"),
        (
            "upi_account",
            {"upi_id": "a@ybl"},
            "Exactly one of bank_account or upi_account must be provided",
        ),
    ],
)
async def test_refusals(api: Any, path: str, value: Any, message: str) -> None:
    response = await api.post("v2/beneficiaries", changed(path, value))
    assert response.status_code == 400
    assert response.json() == {"error": "Bad Request", "message": message}


async def test_lrs_has_rules_of_its_own(api: Any) -> None:
    body = changed("category", "lrs")
    body["bank_account"] |= {"swift_code": "CITIUS33XXX", "name": "Citibank", "address": ADDRESS}

    async def refusal() -> str | None:
        return (await api.post("v2/beneficiaries", body)).json().get("message")

    assert await refusal() == "Swift code must be 8 characters long"
    body["bank_account"]["swift_code"] = "CITIUS33"
    routing = body["bank_account"].pop("local_routing_number")
    assert await refusal() == "Local routing number can't be blank"
    body["bank_account"]["local_routing_number"] = routing
    assert await refusal() == "Intermediate bank swift code can't be blank"
    body["bank_account"]["intermediate_bank"] = {"swift_code": "CHASUS33"}
    assert await refusal() is None


async def test_a_postal_code_is_optional(api: Any) -> None:
    created = await api.post("v2/beneficiaries", changed("beneficiary.address.postal_code", ...))
    assert created.status_code == 201
    assert "postal_code" not in created.json()["address"]


async def test_the_same_account_twice_is_a_422(api: Any) -> None:
    await api.post("v2/beneficiaries", BODY)
    response = await api.post("v2/beneficiaries", BODY)
    assert response.status_code == 422
    assert response.json() == {
        "error": "Unprocessable Entity",
        "message": "Validation failed: Business already had this "
        "Account Number, Account Type and Transfer Method",
    }


@pytest.mark.parametrize(
    ("account", "currency", "reached", "not_reached"),
    [
        ({"local_routing_number": "HDFC0000001"}, "INR", "imps", "upi"),
        ({"swift_code": "HDFCINBB"}, "INR", "swift", "neft"),
        ({}, "EUR", "sepa", None),
        ({}, "AED", "fts", None),
        ({"local_routing_number": "200000"}, "GBP", "fps", "swift"),
    ],
)
async def test_identifiers_decide_the_rails(
    api: Any, account: dict[str, str], currency: str, reached: str, not_reached: str | None
) -> None:
    body = {
        **BODY,
        "bank_account": {"account_number": "12345678", "currency": currency, **account},
    }
    beneficiary = (await api.post("v2/beneficiaries", body)).json()
    wanted = {"beneficiary_id": beneficiary["id"], "destination_currency": currency}
    assert (await api.pay(**wanted, payment_rail=reached)).status_code == 201
    if not_reached is not None:
        response = await api.pay(**wanted, payment_rail=not_reached)
        assert response.json()["message"] == "No rails available for this beneficiary"


async def test_upi_is_paid_over_upi(api: Any) -> None:
    body = {key: BODY[key] for key in ("category", "beneficiary")}
    beneficiary = (
        await api.post("v2/beneficiaries", {**body, "upi_account": {"upi_id": "a@ybl"}})
    ).json()
    assert beneficiary["upi_account"] == {"upi_id": "a@ybl"}
    assert "bank_account" not in beneficiary
    assert (await api.pay(beneficiary_id=beneficiary["id"], payment_rail="upi")).status_code == 201
    assert (await api.pay(beneficiary_id=beneficiary["id"])).status_code == 400


@pytest.mark.parametrize(("action", "status"), [("approve", "active"), ("reject", "rejected")])
async def test_a_review_ends_once(make_api: Any, action: str, status: str) -> None:
    api = make_api(beneficiary_review=True)
    beneficiary = (await api.post("v2/beneficiaries", BODY)).json()
    assert beneficiary["status"] == "pending"
    path = f"v2/beneficiaries/{beneficiary['id']}/mock-review"
    assert (await api.patch(path, {"review_action": "maybe"})).status_code == 400
    reviewed = await api.patch(path, {"review_action": action})
    assert (reviewed.status_code, reviewed.json()["status"]) == (200, status)
    assert (await api.patch(path, {"review_action": action})).status_code == 422
    listed = (await api.get("v2/beneficiaries", status=status)).json()
    assert beneficiary["id"] in [one["id"] for one in listed["data"]]
    assert listed["page_meta"]["count"] == len(listed["data"])


async def test_seeding_again_replaces(api: Any) -> None:
    api.sandbox.add_beneficiary("bene_supplier", status="rejected", currency="EUR")
    assert (await api.pay()).status_code == 400
    assert (await api.get("v2/beneficiaries")).json()["page_meta"]["count"] == 1


@pytest.mark.parametrize(
    "wrong", [{"status": "gone"}, {"rails": ["wire"]}, {"bank_error": "BAD_LUCK"}]
)
def test_seeding_nonsense_is_an_error(sandbox: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong.values()))[0]):
        sandbox.add_beneficiary(**wrong)
