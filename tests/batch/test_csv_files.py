"""CSV files: each kind of mistake has words that a finance person understands; nothing is sent."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from glomo import AsyncGlomo, Money
from glomo.batch import Batch, Plan, PlanError
from glomo.batch.references import References
from glomo.batch.spool import Spool
from glomo.sandbox import Sandbox

from .conftest import HEADER, names, row, run, write_csv

HEAD = ",".join(HEADER) + "\n"
GOOD = "row-1,bene_supplier,USD,INR,1250.00,neft,S0017\n"
SAVE_AS = "in Excel choose File > Save As > 'CSV UTF-8 (Comma delimited)'"


def planned(path: Path, content: str | bytes) -> Plan:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Batch.from_csv(path).plan()


def problems(path: Path, content: str | bytes) -> list[str]:
    with pytest.raises(PlanError) as refused:
        planned(path, content)
    return [str(problem) for problem in refused.value.problems]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "november.csv"


FILES: dict[str, tuple[str | bytes, list[str]]] = {
    "empty": (b"", ["the file is empty: it needs one row a payout"]),
    "blank": ("\n \n", ["the file is empty: it needs one row a payout"]),
    "header only": (HEAD, ["the file has a header and no rows: it needs one row a payout"]),
    "header and blank rows": (HEAD + "\n,,,,,,\n", [
        "the file has a header and no rows: it needs one row a payout"]),
    "no header": (GOOD, [
        "row 1: the first row must name the columns, and names none of them (found: row-1, "
        "bene_supplier, USD, INR, 1250.00, neft): begin the file with reference,beneficiary_id,"
        "source_currency,destination_currency,purpose_code,source_amount,..."]),
    "missing columns": ("reference,beneficiary_id,source_currency\nr,bene_1,USD\n", [
        "row 1, destination_currency: this column is missing: add it: the currency that arrives, "
        "such as INR",
        "row 1, purpose_code: this column is missing: add it: why it is paid (S....)",
        "row 1, source_amount: this column is missing: add it, or one of destination_amount, "
        "source_amount_minor, destination_amount_minor"]),
    "misspelt column": (HEAD.replace("source_amount", "Source Amount") + GOOD, [
        "row 1, Source Amount: is not a column of a payout file: did you mean source_amount?"]),
    "unknown column": (HEAD.strip() + ",colour\n" + GOOD.strip() + ",red\n", [
        "row 1, colour: is not a column of a payout file: the columns are reference, "
        "beneficiary_id, source_currency, destination_currency, purpose_code, source_amount, "
        "destination_amount, source_amount_minor, destination_amount_minor, payment_rail, "
        "invoice_number, documents, notes.<key>"]),
    "notes without a key": (HEAD.strip() + ",notes\n" + GOOD.strip() + ",x\n", [
        "row 1, notes: is not a column of a payout file: write notes.<key>, as notes.department"]),
    "a column twice": (HEAD.strip() + ",reference\n" + GOOD.strip() + ",x\n", [
        "row 1, reference: this column is there twice: keep one of them"]),
    "a column without a name": (HEAD.replace("payment_rail", "") + GOOD, [
        "row 1: column 6 has no name: name it, or delete it"]),
    "too many cells": (HEAD + GOOD.replace("1250.00", "1,250.00"), [
        "row 2: has 8 cells, the header has 7: put a cell that has a comma in it into quotation "
        'marks, as "Smith, Ltd"']),
    "too few cells": (HEAD + "row-1,bene_supplier,USD\n", [
        "row 2: has 3 cells, the header has 7: every column needs its separator, also where the "
        "cell is empty"]),
    "open quotation mark": (HEAD + GOOD + '"row-2,bene\n', [
        "row 3: a quotation mark that opens in this row is never closed; the rest of the file was "
        'not read: close it, or write "" for a quotation mark inside a quoted cell']),
    "text after a quotation mark": (HEAD + '"row"-2,bene\n', [
        "row 2: something follows a closing quotation mark; the rest of the file was not read: "
        'write "" for a quotation mark inside a quoted cell']),
    "a huge cell": (HEAD + GOOD.replace("row-1", "x" * 140_000), [
        "row 2: a cell is longer than 131,072 characters; the rest of the file was not read: "
        "perhaps a quotation mark is not closed"]),
    "an endless line": ("x" * (2 << 20), [
        "line 1 is longer than 1,048,576 characters: this is no payout file"]),
    "a NUL byte": (HEAD + GOOD.replace("row-1", "row\0"), [
        "line 2 has a NUL byte in it: the file is damaged, or not text: export it again; "
        + SAVE_AS]),
    "Western Windows": ((HEAD + GOOD + "caf\u00e9,").encode("cp1252"), [
        "line 3 is not UTF-8: byte 4 of it is 0xE9, '\u00e9' in Western Windows files: "
        + SAVE_AS]),
    "UTF-16": ((HEAD + GOOD).encode("utf-16"), [
        f"the file is saved as UTF-16 (Excel's 'Unicode Text'): {SAVE_AS}"]),
    "UTF-16 without a mark": ((HEAD + GOOD).encode("utf-16-le"), [
        f"the file is saved as UTF-16 (Excel's 'Unicode Text'): {SAVE_AS}"]),
    "a workbook": (b"PK\x03\x04 and so on", [
        "this is an Excel workbook (or a zip file), not a text file: name it .xlsx, and it is "
        "read as one"]),
    "a PDF": (b"%PDF-1.7", [f"this is a PDF document, not a text file: {SAVE_AS}"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_cannot_be_read_is_refused_in_plain_words(file: Path, kind: str) -> None:
    content, expected = FILES[kind]
    assert problems(file, content) == expected


CELLS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "dollars or cents": ({"source_amount": "1250"}, [
        "source_amount '1250': USD is written with 2 decimals, this has none: write 1250.00, or "
        "put 125000 into source_amount_minor"]),
    "one decimal": ({"source_amount": "1250.5"}, [
        "source_amount '1250.5': USD is written with 2 decimals, this has 1: write 1250.50"]),
    "three decimals": ({"source_amount": "1.250"}, [
        "source_amount '1.250': USD is written with 2 decimals, this has 3: write 2 of them, as "
        "1250.00"]),
    "yen with decimals": ({"source_currency": "JPY", "source_amount": "1250.00"}, [
        "source_amount '1250.00': JPY has no decimals: write 1250"]),
    "parts of a yen": ({"source_currency": "JPY", "source_amount": "1250.50"}, [
        "source_amount '1250.50': JPY has no decimals: write a whole number, as 1250"]),
    "dinars with two decimals": ({"source_currency": "KWD", "source_amount": "295.99"}, [
        "source_amount '295.99': KWD is written with 3 decimals, this has 2: write 295.990"]),
    "dinars to the fils": ({"source_currency": "KWD", "source_amount": "295.991"}, [
        "source_amount '295.991': the last of KWD's 3 decimals must be 0 at Glomo: write 295.990 "
        "or 296.000"]),
    "the amount that arrives": (
        {"source_amount": "", "destination_amount": "82350", "payment_rail": "neft"}, [
        "destination_amount '82350': INR is written with 2 decimals, this has none: write "
        "82350.00, or put 8235000 into destination_amount_minor"]),
    "dollar sign": ({"source_amount": "$1250.00"}, [
        "source_amount '$1250.00': has letters or a currency sign in it: write the digits alone, "
        "as 1250.00: the currency has its own column"]),
    "currency": ({"source_amount": "1250.00 USD"}, [
        "source_amount '1250.00 USD': has letters or a currency sign in it: write the digits "
        "alone, as 1250.00: the currency has its own column"]),
    "thousands": ({"source_amount": "1,250.00"}, [
        "source_amount '1,250.00': has thousands separators: write it without them, as 1250.00"]),
    "thousands with a point": ({"source_amount": "1.250,00"}, [
        "source_amount '1.250,00': has thousands separators: write it without them, as 1250.00"]),
    "thousands with a gap": ({"source_amount": "1\u202f250.00"}, [
        "source_amount '1\\u202f250.00': has thousands separators: write it without them, as "
        "1250.00"]),
    "decimal comma": ({"source_amount": "1250,00"}, [
        "source_amount '1250,00': has a decimal comma: write a point, as 1250.00"]),
    "an unclear comma": ({"source_amount": "1,250"}, [
        "source_amount '1,250': has a comma: write a point for decimals and nothing for "
        "thousands, as 1250.00"]),
    "exponent": ({"source_amount": "1.25E+03"}, [
        "source_amount '1.25E+03': was shortened by a spreadsheet, digits may be lost: format the "
        "column as a number and write all digits, as 1250.00"]),
    "negative": ({"source_amount": "-1250.00"}, [
        "source_amount '-1250.00': a payout cannot be negative: write it without a sign, as "
        "1250.00, or leave the row out"]),
    "negative in brackets": ({"source_amount": "(1250.00)"}, [
        "source_amount '(1250.00)': a payout cannot be negative: write it without a sign, as "
        "1250.00, or leave the row out"]),
    "plus": ({"source_amount": "+1250.00"}, [
        "source_amount '+1250.00': has a sign: write the digits alone, as 1250.00"]),
    "zero": ({"source_amount": "0.00"}, [
        "source_amount '0.00': a payout cannot be zero: leave the row out if nothing is to be "
        "paid"]),
    "formula": ({"source_amount": "=A1*2"}, [
        "source_amount '=A1*2': is a formula: write the amount itself, as 1250.00"]),
    "spreadsheet error": ({"source_amount": "#REF!"}, [
        "source_amount '#REF!': is an error of the spreadsheet: correct the cell it comes from"]),
    "no leading digit": ({"source_amount": ".50"}, [
        "source_amount '.50': is not an amount: write digits and a point, as 1250.00"]),
    "other digits": ({"source_amount": "\u0661\u0662.\u0660\u0660"}, [
        "source_amount '\u0661\u0662.\u0660\u0660': is not an amount: write digits and a point, "
        "as 1250.00"]),
    "too much": ({"source_amount": "9" * 30 + ".00"}, [
        f"source_amount '{'9' * 30}.00': {'9' * 30}.00 is more than a payout can be: check the "
        "digits"]),
    "no amount": ({"source_amount": ""}, ["source_amount: no amount: fill source_amount"]),
    "two amounts": ({"source_amount_minor": "125000"}, [
        "source_amount_minor '125000': source_amount and source_amount_minor are both filled: "
        "fill exactly one"]),
    "minor units with a point": ({"source_amount": "", "source_amount_minor": "1250.00"}, [
        "source_amount_minor '1250.00': minor units (cents) are whole numbers, without a point: "
        "write an amount with decimals in source_amount, or the number of minor units here"]),
    "negative minor units": ({"source_amount": "", "source_amount_minor": "-5"}, [
        "source_amount_minor '-5': a payout cannot be negative: write it without a sign, as "
        "125000, or leave the row out"]),
    "unknown currency": ({"source_currency": "XYZ"}, [
        "source_currency 'XYZ': is not a currency code of ISO 4217: write three capitals, such as "
        "USD"]),
    "small currency": ({"source_currency": "usd"}, [
        "source_currency 'usd': is not a currency code of ISO 4217: write USD"]),
    "unknown rail": ({"payment_rail": "pigeon"}, [
        "payment_rail 'pigeon': is not a payment rail of Glomo: the rails are swift, upi, imps, "
        "neft, rtgs, ipp, fts, sepa, fps, npp"]),
    "loud rail": ({"payment_rail": "NEFT"}, [
        "payment_rail 'NEFT': is not a payment rail of Glomo: write neft"]),
    "rail of another currency": ({"payment_rail": "sepa"}, [
        "payment_rail 'sepa': sepa pays EUR only: for INR use upi, imps, neft, rtgs, swift"]),
    "payin purpose": ({"purpose_code": "P0802"}, [
        "purpose_code 'P0802': is a payin code (Software consulting or rollout): a payout "
        "takes S...."]),
    "unknown purpose": ({"purpose_code": "S9999"}, [
        "purpose_code 'S9999': is not a payout purpose code of Glomo: search glomo.purpose_codes"]),
    "beneficiary's name": ({"beneficiary_id": "Smith"}, [
        "beneficiary_id 'Smith': is not the id of a beneficiary: write it as bene_..., or have "
        "plan(payees=...) look names up"]),
    "empty cells": ({"reference": "", "beneficiary_id": "", "purpose_code": ""}, [
        "reference: is empty: write a text that names the row, unique in the file",
        "beneficiary_id: is empty: write who is paid (bene_...)",
        "purpose_code: is empty: write why it is paid (S....)"]),
    "reference on two lines": ({"reference": "a\nb"}, [
        "reference 'a\\nb': has a line break in it: write it on one line"]),
    "spreadsheet error in a text": ({"invoice_number": "#N/A"}, [
        "invoice_number '#N/A': is an error of the spreadsheet: "
        "correct the cell it comes from"]),
    "reference with a ghost": ({"reference": "a\u200bb"}, [
        "reference 'a\\u200bb': has an invisible character in it (U+200B): type it again by hand"]),
    "reference too long": ({"reference": "x" * 201}, [
        f"reference '{'x' * 60}...': is longer than 200 characters: write a shorter one"]),
    "invoice too long": ({"invoice_number": "7" * 51}, [
        f"invoice_number '{'7' * 51}': is longer than 50 characters: write a shorter one"]),
    "document": ({"documents": "doc_1;invoice.pdf"}, [
        "documents 'invoice.pdf': is neither the id of a document nor a file: "
        "write its path as seen from the payout file, or doc_..."]),
    "everything": ({"source_amount": "1", "payment_rail": "x", "purpose_code": "y"}, [
        "source_amount '1': USD is written with 2 decimals, this has none: write 1.00, or put 100 "
        "into source_amount_minor",
        "payment_rail 'x': is not a payment rail of Glomo: the rails are swift, upi, imps, neft, "
        "rtgs, ipp, fts, sepa, fps, npp",
        "purpose_code 'y': is not a payout purpose code of Glomo: search glomo.purpose_codes"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", CELLS)
def test_a_cell_that_is_wrong_is_named_with_what_to_write(file: Path, kind: str) -> None:
    changes, expected = CELLS[kind]
    write_csv(file, [row("row-1"), {**row("row-2"), **changes}])
    messages = problems(file, file.read_bytes())
    assert messages == [f"row 3, {one}" for one in expected]


def test_all_mistakes_of_a_file_come_at_once_and_in_order(file: Path) -> None:
    write_csv(
        file,
        [
            row("a", source_amount="1250"),
            row("b"),
            row("a"),
            row("b", payment_rail="sepa"),
            row("c", purpose_code="P0802"),
        ],
    )
    with pytest.raises(PlanError) as refused:
        Batch.from_csv(file).plan()
    assert [(one.row, one.column, one.value) for one in refused.value.problems] == [
        (2, "source_amount", "1250"),
        (4, "reference", "a"),
        (5, "reference", "b"),
        (5, "payment_rail", "sepa"),
        (6, "purpose_code", "P0802"),
    ]
    assert str(refused.value.problems[1]) == (
        "row 4, reference 'a': is the reference of row 2 already: "
        "give every row a reference of its own"
    )
    assert str(refused.value).startswith("november.csv: 5 problems; nothing was sent\n  row 2, ")


def test_a_long_list_of_mistakes_is_cut_in_the_message_only(file: Path) -> None:
    write_csv(file, [row("r1", **{f"column{n}": "x" for n in range(30)})])
    with pytest.raises(
        PlanError, match=r"30 problems.*\n(.*\n){20}  \.\.\. and 10 more$"
    ) as refused:
        Batch.from_csv(file).plan()
    assert len(refused.value.problems) == 30


def test_no_file_and_no_known_ending(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="there is no such file"):
        Batch.from_csv(tmp_path / "none.csv").plan()
    with pytest.raises(PlanError, match="this is a folder"):
        Batch.from_csv(tmp_path).plan()
    with pytest.raises(PlanError, match=r"ending \.pdf is not known"):
        Batch.from_file(tmp_path / "november.pdf")
    with pytest.raises(PlanError, match=r"of the kind \.ods are not read: save it as an Excel"):
        Batch.from_file(tmp_path / "november.ODS")
    with pytest.raises(PlanError, match=r"\.csv file has no worksheets"):
        Batch.from_file(tmp_path / "november.csv", sheet="May")


@pytest.mark.parametrize("column", HEADER)
def test_one_column_that_is_missing_is_named_once_however_many_rows(
    file: Path, column: str
) -> None:
    left = [name for name in HEADER if name != column]
    lines = [left, *([row(f"r{n}")[name] for name in left] for n in range(3))]
    content = "".join(",".join(line) + "\n" for line in lines)
    if column == "payment_rail":
        assert len(planned(file, content)) == 3
        return
    [problem] = problems(file, content)
    assert problem.startswith(f"row 1, {column}: this column is missing: add it")


@pytest.mark.parametrize("column", HEADER)
def test_one_column_that_is_misspelt_is_named_once_however_many_rows(
    file: Path, column: str
) -> None:
    head = HEAD.replace(column, column.upper())
    assert problems(file, head + GOOD + GOOD.replace("row-1", "row-2")) == [
        f"row 1, {column.upper()}: is not a column of a payout file: did you mean {column}?"
    ]


RIGHT: dict[str, str | bytes] = {
    "plain": HEAD + GOOD,
    "byte order mark": ("\ufeff" + HEAD + GOOD).encode(),
    "Windows line ends": (HEAD + GOOD).replace("\n", "\r\n"),
    "old Macintosh line ends": (HEAD + GOOD).replace("\n", "\r"),
    "no last line end": (HEAD + GOOD).rstrip(),
    "blank rows at the end": HEAD + GOOD + "\n\n,,,,,,\n  \n",
    "spaces in the header": HEAD.replace(",", " , ") + GOOD,
    "spaces in cells": HEAD + GOOD.replace(",", " , "),
    "empty columns at the right": HEAD.replace("\n", ",,\n") + GOOD.replace("\n", ",,\n"),
    "semicolons": (HEAD + GOOD).replace(",", ";"),
    "tabs": (HEAD + GOOD).replace(",", "\t"),
    "Excel's separator line": "sep=;\r\n" + (HEAD + GOOD).replace(",", ";"),
    "quoted": "".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) + "\n"
        for line in (HEAD + GOOD).splitlines()
    ),
}


@pytest.mark.parametrize("kind", RIGHT)
def test_what_spreadsheets_make_of_a_right_file_is_read(file: Path, kind: str) -> None:
    plan = planned(file, RIGHT[kind])
    [only] = plan
    assert plan.totals == {"USD": Money(125_000, "USD")}
    assert (only.number, only.reference, only.payment_rail) == (2, "row-1", "neft")


def test_a_quoted_line_break_is_part_of_a_note_and_rows_are_counted_as_a_spreadsheet_does(
    file: Path,
) -> None:
    head = HEAD.strip() + ",notes.text\n"
    first = GOOD.strip() + ',"two\r\nlines, ""quoted"""\n'
    plan = planned(file, head + first + "\n" + GOOD.strip().replace("row-1", "row-2") + ",\n")
    assert [(one.number, one.notes) for one in plan] == [
        (2, (("text", 'two\r\nlines, "quoted"'),)),
        (4, ()),
    ]


