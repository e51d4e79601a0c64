"""Objects leave as plain JSON and come back the same; frameworks and notebooks show them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from glomo import Money
from glomo.errors import DecodingError
from glomo.models.balances import Balances
from glomo.models.payouts import Payout, PayoutStatus
from glomo.models.platform import Merchant
from glomo.money import MoneyError
from glomo.pages import PageMeta
from glomo.serialization.html import list_table
from glomo.serialization.json import parse_json
from glomo.serialization.model import Model

from .. import docs
from ..contract.description import operations
from ..contract.sdk import operations as sdk_operations
from ..operations.responses import Shape, response, variants
from .fakes import ScriptedTransport, client, wire_response

PAYOUT: dict[str, Any] = {
    "id": "payout_1",
    "status": "success",
    "source_amount": 125000,
    "source_currency": "USD",
    "destination_amount": 10000000,
    "destination_currency": "INR",
    "beneficiary_id": "bene_1",
    "mid_market_rate": {"currency": "INR", "rate": 83.25},
    "fees": {"fx_fee": {"amount": 100, "currency": "USD"}, "txn_fee": None},
    "created_at": "2026-09-01T12:00:00Z",
    "documents": [{"id": "doc_1", "type": None, "status": "approved", "rfi_doc_id": None}],
    "notes": {"invoice": "17"},
    "later_field": {"nested": [1, 2.5, None]},
}


def _samples() -> list[Any]:
    """Every object of the API's description, in every variant."""
    samples: list[Any] = []
    for described in operations():
        if described.response is None:
            continue
        op = sdk_operations()[described.name]
        for n in range(variants(described)):
            body = response(described, Shape(variant=n, later=n == 0))
            inner = body["data"][0] if described.is_list and isinstance(body, dict) else body
            inner = inner[0] if isinstance(inner, list) else inner
            unwrap = getattr(op, "unwrap", None)
            inner = inner[unwrap] if unwrap else inner
            kind = getattr(op, "item", None) or getattr(op, "result", None)
            samples.append(pytest.param(kind, inner, id=f"{described.name}-{n}"))
    return samples


@pytest.mark.parametrize(("kind", "body"), _samples())
def test_every_object_comes_back_as_it_left(kind: type[Model], body: Any) -> None:
    model = kind.from_dict(body)
    plain = model.to_dict()
    assert json.loads(model.to_json()) == json.loads(json.dumps(plain))
    again = kind.from_dict(plain)
    if kind is not Merchant and "secret_key" not in body:  # which leave without their credential
        assert again == model
        assert kind.from_dict(parse_json(model.to_json().encode())).to_dict() == plain
    assert body.keys() - plain.keys() <= {"jwt_token", "secret_key"}


def test_the_plain_form_is_the_apis() -> None:
    plain = Payout.from_dict(PAYOUT).to_dict()
    assert {name: plain[name] for name in PAYOUT if name != "fees"} == {
        name: value for name, value in PAYOUT.items() if name != "fees"
    }
    assert plain["fees"]["fx_fee"] == {"amount": 100, "currency": "USD"}
    assert plain["utr"] is None
    assert type(plain["status"]) is str
    assert json.loads(json.dumps(plain)) == plain


def test_what_did_not_fit_leaves_as_it_came() -> None:
    odd = Payout.from_dict({**PAYOUT, "utr": {"odd": True}})
    assert odd.utr is None
    assert odd.to_dict()["utr"] == {"odd": True}
    assert Payout.from_dict(odd.to_dict()) == odd


def test_numbers_stay_the_numbers_that_they_are() -> None:
    for text in ("83.25", "0.1", "1800", "1E+3", "0.30000000000000001", "12345678901234567.5"):
        rate = {"mid_market_rate": {"currency": "INR", "rate": Decimal(text)}}
        payout = Payout.from_dict({**PAYOUT, **rate})
        again = Payout.from_dict(json.loads(payout.to_json()))
        assert again.mid_market_rate is not None
        assert again.mid_market_rate.rate == Decimal(text)


def test_credentials_do_not_travel() -> None:
    merchant = Merchant.from_dict(
        {"merchant_id": "merch_1", "status": "success", "jwt_token": "eyJ-secret"}
    )
    assert merchant.jwt_token == "eyJ-secret"
    assert "jwt_token" not in merchant.to_dict()
    assert "eyJ-secret" not in merchant.to_json() + merchant._repr_html_()


def test_balances_are_a_list_of_amounts_again() -> None:
    body = {"available": [{"amount": 5, "currency": "USD"}], "pending": []}
    balances = Balances.from_dict(body)
    assert balances.to_dict() == {**body, "funded_balances": None}
    assert Balances.from_dict(balances.to_dict()) == balances
    assert Balances().to_dict()["available"] == []


@pytest.mark.parametrize("data", [None, [], "text", {}, {"id": 5.5, "status": "success"}])
def test_what_is_no_object_is_an_error(data: Any) -> None:
    with pytest.raises(DecodingError):
        Payout.from_dict(data)


# ------------------------------------------------------------------ money


def test_money_is_written_for_people_and_for_machines() -> None:
    money = Money.of("1250.00", "USD")
    assert money.format() == "USD 1,250.00"
    assert Money(1250, "JPY").format() == "JPY 1,250"
    assert Money(-125000, "USD").format() == "USD -1,250.00"
    assert Money(5, "XXQ").format() == "5 minor units of XXQ"
    assert f"{money:,}" == "1,250.00 USD"
    assert money.to_dict() == {"amount": 125000, "currency": "USD"}
    assert Money.from_dict(money.to_dict()) == money
    for wrong in ({}, {"amount": 1.5, "currency": "USD"}, {"amount": 1}, [], "5 USD"):
        data: Any = wrong
        with pytest.raises(MoneyError):
            Money.from_dict(data)


