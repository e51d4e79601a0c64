"""Conversions, virtual accounts, withdrawals, settlements, validations, v1 beneficiaries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.shop import Shop

CONVERSION = {"source_currency": "USD", "target_currency": "EUR", "source_amount": 117_000}


async def test_a_conversion_of_a_source_amount(api: Any) -> None:
    before = api.sandbox.ledger.balances
    response = await api.post("v1/balance_conversions", CONVERSION)
    assert response.status_code == 201
    conversion = response.json()
    assert conversion["from"] == {"amount": 117_000, "currency": "USD"}
    assert conversion["fees"] == {"amount": 1_170, "currency": "USD"}
    assert conversion["to"] == {"amount": 99_000, "currency": "EUR"}
    assert conversion["status"] == "success"
    assert "updated_at" not in conversion
    after = api.sandbox.ledger.balances
    assert before["USD"]["available"] - after["USD"]["available"] == 117_000
    assert after["EUR"]["available"] - before["EUR"]["available"] == 99_000
    api.sandbox.books.check()


@pytest.mark.parametrize("target", [1, 99_000, 1_234_567])
async def test_a_conversion_to_a_target_amount_arrives_exactly(api: Any, target: int) -> None:
    body = {"source_currency": "GBP", "target_currency": "USD", "target_amount": target}
    conversion = (await api.post("v1/balance_conversions", body)).json()
    assert conversion["to"] == {"amount": target, "currency": "USD"}
    assert conversion["from"]["amount"] > conversion["fees"]["amount"] >= 0
    api.sandbox.books.check()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"target_amount": 5},
            "You can only send source_amount or target_amount, not both.",
        ),
        ({"source_amount": None}, "source_amount or target_amount is missing"),
        ({"source_amount": "5"}, "source_amount must be an integer"),
        ({"target_currency": "AED"}, "Validation failed: target_currency is not a valid currency"),
        ({"target_currency": "USD"}, "source_currency and target_currency must be different"),
        ({"note": "x"}, "note is not a permitted parameter"),
    ],
)
async def test_a_wrong_conversion_is_refused(api: Any, changes: Any, message: str) -> None:
    response = await api.post("v1/balance_conversions", CONVERSION | changes)
    assert (response.status_code, response.json()["message"]) == (400, message)


async def test_a_conversion_needs_the_balance(make_api: Any) -> None:
    api = make_api(balances={"USD": 116_999})
    response = await api.post("v1/balance_conversions", CONVERSION)
    assert response.json()["code"] == "INSUFFICIENT_BALANCE"
    assert "Additional amount required: 1." in response.json()["message"]


async def test_conversions_are_listed_by_currency(api: Any) -> None:
    await api.post("v1/balance_conversions", CONVERSION)
    await api.post("v1/balance_conversions", CONVERSION | {"target_currency": "GBP"})

    async def count(**query: str) -> int:
        return (await api.get("v1/balance_conversions", **query)).json()["page_meta"]["count"]

    assert [await count(), await count(target_currency="GBP")] == [2, 1]
    assert await count(source_currency="EUR") == 0


# --------------------------------------------------------------------------- virtual accounts


async def test_a_second_virtual_account_is_a_conflict(api: Any) -> None:
    body = {"payment_type": "local", "currency": "AED"}
    first = await api.post("v1/virtual-accounts", body)
    assert first.status_code == 201
    assert first.json()["account_id"] == "VA1001"
    second = await api.post("v1/virtual-accounts", body)
    assert second.status_code == 409
    assert second.json() == {
        "error": "Duplicate record",
        "message": "Virtual Account already exists",
    }
    other = await api.post("v1/virtual-accounts", body | {"payment_type": "swift"})
    assert other.json()["account_number"] != first.json()["account_number"]
    assert (await api.post("v1/virtual-accounts", {})).json()["message"] == (
        "Missing Required parameters"
    )


async def test_a_virtual_account_is_closed_and_can_be_opened_anew(api: Any) -> None:
    body = {"payment_type": "local", "currency": "AED"}
    await api.post("v1/virtual-accounts", body)
    closed = await api.http.delete("/api/v1/virtual-accounts", params=body)
    assert (closed.status_code, closed.json()["status"]) == (200, "inactive")
    assert (await api.http.delete("/api/v1/virtual-accounts", params=body)).status_code == 404
    assert (await api.http.delete("/api/v1/virtual-accounts")).status_code == 400
    assert (await api.post("v1/virtual-accounts", body)).status_code == 201
    listed = (await api.get("v1/virtual-accounts", currency="AED")).json()["data"]
    assert [one["status"] for one in listed] == ["active", "inactive"]
    assert (await api.get("v1/virtual-accounts", currency="USD")).json()["data"] == []


# ------------------------------------------------------------------------------- withdrawals


async def test_a_withdrawal_takes_the_balance_and_settles(make_api: Any, clock: Any) -> None:
    api = make_api(clock=clock, settle_after=timedelta(seconds=5))
    accounts = (await api.get("v1/withdrawal_accounts")).json()["data"]
    rupees = next(one for one in accounts if one["currency"] == "INR")
    assert (await api.get(f"v1/withdrawal_accounts/{rupees['id']}")).json() == rupees
    before = api.sandbox.books.balance("available", "USD")
    body = {
        "amount": 900_000,
        "balance_currency": "USD",
        "withdrawal_account_id": rupees["id"],
    }
    withdrawal = (await api.post("v1/withdrawals", body)).json()
    assert (withdrawal["status"], withdrawal["currency"]) == ("in_progress", "INR")
    (used,) = withdrawal["balance_used"]
    assert before - api.sandbox.books.balance("available", "USD") == used["amount"]
    clock.advance(minutes=1)
    (listed,) = (await api.get("v1/withdrawals", status="success")).json()["data"]
    assert listed["id"] == withdrawal["id"]
    assert api.sandbox.books.balance("bank", "INR") == 900_000
    assert api.sandbox.books.balance("held", "USD") == 0
    api.sandbox.books.check()


async def test_wrong_withdrawals_are_refused(api: Any) -> None:
    body = {"amount": 5, "balance_currency": "USD"}
    assert (await api.post("v1/withdrawals", body)).status_code == 201
    assert (await api.post("v1/withdrawals", body | {"amount": None})).status_code == 400
    assert (await api.post("v1/withdrawals", body | {"balance_currency": "XXX"})).status_code == 400
    unknown = body | {"withdrawal_account_id": "accwith_nobody"}
    assert (await api.post("v1/withdrawals", unknown)).status_code == 404
    assert (await api.get("v1/withdrawal_accounts/accwith_nobody")).status_code == 404


# ------------------------------------------------------------------------------- settlements


async def test_an_amount_is_settled_with_a_line_that_adds_up(make_api: Any, clock: Any) -> None:
    api = make_api(clock=clock, settle_after=timedelta(seconds=5))
    response = await api.post("v1/settlements", {"amount": 10_000, "balance_currency": "USD"})
    assert response.status_code == 201
    settlement = response.json()
    assert settlement["status"] == "in_progress"
    assert "utr" not in settlement  # the bank gives it
    clock.advance(minutes=1)
    done = (await api.get(f"v1/settlements/{settlement['id']}")).json()
    assert done["status"] == "success"
    assert done["utr"]
    lines = (await api.get(f"v1/settlements/{done['id']}/transactions")).json()["data"]
    assert sum(line["settled_amount"]["amount"] for line in lines) == done["amount"]
    events = [one["event_type"] for one in api.sandbox.webhooks.events("settlement.*")]
    assert events == ["in_progress", "success"]
    assert api.sandbox.books.balance("bank", "USD") == 10_000
    api.sandbox.books.check()


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({}, 400, "Validation failed: amount is missing"),
        (
            {"amount": 5, "balance_currency": "XXX"},
            400,
            "Validation failed: currency is not a valid currency",
        ),
        (
            {"payment_ids": ["payt_nobody"]},
            422,
            "Payments cannot be settled: some payments do not exist",
        ),
    ],
)
async def test_wrong_settlements_are_refused(
    api: Any, body: Any, status: int, message: str
) -> None:
    response = await api.post("v1/settlements", body)
    assert (response.status_code, response.json()["message"]) == (status, message)


async def test_payments_are_settled_once_with_lines_that_add_up(api: Any) -> None:
    shop = Shop(api)
    orders = [await shop.order(amount=amount) for amount in (10_000, 2_345, 77_777)]
    payments = [await shop.card(order) for order in orders]
    euro = await shop.card(await shop.order(currency="EUR"))
    chosen = [payments[0]["id"], payments[2]["id"]]
    mixed = await api.post("v1/settlements", {"payment_ids": [*chosen, euro["id"]]})
    assert mixed.status_code == 422
    settlement = (await api.post("v1/settlements", {"payment_ids": chosen})).json()
    lines = (await api.get(f"v1/settlements/{settlement['id']}/transactions")).json()["data"]
    assert {line["source_id"] for line in lines} == set(chosen)
    assert {line["source_type"] for line in lines} == {"payment"}
    assert sum(line["settled_amount"]["amount"] for line in lines) == settlement["amount"]
    assert sum(line["credit"]["amount"] for line in lines) == 87_777
    fees = sum(line["fees"]["txn_fee"]["amount"] for line in lines)
    assert fees == settlement["fees"]["txn_fee"]["amount"] > 0
    assert 87_777 - fees == settlement["amount"]
    assert (await shop.read(payments[0]))["settlement_id"] == settlement["id"]

    again = await api.post("v1/settlements", {"payment_ids": chosen[:1]})
    assert again.json() == {
        "error": "Unprocessable Entity",
        "message": "Payments cannot be settled: some payments are already settled",
    }
    rest = (await api.post("v1/settlements/mock-trigger")).json()["data"]
    assert [(one["currency"], one["status"]) for one in rest] == [
        ("USD", "success"),
        ("EUR", "success"),
    ]
    assert (await api.post("v1/settlements/mock-trigger")).json() == {"data": []}
    assert (await api.get("v1/settlements")).json()["page_meta"]["count"] == 3
    assert api.sandbox.books.balance("bank", "USD") == sum(
        one["amount"] for one in (settlement, rest[0])
    )
    api.sandbox.books.check()


async def test_nothing_to_settle(api: Any) -> None:
    assert (await api.post("v1/settlements/mock-trigger")).json() == {"data": []}
    assert (await api.get("v1/settlements/setl_nobody")).status_code == 404
    assert (await api.get("v1/settlements/setl_nobody/transactions")).status_code == 404


# -------------------------------------------------------------------------------- validations

ACCOUNT = {
    "country": "IND",
    "holder_name": "John Doe",
    "account_number": "987654321001",
    "bic_primary": "QWERINBB",
    "bic_secondary": "YESB0000002",
}


async def test_bank_accounts_are_validated_and_listed(api: Any) -> None:
    good = (await api.post("v1/bank_account_validation", ACCOUNT)).json()
    assert good["validation_message"] == "The account is registered to John Doe"
    assert good["status"] == "success"
    saved = await api.post("v1/bank_account_validation", {"id": "bene_supplier"})
    assert saved.status_code == 200
    assert set(saved.json()) == {"id", "status", "validation_message", "fee_charged"}
    bad = await api.post("v1/bank_account_validation", ACCOUNT | {"account_number": "0000"})
    assert bad.json()["validation_message"] == "The account does not exist"

    async def listed(**query: str) -> list[str]:
        page = (await api.get("v1/bank_account_validation", **query)).json()
        return [one["id"] for one in page["data"]]

    assert len(await listed()) == 3
    assert await listed(beneficiary_account_id="bene_supplier") == [saved.json()["id"]]
    assert len(await listed(country="Ind")) == 3
    assert await listed(country="USA") == []
    incomplete = await api.post("v1/bank_account_validation", {"country": "IND"})
    assert incomplete.json()["message"] == "holder_name is missing"


# --------------------------------------------------------------------------- v1 beneficiaries

BENEFICIARY = {
    "beneficiary_type": "business",
    "account_number": "1234567890",
    "holder_name": "Test Arts & Crafts Pvt Ltd",
    "bic_primary": "QWERINBB",
    "bic_secondary": "YESB0000002",
    "bank_name": "Yes Bank",
    "address_line1": "123 Main St",
    "email": "payee@example.com",
    "city": "Anytown",
    "state": "Anystate",
    "country": "IND",
    "pincode": "560048",
    "nickname": "Test Beneficiary",
}


async def test_a_v1_beneficiary_is_written_listed_and_paid(api: Any) -> None:
    response = await api.post("v1/beneficiaries", BENEFICIARY)
    assert response.status_code == 201
    beneficiary = response.json()
    assert {key: beneficiary[key] for key in BENEFICIARY} == BENEFICIARY
    assert (await api.get(f"v1/beneficiaries/{beneficiary['id']}")).json() == beneficiary
    assert (await api.get("v1/beneficiaries", country="Ind")).json()["data"] == [beneficiary]
    assert (await api.get("v1/beneficiaries", beneficiary_type="individual")).json()["data"] == []
    assert (await api.get("v1/beneficiaries/bene_supplier")).status_code == 404
    assert (await api.pay(beneficiary_id=beneficiary["id"])).status_code == 201
    incomplete = await api.post("v1/beneficiaries", BENEFICIARY | {"pincode": ""})
    assert incomplete.json()["message"] == "pincode is missing"