def test_yen_and_dinars_are_read_by_their_own_decimals(file: Path) -> None:
    write_csv(
        file,
        [
            row("a", source_currency="JPY", source_amount="1250"),
            row("b", source_currency="KWD", source_amount="295.990"),
            row("c", source_amount="", source_amount_minor="7"),
        ],
    )
    plan = Batch.from_csv(file).plan()
    assert [one.source_amount for one in plan] == [1250, 295_990, 7]
    assert [str(one) for one in plan.warnings] == [
        "row 2, source_currency 'JPY': is not among the currencies that Glomo pays from",
        "row 3, source_currency 'KWD': is not among the currencies that Glomo pays from",
    ]


def test_warnings_of_a_kind_are_one_and_strict_makes_them_mistakes(file: Path) -> None:
    write_csv(file, [row(f"r{n}", purpose_code="S1005") for n in range(3)])
    batch = Batch.from_csv(file)
    [warning] = batch.plan().warnings
    assert (warning.row, warning.count) == (2, 3)
    assert "purpose code S1005 goes with a document (invoice)" in str(warning)
    with pytest.raises(PlanError, match="S1005"):
        batch.plan(strict=True)


def test_a_short_balance_is_a_warning_with_what_is_missing(file: Path) -> None:
    write_csv(
        file,
        [*(row(f"r{n}") for n in range(3)), row("x", source_amount="", destination_amount="9.00")],
    )
    plan = Batch.from_csv(file).plan()
    assert plan.destination_totals == {"INR": Money(900, "INR")}
    open_ended = (
        "destination_amount: 1 row names what arrives, so what leaves the USD balance is not known "
        "yet"
    )
    enough = {"USD": Money.of("3750.00", "USD")}
    assert [str(one) for one in plan.check_balances(enough)] == [open_ended]
    short = {"USD": Money.of("3000.00", "USD")}
    assert [str(one) for one in plan.check_balances(short)] == [
        "source_amount: the balance of 3,000.00 USD does not cover the total of 3,750.00 USD: "
        "add 750.00 USD and what the fees come to",
        open_ended,
    ]
    paid = {"USD": Money.of("1250.00", "USD")}
    assert [str(one) for one in plan.check_balances(short, paid=paid)] == [open_ended]


