from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from glomo.cli.commands.resources import _column
from glomo.cli.tree import READS, Reads
from glomo.client import AsyncGlomo


@pytest.fixture
def paid(service: Any) -> list[str]:
    """Three payouts, the newest first; the newest failed."""
    service.sandbox.add_beneficiary("bene_A", name="Supplier & Sons")
    service.sandbox.add_beneficiary("bene_B", bank_error="INVALID_BENE_IFSC", name="Other")

    async def pay() -> list[str]:
        async with AsyncGlomo() as glomo:
            return [
                (
                    await glomo.payouts.create(
                        beneficiary_id=beneficiary,
                        source_currency="USD",
                        destination_currency="INR",
                        source_amount=minor,
                        payment_rail="neft",
                        purpose_code="S1301",
                    )
                ).id
                for minor, beneficiary in ((125_000, "bene_A"), (999, "bene_A"), (5000, "bene_B"))
            ][::-1]

    return asyncio.run(pay())


def test_balances(cli: Any, service: Any) -> None:
    service.sandbox.fund("USD", 12_34)
    ended = cli("balances")
    assert ended.status == 0
    assert ["USD", "1,000,000,012.34", "0.00"] in [line.split() for line in ended.out.splitlines()]


def test_payouts_are_listed_newest_first(cli: Any, paid: list[str]) -> None:
    lines = cli("payouts", "list").out.splitlines()[1:]
    assert [line.split()[0] for line in lines] == paid
    assert "failed" in lines[0]
    assert "INVALID_BENE_IFSC" in lines[0]
    assert "USD 1,250.00" in lines[2]


def test_payouts_are_listed_by_status_and_at_most_so_many(cli: Any, paid: list[str]) -> None:
    (line,) = cli("payouts", "list", "--status", "failed").out.splitlines()[1:]
    assert line.startswith(paid[0])
    assert len(cli("payouts", "list", "--limit", 2).out.splitlines()) == 3


def test_a_list_for_programs(cli: Any, paid: list[str]) -> None:
    ended = cli("payouts", "list", "--limit", 2, "--json")
    output = json.loads(ended.out)
    assert [one["id"] for one in output] == paid[:2]
    assert output[0]["error_code"] == "INVALID_BENE_IFSC"
    assert output[0]["fees"]["txn_fee"] == {"amount": 100, "currency": "USD"}


def test_a_payout_for_people_and_for_programs(cli: Any, paid: list[str]) -> None:
    shown = cli("payouts", "retrieve", paid[0])
    assert shown.status == 0
    assert "INVALID_BENE_IFSC" in shown.out
    assert "what to do" in shown.out
    assert shown.out.startswith("id  ")
    assert "USD 50.00" in shown.out
    output = json.loads(cli("payouts", "retrieve", paid[2], "--json").out)
    assert output["id"] == paid[2]
    assert output["source_amount"] == 125_000
    assert output["created_at"].endswith("Z")


@pytest.mark.parametrize("reads", READS, ids=lambda reads: reads.name)
def test_every_column_of_a_list_has_a_heading_of_its_own(reads: Reads) -> None:
    headings = [_column(column)[0] for column in reads.columns]
    assert len(set(headings)) == len(headings)
    assert "money" not in headings


def test_beneficiaries_and_their_banks_have_different_headings(cli: Any, paid: list[str]) -> None:
    heading = cli("beneficiaries", "list").out.splitlines()[0]
    assert heading.split() == ["id", "status", "name", "currency", "bank"]


def test_beneficiaries(cli: Any, paid: list[str]) -> None:
    listed = cli("beneficiaries", "list", "--status", "active")
    assert "Supplier & Sons" in listed.out
    shown = cli("beneficiaries", "retrieve", "bene_A")
    assert "Supplier & Sons" in shown.out
    assert "active" in shown.out


def test_account_numbers_are_not_shown_in_full(cli: Any, service: Any) -> None:
    beneficiary = service.sandbox.add_beneficiary("bene_A")
    number = beneficiary["bank_account"]["account_number"]
    shown = cli("beneficiaries", "retrieve", "bene_A")
    assert number not in shown.out
    assert f"…{number[-4:]}" in shown.out


def test_whoami(cli: Any, service: Any) -> None:
    ended = cli("whoami")
    assert ended.status == 0
    assert service.base_url in ended.out
    assert "sandbox" in ended.out
    assert service.key not in ended.text


def test_purpose_codes(cli: Any) -> None:
    ended = cli("purpose-codes", "search", "SOFTWARE", "consulting", "--direction", "payout")
    assert ended.status == 0
    assert [line.split()[0] for line in ended.out.splitlines()[1:]] == ["S0802"]
    nothing = cli("purpose-codes", "search", "zeppelins")
    assert nothing.status == 1
    assert "zeppelins" in nothing.err