@given(st.integers(-(10**29), 10**29), st.sampled_from(["USD", "JPY", "KWD", "INR"]))
def test_any_money_comes_back(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.from_dict(json.loads(json.dumps(money.to_dict()))) == money


# ------------------------------------------------------------------ frameworks


class Receipt(BaseModel):
    payout: Payout
    total: Money
    others: list[Payout] = []


def test_a_fastapi_route_gives_objects_as_they_are() -> None:
    app = FastAPI()

    @app.get("/payouts/{id}")
    async def payout(id: str) -> Payout:
        return Payout.from_dict({**PAYOUT, "id": id})

    @app.get("/payouts")
    async def payouts() -> list[Payout]:
        return [Payout.from_dict(PAYOUT)]

    @app.get("/total")
    async def total() -> Money:
        return Money(5, "USD")

    @app.post("/receipts")
    async def receipts(receipt: Receipt) -> Receipt:
        return receipt

    with TestClient(app) as client:
        one = client.get("/payouts/payout_9").json()
        assert one == Payout.from_dict({**PAYOUT, "id": "payout_9"}).to_dict()
        assert client.get("/payouts").json() == [Payout.from_dict(PAYOUT).to_dict()]
        assert client.get("/total").json() == {"amount": 5, "currency": "USD"}
        sent = {"payout": PAYOUT, "total": "1,250.00 USD", "others": [PAYOUT]}
        back = client.post("/receipts", json=sent)
        assert back.status_code == 200
        assert back.json()["payout"]["id"] == "payout_1"
        assert back.json()["total"] == {"amount": 125000, "currency": "USD"}
        assert client.post("/receipts", json={**sent, "payout": {"id": 5}}).status_code == 422
        page = client.get("/openapi.json").json()
    shown = page["paths"]["/payouts/{id}"]["get"]["responses"]["200"]["content"]
    properties = shown["application/json"]["schema"]["properties"]
    assert properties["source_amount"] == {"anyOf": [{"type": "integer"}, {"type": "null"}]}
    assert "success" in properties["status"]["examples"]


def test_pydantic_holds_objects_and_says_what_does_not_fit() -> None:
    payout = Payout.from_dict(PAYOUT)
    receipt = Receipt(payout=payout, total=Money(5, "USD"))
    assert receipt.payout is payout
    assert receipt.model_dump()["payout"] is payout
    assert Receipt.model_validate_json(receipt.model_dump_json()) == receipt
    with pytest.raises(ValidationError, match=r"payout\.source_amount"):
        Receipt.model_validate({"payout": {**PAYOUT, "source_amount": 1.5}, "total": "5.00 USD"})
    with pytest.raises(ValidationError, match="total"):
        Receipt.model_validate({"payout": PAYOUT, "total": "5"})


# ------------------------------------------------------------------ notebooks


def test_an_object_is_a_table_in_a_notebook() -> None:
    html = Payout.from_dict({**PAYOUT, "utr": "<script>alert(1)</script>"})._repr_html_()
    assert html.startswith("<table><caption>Payout</caption>")
    assert "<th>id</th><td>payout_1</td>" in html
    assert "<script>" not in html
    assert "error_code" not in html


def test_objects_are_rows_and_accounts_masked() -> None:
    from glomo.models.customers import LrsBankAccount

    accounts = [
        LrsBankAccount(id=f"acclrs_{n}", bank_code="hdfc", account_number="50100012345678")
        for n in range(3)
    ]
    html = list_table(accounts, "read")
    assert html.count("<tr>") == 4
    assert "50100012345678" not in html
    assert "bank_customer_id" not in html
    assert "3 LrsBankAccount" in html


def test_a_mixed_list_is_shown_as_it_is() -> None:
    assert list_table([Payout.from_dict(PAYOUT), PageMeta()], "read").startswith("<pre>")
    assert list_table([], "read") == "<pre>[]</pre>"


def test_models_made_by_hand_travel_too() -> None:
    payout = Payout(
        id="payout_1",
        status=PayoutStatus.QUEUED,
        created_at=datetime(2026, 9, 1, tzinfo=UTC),
        updated_at=datetime(2026, 9, 1, tzinfo=UTC),
    )
    assert payout.to_dict()["created_at"] == "2026-09-01T00:00:00Z"
    assert Payout.from_dict(payout.to_dict()) == payout
    assert date(2026, 9, 1).isoformat() == payout.to_dict()["updated_at"][:10]


# ------------------------------------------------------------------ documentation


def test_the_page_on_objects_is_true() -> None:
    names = docs.run(*docs.blocks("objects.md", "Amounts"))
    assert names["price"] == Money(125000, "USD")
    docs.run(*docs.blocks("objects.md", "What may be missing"))
    names = docs.run(*docs.blocks("objects.md", "Objects that travel"))
    with TestClient(names["app"]) as client:
        assert client.get("/payouts/payout_1").json() == names["payout"].to_dict()


async def test_the_page_on_operations_is_true() -> None:
    names = docs.run(*docs.blocks("operations.md", "Operations without a method"))
    transport = ScriptedTransport(wire_response(200, {"rate": 1.25}))
    assert await names["rate"](client(transport), "/v1/rate") == {"rate": Decimal("1.25")}
    assert transport.methods == ["GET /v1/rate?source_currency=USD"]