@pytest.mark.parametrize("kind", ["empty", "missing columns", "Western Windows", "UTF-16"])
async def test_nothing_is_sent_for_a_wrong_file(
    file: Path, kind: str, sandbox: Sandbox, glomo: AsyncGlomo, journal: Path
) -> None:
    content, _ = FILES[kind]
    file.write_bytes(content if isinstance(content, bytes) else content.encode())  # noqa: ASYNC240
    with pytest.raises(PlanError, match="nothing was sent"):
        await run(Batch.from_csv(file), glomo, journal)
    assert len(sandbox.requests) == 0
    assert sandbox.ledger.payouts == []
    assert names(journal.parent) == ["november.csv"]


# ------------------------------------------------------------- a column of one cause


def reformatted(path: Path, amounts: list[str], **changes: Any) -> PlanError:
    write_csv(path, [row(f"r{n}", source_amount=one, **changes) for n, one in enumerate(amounts)])
    with pytest.raises(PlanError) as refused:
        Batch.from_csv(path).plan()
    return refused.value


def test_a_column_that_a_spreadsheet_reformatted_is_one_problem_with_one_remedy(
    file: Path,
) -> None:
    error = reformatted(file, [str(n) for n in range(215, 215 + 258)])
    assert [str(one) for one in error.problems] == [
        "column source_amount, 258 rows: these amounts lack two decimals, as after a spreadsheet "
        "reformatted them: format the column as a number with two decimals, or name the column "
        "source_amount_minor if these are minor units"
    ]
    assert len(error.every_problem) == 258
    assert str(error.every_problem[0]) == (
        "row 2, source_amount '215': USD is written with 2 decimals, this has none: write 215.00, "
        "or put 21500 into source_amount_minor"
    )


