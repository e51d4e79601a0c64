"""What is looked at before a plan is paid."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx

from glomo import AsyncGlomo
from glomo.batch import Batch
from glomo.batch.checks.beneficiaries import beneficiary_problems, read_beneficiaries
from glomo.batch.checks.breakdown import rail_totals
from glomo.batch.checks.duplicates import duplicates_in_batches, duplicates_in_file
from glomo.batch.checks.duration import estimated_duration
from glomo.batch.checks.fees import estimate_fees
from glomo.batch.checks.funds import covered_rows, funds_needed
from glomo.batch.checks.limits import above_limit
from glomo.batch.checks.preflight import Questions, preflight
from glomo.batch.earlier_payments import OtherBatch
from glomo.batch.journal import Entry, Identity
from glomo.money import Money
from glomo.sandbox import Sandbox, sandbox_key

ROW = {
    "reference": "r1",
    "beneficiary_id": "bene_A",
    "source_currency": "USD",
    "destination_currency": "INR",
    "source_amount": "10.00",
    "payment_rail": "neft",
    "purpose_code": "S1301",
}


def plan(*changes: dict[str, Any]) -> Any:
    rows = [{**ROW, "reference": f"r{n}", **change} for n, change in enumerate(changes, start=1)]
    rows = [{name: value for name, value in row.items() if value is not None} for row in rows]
    return Batch.from_rows(rows, name="november").plan()


def texts(problems: Any) -> list[tuple[int | None, str]]:
    return [(problem.row, problem.problem) for problem in problems]


@pytest.fixture
async def service() -> AsyncIterator[tuple[Sandbox, AsyncGlomo]]:
    with Sandbox(rate_limit=None) as sandbox, sandbox.serve() as server:
        async with AsyncGlomo(sandbox_key(), base_url=server.base_url) as glomo:
            yield sandbox, glomo


def test_rows_are_summed_by_currency_rail_and_arrival() -> None:
    totals = rail_totals(
        plan({}, {}, {"payment_rail": None}, {"source_amount": None, "destination_amount": "7.00"})
    )
    assert [(t.currency, t.rail, t.rows, t.total, t.fixed_destination) for t in totals] == [
        ("INR", "neft", 1, Money(700, "INR"), True),
        ("USD", "neft", 2, Money(2000, "USD"), False),
        ("USD", "swift", 1, Money(1000, "USD"), False),
    ]


@pytest.mark.parametrize(
    ("second", "suspected"),
    [
        ({}, "same payee and amount"),
        ({"source_amount": "10.01"}, None),
        ({"beneficiary_id": "bene_B"}, None),
        ({"invoice_number": "I-2"}, None),
        ({"invoice_number": "I-1", "source_amount": "99.00"}, "same payee and invoice (I-1)"),
        ({"invoice_number": "I-1", "beneficiary_id": "bene_B"}, None),
    ],
)
def test_the_same_payment_twice_in_a_file(second: dict[str, Any], suspected: str | None) -> None:
    first = {"invoice_number": "I-1"} if "invoice_number" in second else {}
    messages = texts(duplicates_in_file(plan(first, second)))
    if suspected is None:
        assert messages == []
    else:
        ((row, problem),) = messages
        assert row == 2
        assert suspected in problem
        assert problem.endswith("as row 1 (r1)")


def other_batch(**changes: Any) -> OtherBatch:
    (row,) = plan(changes)
    entry = Entry.of_row("october", row)
    return OtherBatch(Path("x.journal"), Identity("october", "a", "sandbox", None), (entry,))


def test_the_same_payment_in_another_batch() -> None:
    since = datetime.now(UTC) - timedelta(days=90)

    def repeated_numbers(batch: OtherBatch, *changes: dict[str, Any]) -> list[int | None]:
        return [
            row for row, _ in texts(duplicates_in_batches(plan(*changes), [batch], since=since))
        ]

    assert repeated_numbers(other_batch(), {}, {"source_amount": "11.00"}) == [1]
    assert repeated_numbers(other_batch(invoice_number="I-1"), {"invoice_number": "I-1"}) == [1]
    assert repeated_numbers(other_batch(invoice_number="I-1"), {"invoice_number": "I-2"}) == []
    assert repeated_numbers(other_batch(), {"beneficiary_id": "bene_B"}) == []


def test_amounts_above_a_limit_of_their_currency() -> None:
    rows = plan({"source_amount": "100.00"}, {"source_amount": "100.01"})
    assert [row for row, _ in texts(above_limit(rows, {"USD": Money.of("100.00", "USD")}))] == [2]
    assert list(above_limit(rows, {"EUR": Money.of("1.00", "EUR")})) == []


def test_how_long_it_takes_follows_the_allowance() -> None:
    assert estimated_duration(3000, rate_limit=3000) == timedelta(seconds=61)
    assert estimated_duration(3000, rate_limit=0) == timedelta()


def test_what_to_add_includes_the_fees() -> None:
    available = {"USD": Money(1000, "USD")}
    leaving = {"USD": Money(990, "USD"), "EUR": Money(5, "EUR")}
    euro, dollar = funds_needed(available, leaving, {"USD": Money(20, "USD")})
    assert (dollar.after, dollar.to_add) == (Money(-10, "USD"), Money(10, "USD"))
    assert euro.to_add == Money(5, "EUR")
    (_, enough) = funds_needed(available, leaving, paid={"USD": Money(500, "USD")})
    assert (enough.after, enough.to_add, enough.fees) == (Money(510, "USD"), None, None)


def test_what_the_balance_covers_is_sent_in_the_order_of_the_file() -> None:
    rows = plan(
        {"source_amount": "6.00"},
        {"source_amount": "5.00"},
        {"source_amount": "4.00"},
        {"source_amount": None, "destination_amount": "9.00"},
        {"source_amount": "99.00"},
    )
    divided = covered_rows(rows, {"USD": Money(1000, "USD")}, {"r5"})
    assert [row.reference for row in divided.rows] == ["r1", "r3", "r4", "r5"]
    assert [row.reference for row in divided.held_back] == ["r2"]
    assert covered_rows(rows, {}, ()).rows == (rows.rows[3],)


async def test_beneficiaries_are_looked_up_and_judged(service: Any) -> None:
    sandbox, glomo = service
    sandbox.add_beneficiary("bene_A")
    sandbox.add_beneficiary("bene_pending", status="pending")
    sandbox.add_beneficiary("bene_euro", currency="EUR")
    rows = plan(
        {},
        {"beneficiary_id": "bene_nobody"},
        {"beneficiary_id": "bene_pending"},
        {"beneficiary_id": "bene_euro"},
        {"beneficiary_id": "bene_euro"},
    )
    problems = list(beneficiary_problems(rows.rows, await read_beneficiaries(glomo, rows)))
    assert [(one.row, one.count) for one in problems] == [(2, 1), (3, 1), (4, 2)]
    assert "no such beneficiary" in problems[0].problem
    assert "pending, not active" in problems[1].problem
    assert "is in EUR, the row pays INR" in problems[2].problem
    assert {request.method for request in sandbox.requests} == {"GET"}


async def test_many_beneficiaries_are_read_by_the_page(service: Any) -> None:
    sandbox, glomo = service
    names = [f"bene_{n:03}" for n in range(250)]
    for name in names:
        sandbox.add_beneficiary(name)
    rows = plan(*({"beneficiary_id": name} for name in names))
    beneficiaries = await read_beneficiaries(glomo, rows)
    assert set(beneficiaries) == set(names)
    assert None not in beneficiaries.values()
    assert len(sandbox.requests) == 3


def quoted(request: httpx.Request) -> httpx.Response:
    """1.00 and 2 % of the source amount; one offer for each of two rails."""
    import json

    body = json.loads(request.content)
    amount = body.get("source_amount") or body["destination_amount"] * 2
    currency = body["source_currency"]
    offers = [
        {
            "id": f"quote_{rail}",
            "method": {"payment_method": "bank_transfer", "payment_rail": rail},
            "source_amount": amount,
            "source_currency": currency,
            "fees": {
                "txn_fee": {"amount": fixed, "currency": currency},
                "fx_fee": {"amount": amount // 50, "currency": currency},
            },
        }
        for rail, fixed in (("imps", 999), ("neft", 100))
    ]
    return httpx.Response(201, json={"quotes": offers})


async def test_fees_are_estimated_from_two_quotes_a_route() -> None:
    amounts = ("10.00", "20.00", "30.00", "1000.00")
    rows = plan(
        *({"source_amount": amount} for amount in amounts),
        {"source_amount": None, "destination_amount": "50.00"},
    )
    with respx.mock(base_url="https://api.glomopay.com/api/v1") as api:
        route = api.post("/quotes").mock(side_effect=quoted)
        async with AsyncGlomo("sk-unit") as glomo:
            estimate = await estimate_fees(glomo, rows)
    assert route.call_count == 3
    assert estimate.quotes == 3
    # 1,060.00 and what 50.00 INR cost; 1.00 a row and 2 %.
    assert estimate.debits == {"USD": Money.of("1160.00", "USD")}
    assert estimate.fees == {"USD": Money.of("28.20", "USD")}
    assert estimate.unquoted == ()


async def test_a_route_without_a_quote_is_said() -> None:
    with respx.mock(base_url="https://api.glomopay.com/api/v1") as api:
        api.post("/quotes").respond(400, json={"message": "not supported"})
        async with AsyncGlomo("sk-unit") as glomo:
            estimate = await estimate_fees(glomo, plan({}))
    assert estimate.unquoted == ("USD to INR by neft",)
    assert estimate.debits == {"USD": Money(1000, "USD")}


async def test_everything_at_once_sends_nothing(service: Any) -> None:
    sandbox, glomo = service
    sandbox.add_beneficiary("bene_A")
    questions = Questions(limits={"USD": Money(1, "USD")})
    checked = await preflight(plan({}, {}), questions, glomo)
    assert {request.method for request in sandbox.requests} == {"GET"}
    assert [one.currency for one in checked.funds] == ["USD"]
    assert any("above the limit" in one.problem for one in checked.warnings)
    assert any("same payee" in one.problem for one in checked.warnings)
    offline = await preflight(plan({}, {}), questions)
    assert offline.funds == ()
    assert len(offline.warnings) == len(checked.warnings)


async def test_a_plan_says_whether_bank_details_were_checked(
    service: tuple[Sandbox, AsyncGlomo], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, glomo = service
    account = {"account_number": "DE89370400440532013001", "currency": "EUR"}
    address = {"address_line1": "1", "city": "B", "state": "B", "country_code": "DEU"}
    payee = await glomo.beneficiaries.create(
        category="payout",
        beneficiary={"name": "Payee", "type": "business", "address": address},
        bank_account=account,
    )
    row = {
        "beneficiary_id": payee.id,
        "destination_currency": "EUR",
        "source_currency": "EUR",
        "payment_rail": "sepa",
    }
    checked = await preflight(plan(row), Questions(), glomo)
    assert checked.bank_details_checked
    assert any("check digits" in warning.problem for warning in checked.warnings)
    monkeypatch.setattr("glomo.bank_details.find_spec", lambda _: None)
    unchecked = await preflight(plan(row), Questions(), glomo)
    assert unchecked.bank_details_checked is False
    assert not any("check digits" in warning.problem for warning in unchecked.warnings)
