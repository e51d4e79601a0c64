"""Files that name beneficiaries as people do."""

from __future__ import annotations

import json
from typing import Any

LINES = ["r1,Acme Textiles,USD,INR,1.00,neft,S1301", "r2,bene_B,USD,INR,2.00,neft,S1301"]
FAST = ("--rate-limit", 0)


def test_names_are_looked_up_with_the_key(cli: Any, payout_file: Any, service: Any) -> None:
    service.sandbox.add_beneficiary("bene_A", name="Acme Textiles")
    service.sandbox.add_beneficiary("bene_B")
    file = payout_file(LINES)
    planned = cli("payouts", "plan", file)
    assert planned.status == 0, planned.text
    assert "Acme Textiles = bene_A" in planned.out
    names = json.loads(cli("payouts", "plan", file, "--json").out)["beneficiaries"]
    assert names == {"Acme Textiles": "bene_A"}
    assert cli("payouts", "run", file, *FAST).status == 0
    assert {one["beneficiary_id"] for one in service.sandbox.ledger.payouts} == {"bene_A", "bene_B"}


def test_without_a_key_the_remedy_is_named(cli: Any, payout_file: Any) -> None:
    ended = cli("payouts", "plan", payout_file(LINES))
    assert ended.status == 2
    assert "names are looked up with it" in " ".join(ended.err.split())


def test_an_approval_is_of_the_ids(cli: Any, payout_file: Any, service: Any) -> None:
    service.sandbox.add_beneficiary("bene_A", name="Acme Textiles")
    service.sandbox.add_beneficiary("bene_B")
    file = payout_file(LINES)
    assert cli("payouts", "plan", file, "--approve-as", "Asha").status == 0
    service.sandbox.add_beneficiary("bene_A", name="Renamed")
    service.sandbox.add_beneficiary("bene_C", name="Acme Textiles")
    approval = file.with_suffix(".approval.json")
    ended = cli("payouts", "run", file, "--approval", approval, *FAST)
    assert ended.status == 2
    assert "not what Asha approved" in ended.err
    assert service.sandbox.ledger.payouts == []


def test_a_rehearsal_takes_any_name(cli: Any, payout_file: Any) -> None:
    file = payout_file(LINES)
    assert cli("payouts", "run", file, "--sandbox", *FAST).status == 0
    assert cli("payouts", "track", file, "--sandbox", "--timeout", 0.1).out