@pytest.mark.parametrize("sound", ["99.95", "99.5"])
def test_cents_are_not_suggested_where_an_amount_of_the_column_shows_some(
    file: Path, sound: str
) -> None:
    error = reformatted(file, [sound, *(str(n) for n in range(1, 30))])
    [problem] = error.problems
    assert problem.advice == "format the column as a number with two decimals"


def test_other_formats_of_a_whole_column_are_one_problem_too(file: Path) -> None:
    for amount, message in {
        "1,250.00": "these amounts are written with thousands separators: format the column as a "
        "number with two decimals and no thousands separators",
        "1250,00": "these amounts are written with a decimal comma: format the column as a number "
        "with two decimals and a decimal point",
        "$1250.00": "these amounts are written with letters or a currency sign: format the column "
        "as a number with two decimals and no currency: the currency has its own column",
    }.items():
        [problem] = reformatted(file, [amount] * 9).problems
        assert str(problem) == f"column source_amount, 9 rows: {message}"


def test_zero_is_not_told_to_become_zero_with_decimals(file: Path) -> None:
    error = reformatted(file, ["0", "0.0", "000"])
    assert {str(one).partition(": ")[2] for one in error.problems} == {
        "a payout cannot be zero: leave the row out if nothing is to be paid"
    }


def test_one_wrong_value_in_many_rows_is_one_problem(file: Path) -> None:
    write_csv(file, [row(f"r{n}", payment_rail="NEFT") for n in range(40)])
    with pytest.raises(PlanError) as refused:
        Batch.from_csv(file).plan()
    [problem] = refused.value.problems
    assert (problem.row, problem.value, problem.count) == (2, "NEFT", 40)


