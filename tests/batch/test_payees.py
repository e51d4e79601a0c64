"""Beneficiaries that a file gives by name."""

from __future__ import annotations

from typing import Any

import pytest

from glomo import AsyncGlomo
from glomo.batch import AccountPayees, Batch, ChangedRowsError, PlanError, read_payees
from glomo.models.beneficiaries import Beneficiary
from glomo.sandbox import Sandbox, sandbox_key
from glomo.serialization.codec import structure

ROW = {
    "reference": "r1",
    "source_currency": "USD",
    "destination_currency": "INR",
    "source_amount": "10.00",
    "payment_rail": "neft",
    "purpose_code": "S1301",
}


def batch(*names: str) -> Batch:
    rows = [{**ROW, "reference": f"r{n}", "beneficiary_id": name} for n, name in enumerate(names)]
    return Batch.from_rows(rows, name="november")


def payees(*beneficiaries: tuple[str, str, str | None], status: str = "active") -> AccountPayees:
    common = {"status": status, "type": "business", "category": "payout"}
    return AccountPayees(
        structure({"id": id, "name": name, "nickname": nickname, **common}, Beneficiary)
        for id, name, nickname in beneficiaries
    )


DIRECTORY = (
    ("bene_1", "Acme Textiles", "acme"),
    ("bene_2", "Bharat Steel", None),
    ("bene_3", "Bharat Steel", "steel two"),
    ("bene_4", "Café Léa", "Acme Textiles Ltd"),
)


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("Acme Textiles", "bene_1"),
        ("ACME  textiles", "bene_1"),
        ("acme", "bene_1"),
        ("steel two", "bene_3"),
        ("Cafe\u0301 Le\u0301a", "bene_4"),
        ("bene_9", "bene_9"),
    ],
)
def test_a_name_or_nickname_of_one_beneficiary_stands_for_it(name: str, identifier: str) -> None:
    (row,) = batch(name).plan(payees=payees(*DIRECTORY))
    assert row.beneficiary_id == identifier


@pytest.mark.parametrize(
    ("name", "problem", "advice"),
    [
        ("Bharat Steel", "is the name of 2 beneficiaries", "bene_2, bene_3"),
        ("Acme Textile", "is neither the id nor the name", "'Acme Textiles'"),
        ("Nobody", "is neither the id nor the name", "create it first"),
    ],
)
def test_a_name_that_is_nobodys_or_of_several_pays_nobody(
    name: str, problem: str, advice: str
) -> None:
    with pytest.raises(PlanError) as refused:
        batch("acme", name).plan(payees=payees(*DIRECTORY))
    (one,) = refused.value.problems
    assert (one.row, one.column) == (2, "beneficiary_id")
    assert problem in one.problem
    assert advice in (one.advice or "")


def test_a_name_shared_across_name_and_nickname_is_of_several() -> None:
    directory = payees(("bene_1", "Acme", None), ("bene_2", "Other", "ACME"))
    with pytest.raises(PlanError, match="is the name of 2 beneficiaries"):
        batch("Acme").plan(payees=directory)


def test_who_was_rejected_is_not_found_by_name() -> None:
    with pytest.raises(PlanError, match="is neither the id"):
        batch("Acme").plan(payees=payees(("bene_1", "Acme", None), status="rejected"))


def test_without_payees_a_name_is_refused() -> None:
    with pytest.raises(PlanError, match="is not the id of a beneficiary"):
        batch("Acme").plan()


async def test_a_name_that_comes_to_mean_somebody_else_is_noticed(tmp_path: Any) -> None:
    with Sandbox(rate_limit=None) as sandbox, sandbox.serve() as server:
        sandbox.add_beneficiary("bene_A", name="Acme")
        async with AsyncGlomo(sandbox_key(), base_url=server.base_url) as glomo:
            first = batch("Acme")
            first.plan(payees=await read_payees(glomo))
            assert [r.reference async for r in first.run(glomo, tmp_path / "j")] == ["r0"]
            again = batch("acme")
            again.plan(payees=await read_payees(glomo))
            assert [r async for r in again.run(glomo, tmp_path / "j")] == []
            sandbox.add_beneficiary("bene_A", name="Renamed")
            sandbox.add_beneficiary("bene_B", name="Acme")
            other = batch("Acme")
            other.plan(payees=await read_payees(glomo))
            with pytest.raises(ChangedRowsError, match="bene_A, is now bene_B"):
                [r async for r in other.run(glomo, tmp_path / "j")]
        assert [one["beneficiary_id"] for one in sandbox.ledger.payouts] == ["bene_A"]
