"""The workbook to fill in is read back as it was filled in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from glomo.batch import Batch, PlanError
from glomo.cli.output.template_workbook import COLUMNS


@pytest.fixture
def template(cli: Any, tmp_path: Path) -> Path:
    file = tmp_path / "payouts.xlsx"
    ended = cli("payouts", "template", file, "--rows", 20)
    assert ended.status == 0, ended.text
    assert "glomo payouts plan" in ended.out
    return file


def test_an_empty_template_pays_nothing(template: Path) -> None:
    with pytest.raises(PlanError, match="no rows"):
        Batch.from_file(template).plan()


def test_what_is_filled_in_is_what_is_paid(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    sheet = book["Payouts"]
    rows = [
        ("0017", "bene_A", "USD", "INR", 1250, "neft", "S0803", "00042", None, "people"),
        ("3-4", "bene_B", "EUR", "EUR", 640.5, "sepa", "S1005", None, "doc_1;doc_2", None),
    ]
    for number, values in enumerate(rows, start=2):
        for position, value in enumerate(values, start=1):
            sheet.cell(number, position).value = value
    book.save(template)
    first, second = Batch.from_file(template).plan()
    assert (first.reference, first.invoice_number) == ("0017", "00042")
    assert (first.source_amount, second.source_amount) == (125_000, 64_050)
    assert second.reference == "3-4"
    assert second.documents == ("doc_1", "doc_2")
    assert first.notes == (("department", "people"),)


def test_lists_offer_what_the_file_may_hold(template: Path) -> None:
    sheet = openpyxl.load_workbook(template)["Payouts"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    headings = [cell.value for cell in sheet[1]]
    assert headings == [name for name, _, _ in COLUMNS]
    assert "INR" in rules["D2:D21"].formula1
    assert "INR" not in rules["C2:C21"].formula1
    assert "sepa" in rules["F2:F21"].formula1
    assert "Purpose codes" in rules["G2:G21"].formula1
    assert sheet["E2"].number_format == "0.00"
    assert sheet["A2"].number_format == "@"
    # Excel refuses a list that is longer than this.
    assert all(len(rule.formula1) < 255 for rule in rules.values())


def test_a_workbook_is_not_overwritten_unasked(cli: Any, template: Path, tmp_path: Path) -> None:
    before = template.read_bytes()
    ended = cli("payouts", "template", template)
    assert ended.status == 2
    assert template.read_bytes() == before
    assert cli("payouts", "template", template, "--force").status == 0
    wrong = cli("payouts", "template", tmp_path / "payouts.csv")
    assert wrong.status == 2
    assert ".xlsx" in wrong.err
