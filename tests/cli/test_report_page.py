"""The report to forward: right, safe with other people's text, and readable in a real browser."""

from __future__ import annotations

import json
import re
import shutil
import stat
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import time_machine

from glomo.batch.standing import Standing
from glomo.cli.report.document import ReportDocument, ReportRow, RunFacts
from glomo.cli.report.page import page_of, write_page
from glomo.cli.report.workbook import write_workbook
from glomo.money import Money

CHROMIUM = shutil.which("chromium")
FACTS = RunFacts(
    file="november.xlsx",
    environment="production",
    address="https://api.glomopay.com/api",
    rehearsal=False,
    run_by="grace@finance",
    written_at=datetime(2026, 11, 24, 10, tzinfo=UTC),
    started_at=datetime(2026, 11, 24, 9, 59, 30, tzinfo=UTC),
    settled=3,
    elapsed=timedelta(seconds=2),
)
ROW = ReportRow(
    number=2,
    reference="r1",
    standing=Standing.SETTLED,
    payout_status="success",
    beneficiary_id="bene_A",
    beneficiary_name="",
    amount=Money.of("1250.00", "USD"),
    rail="neft",
    purpose_code="S1005",
    invoice_number="00042",
    source=Money.of("1250.00", "USD"),
    destination=Money.of("102000.00", "INR"),
    rate="81.6",
    fees=Money.of("2.50", "USD"),
    bank_reference="UTR1",
    payout_id="payout_1",
    request_ids=("q0", "q1"),
    created_at=datetime(2026, 11, 24, 9, 59, 31, tzinfo=UTC),
    updated_at=None,
    error_code="",
    error="",
    meaning="",
    advice="",
)
FAILED = replace(
    ROW,
    number=3,
    reference="r2",
    standing=Standing.FAILED,
    error_code="INVALID_BENE_IFSC",
    meaning="the bank does not know this IFSC",
    advice="correct the beneficiary",
)
UNKNOWN = replace(FAILED, reference="r3", standing=Standing.UNKNOWN, error_code="")


def document(*rows: ReportRow, **facts: Any) -> ReportDocument:
    return ReportDocument("november", replace(FACTS, **facts), rows or (ROW, FAILED, UNKNOWN))


def test_failures_are_grouped_by_cause_with_what_to_do() -> None:
    other = replace(FAILED, error_code="", error="beneficiary_id not found", meaning="")
    groups = document(ROW, FAILED, FAILED, UNKNOWN, other).failures
    assert [(group.cause, len(group.rows)) for group in groups] == [
        ("INVALID_BENE_IFSC", 2),
        ("NO RESPONSE", 1),
        ("REFUSED", 1),
    ]
    assert groups[0].totals == {"USD": Money.of("2500.00", "USD")}
    assert "looks them up" in groups[1].advice
    page = page_of(document())
    assert "The bank does not know this IFSC." in page
    assert "Correct the beneficiary." in page


def test_totals_are_by_standing_rail_and_currency() -> None:
    euro = replace(ROW, amount=Money.of("7.00", "EUR"), rail="sepa")
    one = document(ROW, FAILED, euro)
    assert one.totals == {"EUR": Money.of("7.00", "EUR"), "USD": Money.of("2500.00", "USD")}
    assert [(total.label, total.rows) for total in one.by_standing] == [
        ("settled", 2),
        ("failed", 1),
    ]
    assert [(total.label, total.rows) for total in one.by_rail] == [("neft", 2), ("sepa", 1)]
    page = page_of(one)
    assert "USD\N{NO-BREAK SPACE}2,500.00" in page
    assert "EUR\N{NO-BREAK SPACE}7.00" in page


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"environment": "sandbox", "rehearsal": True}, "Rehearsal."),
        ({"environment": "sandbox"}, "Sandbox."),
        ({"environment": "unknown"}, "Environment unknown."),
        ({}, None),
    ],
)
def test_what_is_not_production_says_so_first(facts: dict[str, Any], says: str | None) -> None:
    page = page_of(document(**facts))
    banner = re.search(r'<p class="banner">(.*?)</p>', page)
    if says is None:
        assert banner is None
    else:
        assert banner is not None
        assert says in banner[1]
        assert ("nobody was paid" in banner[1]) == (facts["environment"] == "sandbox")


def test_the_page_needs_nothing_but_itself() -> None:
    page = page_of(document())
    assert "default-src 'none'" in page
    assert re.findall(r"(?:src|href|url|@import)\s*[=(]", page) == []


