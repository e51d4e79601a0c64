"""Files that name beneficiaries as people do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl

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


def page(file: Path) -> str:
    return file.with_suffix(".report.html").read_text("utf-8")


def workbook_names(file: Path) -> list[tuple[object, object]]:
    book = openpyxl.load_workbook(file.with_suffix(".results.xlsx"), read_only=True)
    header, *rows = book["Results"].iter_rows(values_only=True)
    book.close()
    ids, names = header.index("beneficiary"), header.index("beneficiary name")
    return [(row[ids], row[names]) for row in rows]


def test_reports_have_names_and_pace_whenever_they_are_written(
    cli: Any, payout_file: Any, service: Any
) -> None:
    service.sandbox.add_beneficiary("bene_A", name="Acme")
    service.sandbox.add_beneficiary("bene_B", name="Not In The File")
    file = payout_file([*LINES, "r3,ACME,USD,INR,3.00,neft,S1301"][1:])
    assert cli("payouts", "run", file, *FAST).status == 0
    first = page(file)
    service.sandbox.clock.advance(hours=3)
    for command in (("report", file), ("track", file), ("run", file, *FAST), ("report", file)):
        assert cli("payouts", *command).status == 0
        assert "<td>ACME (bene_A)</td>" in page(file)
        assert "<td>bene_B</td>" in page(file)
        assert "Not In The File" not in page(file)
        assert workbook_names(file) == [("bene_B", None), ("bene_A", "ACME")]
        for fact in ("<dt>Began</dt>", "<dt>Took</dt>"):
            at = first.index(fact)
            assert first[at : first.index("</dd>", at)] in page(file)
        assert "rows a second" in page(file)


def test_a_name_is_text_in_the_page_and_no_formula(
    cli: Any, payout_file: Any, service: Any
) -> None:
    service.sandbox.add_beneficiary("bene_A", name="=<b>Acme</b>")
    file = payout_file(["r1,=<b>Acme</b>,USD,INR,1.00,neft,S1301"])
    assert cli("payouts", "run", file, *FAST).status == 0
    assert "<b>Acme" not in page(file)
    assert "=&lt;b&gt;Acme&lt;/b&gt; (bene_A)" in page(file)
    assert workbook_names(file) == [("bene_A", "=<b>Acme</b>")]


def test_names_of_a_rehearsal_are_in_its_report(cli: Any, payout_file: Any) -> None:
    file = payout_file(LINES)
    assert cli("payouts", "run", file, "--sandbox", *FAST).status == 0
    rehearsed = file.with_suffix(".rehearsal.report.html").read_text("utf-8")
    assert "<td>Acme Textiles (bene_" in rehearsed
