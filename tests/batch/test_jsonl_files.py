"""JSON Lines files, and rows from Python: the same rules, and some of JSON's own."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from glomo import Money
from glomo.batch import Batch, Plan, PlanError

from .conftest import row, rows


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "november.jsonl"


def planned(file: Path, *lines: str | dict[str, Any]) -> Plan:
    text = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines)
    file.write_text(text, encoding="utf-8")
    return Batch.from_file(file).plan()


def problems(file: Path, *lines: str | dict[str, Any]) -> list[str]:
    with pytest.raises(PlanError) as refused:
        planned(file, *lines)
    return [str(problem) for problem in refused.value.problems]


GOOD = row("row-1")
MINOR = {**row("row-2", source_amount_minor=125_000), "source_amount": None}
BARE = (
    "is a bare number, which does not keep its decimals and could be major or minor units: write "
    'it as text, "1250.00", or write minor units into source_amount_minor: 125000'
)

LINES: dict[str, tuple[str | dict[str, Any], list[str]]] = {
    "a whole number": ({**GOOD, "source_amount": 1250}, [f"source_amount '1250': {BARE}"]),
    "a number with a point": (
        json.dumps(GOOD).replace('"1250.00"', "1250.00"), [f"source_amount '1250.00': {BARE}"]),
    "dollars or cents": ({**GOOD, "source_amount": "1250"}, [
        "source_amount '1250': USD is written with 2 decimals, this has none: write 1250.00, or "
        "put 125000 into source_amount_minor"]),
    "minor units as text": ({**MINOR, "source_amount_minor": "125000"}, [
        "source_amount_minor '125000': is a text: write a whole number of minor units, without "
        "quotation marks"]),
    "parts of a cent": ({**MINOR, "source_amount_minor": 1250.5}, [
        "source_amount_minor '1250.5': is not a whole number: minor units (cents) are counted: "
        "write 125000"]),
    "a whole number with a point": ({**MINOR, "source_amount_minor": 1250.0}, [
        "source_amount_minor '1250.0': is not a whole number: minor units (cents) are counted: "
        "write 125000"]),
    "true": ({**MINOR, "source_amount_minor": True}, [
        "source_amount_minor 'True': is not a whole number: minor units (cents) are counted: "
        "write 125000"]),
    "negative": ({**MINOR, "source_amount_minor": -1}, [
        "source_amount_minor '-1': a payout cannot be negative: leave the row out if nothing is "
        "to be paid"]),
    "a field twice": ('{"reference": "a", "reference": "b"}', [
        "'reference' is there twice: keep one of them"]),
    "no JSON": ("row-1,bene_supplier", [
        "the line is not JSON (Expecting value, character 1): write one JSON object a line"]),
    "no object": ("17", ['\'17\': is not an object: write {"reference": ...} on a line']),
    "no number": ('{"source_amount": NaN}', ["NaN is not JSON: leave the field out"]),
    "too deep": ("[" * 100_000 + "]" * 100_000, [
        "the line is nested too deeply: write one flat JSON object"]),
    "a number as reference": ({**GOOD, "reference": 17}, [
        "reference '17': is not a text: put it into quotation marks: \"...\""]),
    "half a character": ({**GOOD, "reference": "a\ud800"}, [
        "reference 'a\\ud800': has an invisible character in it (U+D800): type it again by hand"]),
    "documents": ({**GOOD, "documents": ["doc_1", 2]}, [
        "documents \"['doc_1', 2]\": is not a list of texts: write [\"doc_...\", \"doc_...\"]"]),
    "notes": ({**GOOD, "notes": {"key": 5}}, [
        "notes.key '5': is not a text: put it into quotation marks: \"...\""]),
    "missing fields": ({"reference": "r", "source_amount": "1.00"}, [
        "beneficiary_id: is empty: write who is paid (bene_...)",
        "source_currency: is empty: write the currency of the balance that pays, such as USD",
        "destination_currency: is empty: write the currency that arrives, such as INR",
        "purpose_code: is empty: write why it is paid (S....)"]),
    "no amount": ({k: v for k, v in GOOD.items() if k != "source_amount"}, [
        "source_amount: no amount: fill exactly one of source_amount, destination_amount, "
        "source_amount_minor, destination_amount_minor"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", LINES)
def test_a_line_that_is_wrong_is_named_with_what_to_write(file: Path, kind: str) -> None:
    line, expected = LINES[kind]
    messages = problems(file, row("row-0"), "", line)
    prefix = "row 3: " if expected[0].startswith(("'reference'", "the line", "NaN")) else "row 3, "
    assert messages == [f"{prefix}{one}" for one in expected]


def test_an_unknown_field_is_named_once_and_counted(file: Path) -> None:
    wrong = [{**row(f"r{n}"), "source_amout": "1.00"} for n in range(3)]
    assert problems(file, *wrong) == [
        "row 1, source_amout: is not a field of a payout file: did you mean source_amount? "
        "(3 rows: 1-3)"
    ]


def test_files_that_are_not_json_lines(file: Path) -> None:
    assert problems(file, "") == ["the file is empty: it needs one row a payout"]
    assert problems(file, "\n\n") == ["the file has no rows: it needs one JSON object a line"]
    assert problems(file, "[", json.dumps(GOOD), "]") == [
        "this is a JSON array, not JSON Lines: write one object a line, without brackets"
    ]


def test_a_right_file_is_read(file: Path) -> None:
    rich = {**GOOD, "documents": ["doc_1", "doc_2"], "notes": {"a": "1"}, "notes.b": "2\n3"}
    plan = planned(file, "\ufeff" + json.dumps(rich), "", MINOR)
    first, second = plan
    assert (first.number, second.number) == (1, 3)
    assert first.documents == ("doc_1", "doc_2")
    assert first.notes == (("a", "1"), ("b", "2\n3"))
    assert plan.totals == {"USD": Money(250_000, "USD")}


def test_rows_from_python_take_text_decimal_and_money(file: Path) -> None:
    records = [
        row("a", source_amount=Decimal("1250.00")),
        row("b", source_amount=Money.of("1250.00", "USD")),
        row("c", source_amount=..., source_amount_minor=125_000),
    ]
    plan = Batch.from_rows(iter(records), name="b").plan()
    assert [one.source_amount for one in plan] == [125_000] * 3
    assert [one.number for one in plan] == [1, 2, 3]


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        (1250.0, "is a bare number"),
        (Decimal("1250"), "USD is written with 2 decimals"),
        (Decimal("Infinity"), "is not an amount|letters"),
        (Money(1, "EUR"), "is in EUR, the row's currency is USD"),
    ],
)
def test_rows_from_python_are_checked_as_files_are(amount: Any, message: str) -> None:
    with pytest.raises(PlanError, match=message):
        Batch.from_rows([row("a", source_amount=amount)], name="b").plan()


def test_no_rows_and_no_name() -> None:
    with pytest.raises(PlanError, match="there are no rows"):
        Batch.from_rows([], name="b").plan()
    with pytest.raises(ValueError, match="needs a name"):
        Batch.from_rows(rows(1), name=" ")