HOSTILE = "</script><img src=x onerror=alert(1)>\u2028&'\""


def test_other_peoples_text_stays_text() -> None:
    row = replace(FAILED, reference=HOSTILE, error=HOSTILE, beneficiary_id=HOSTILE, rail=HOSTILE)
    page = page_of(replace(document(row, file=HOSTILE), batch=HOSTILE))
    assert "<img" not in page
    assert page.count("</script>") == 2
    data = re.search(r'<script id="data" type="application/json">(.*?)</script>', page)
    assert data is not None
    assert json.loads(data[1])[0][1] == HOSTILE


def test_files_are_the_owners_alone(tmp_path: Path) -> None:
    for path in (
        write_page(document(), tmp_path / "r.html"),
        write_workbook(document(), tmp_path / "r.xlsx"),
    ):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_clock_that_no_workbook_can_hold_is_an_error_of_the_file(tmp_path: Path) -> None:
    with (
        time_machine.travel(datetime(1975, 1, 1, tzinfo=UTC)),
        pytest.raises(OSError, match="clock is before 1980"),
    ):
        write_workbook(document(), tmp_path / "r.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_the_workbook_has_typed_cells_and_no_formula(tmp_path: Path) -> None:
    row = replace(FAILED, reference="=HYPERLINK(1)", error="+49 \x00 bell\x07")
    path = write_workbook(document(ROW, row), tmp_path / "r.xlsx")
    sheet = openpyxl.load_workbook(path)["Results"]
    heads = [cell.value for cell in sheet[1]]
    first, second = (dict(zip(heads, line, strict=True)) for line in sheet["A2":"AA3"])
    assert Decimal(str(first["amount"].value)) == Decimal("1250")
    assert first["amount"].number_format == "#,##0.00"
    assert first["destination amount"].value == 102000
    assert first["invoice"].value == "00042"
    assert first["created (UTC)"].value == datetime(2026, 11, 24, 9, 59, 31)
    assert first["request ids"].value == "q0, q1"
    assert first["environment"].value == "production"
    assert second["reference"].value == "=HYPERLINK(1)"
    assert second["reference"].data_type == "s"
    assert second["error"].value == "+49  bell"


def test_of_too_many_rows_the_settled_ones_are_left_out_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glomo.cli.report.page._MOST_ROWS", 2)
    monkeypatch.setattr("glomo.cli.report.workbook._MOST_ROWS", 2)
    one = document(ROW, FAILED, UNKNOWN)
    page = page_of(one)
    assert "1 rows are left out here" in page
    data = re.search(r'<script id="data" type="application/json">(.*?)</script>', page)
    assert data is not None
    assert [row[1] for row in json.loads(data[1])] == ["r2", "r3"]
    book = openpyxl.load_workbook(write_workbook(one, tmp_path / "r.xlsx"))
    assert book.sheetnames == ["Results", "Results 2", "Totals", "The run"]
    assert [book[name].max_row for name in book.sheetnames[:2]] == [3, 2]


def browser(*arguments: str, page: Path) -> subprocess.CompletedProcess[str]:
    assert CHROMIUM is not None
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", *arguments]
    profile = f"--user-data-dir={page.parent / 'profile'}"
    return subprocess.run(
        [*command, profile, page.as_uri()], capture_output=True, text=True, timeout=60, check=True
    )


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
def test_a_browser_shows_searches_and_prints_it(tmp_path: Path) -> None:
    rows = [replace(ROW, number=n, reference=f"r{n}") for n in range(2, 252)]
    page = write_page(document(*rows, FAILED), tmp_path / "r.html")
    dom = browser("--dump-dom", page=page).stdout
    body = dom.partition('<table id="rows">')[2].partition("</table>")[0]
    assert body.count("<tr>") == 1 + 100
    assert "1\u2013100 of 251 rows" in dom
    assert "settled 250" in dom
    script = "const s = document.getElementById('search'); s.value = 'r17 usd'; "
    script += "s.dispatchEvent(new Event('input'));"
    text = page.read_text().replace("</body>", f"<script>{script}</script></body>")
    page.write_text(text)
    dom = browser("--dump-dom", page=page).stdout
    assert "11 rows" in dom.partition('id="pager"')[2][:200]
    pdf = tmp_path / "r.pdf"
    browser("--no-pdf-header-footer", f"--print-to-pdf={pdf}", page=page)
    assert pdf.read_bytes().startswith(b"%PDF")