def test_semicolons_leave_the_comma_to_mark_decimals(file: Path) -> None:
    text = (HEAD + GOOD).replace(",", ";").replace("1250.00", "1250,00")
    assert planned(file, ("\ufeff" + text).encode()).totals == {"USD": Money(125_000, "USD")}
    # What could be thousands is not guessed.
    [problem] = problems(file, text.replace("1250,00", "1,250"))
    assert "has a comma" in problem


def test_advice_is_not_cut_out_of_a_label_that_has_a_colon(file: Path) -> None:
    write_csv(file, [row("r", purpose_code="P0003")])
    with pytest.raises(PlanError) as refused:
        Batch.from_csv(file).plan()
    [problem] = refused.value.problems
    assert problem.advice == "a payout takes S...."
    assert problem.problem.startswith("is a payin code (")
    assert problem.problem.endswith(")")


def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    for name in ("pipe.csv", "pipe.xlsx", "pipe.jsonl"):
        pipe = tmp_path / name
        os.mkfifo(pipe)
        with pytest.raises(PlanError, match="this is a pipe or a device, not a file"):
            Batch.from_file(pipe).plan()


def test_a_long_file_is_read_in_little_memory_and_found_wrong_all_the_same(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(References.__init__, "__kwdefaults__", {"in_memory": 10})
    file_rows = [row(f"r{n}") for n in range(60)]
    write_csv(file, [*file_rows, row("r3"), row("r44")])
    assert [one.partition(": ")[0] for one in problems(file, file.read_bytes())] == [
        "row 62, reference 'r3'",
        "row 63, reference 'r44'",
    ]


def test_a_spool_is_a_sequence_wherever_its_chunks_lie() -> None:
    spool: Spool[tuple[Any, ...]] = Spool(tuple, tuple, chunk=3, in_memory=2)
    expected = [(n, str(n)) for n in range(20)]
    for one in expected:
        spool.append(one)
    assert len(spool) == 20
    assert list(spool) == expected
    assert [one for _, chunk in spool.chunks() for one in chunk] == expected
    assert [number for number, _ in spool.chunks({1, 6})] == [1, 6]
    assert [spool[0], spool[7], spool[-1], spool[18]] == [expected[n] for n in (0, 7, -1, 18)]
    assert spool[5:9] == expected[5:9]
    with pytest.raises(IndexError):
        spool[20]
