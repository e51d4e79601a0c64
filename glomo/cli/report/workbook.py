"""The results as an Excel workbook, with everything that an auditor asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from glomo.batch.output_file import replacing
from glomo.currencies import EXPONENTS
from glomo.money import Money

from .document import ReportDocument, ReportRow

_MOST_ROWS = 1_000_000
"""A worksheet holds 1,048,576 rows."""
_FIRST_YEAR = 1980
"""Files in a workbook cannot be older."""

_HEADER = PatternFill("solid", fgColor="1F3A5F")

_COLUMNS: tuple[tuple[str, int, Callable[[ReportRow, ReportDocument], Any]], ...] = (
    ("row", 7, lambda row, _: row.number),
    ("reference", 22, lambda row, _: row.reference),
    ("standing", 12, lambda row, _: row.standing.value),
    ("payout status", 14, lambda row, _: row.payout_status),
    ("beneficiary", 22, lambda row, _: row.beneficiary_id),
    ("beneficiary name", 22, lambda row, _: row.beneficiary_name),
    ("amount", 16, lambda row, _: row.amount),
    ("currency", 9, lambda row, _: row.amount.currency),
    ("source amount", 16, lambda row, _: row.source),
    ("source currency", 9, lambda row, _: row.source and row.source.currency),
    ("destination amount", 16, lambda row, _: row.destination),
    ("destination currency", 9, lambda row, _: row.destination and row.destination.currency),
    ("rate", 12, lambda row, _: row.rate),
    ("fees", 12, lambda row, _: row.fees),
    ("fees currency", 9, lambda row, _: row.fees and row.fees.currency),
    ("rail", 8, lambda row, _: row.rail),
    ("purpose code", 9, lambda row, _: row.purpose_code),
    ("invoice", 18, lambda row, _: row.invoice_number),
    ("payout", 26, lambda row, _: row.payout_id),
    ("bank reference", 22, lambda row, _: row.bank_reference),
    ("created (UTC)", 20, lambda row, _: row.created_at),
    ("updated (UTC)", 20, lambda row, _: row.updated_at),
    ("error code", 24, lambda row, _: row.error_code),
    ("error", 40, lambda row, _: row.error),
    ("what to do", 40, lambda row, _: row.advice),
    ("request ids", 44, lambda row, _: ", ".join(row.request_ids)),
    ("environment", 13, lambda _, document: document.facts.environment),
)


def write_workbook(document: ReportDocument, path: Path) -> Path:
    """Write the workbook, in the place of one that is there, for its owner alone."""
    if datetime.now().astimezone().year < _FIRST_YEAR:
        raise OSError(f"{path} cannot be written: this machine's clock is before {_FIRST_YEAR}")
    book = Workbook(write_only=True)
    for number, rows in enumerate(_sheets(document.rows), start=1):
        title = "Results" if number == 1 else f"Results {number}"
        _write_rows(book.create_sheet(title), document, rows)
    _write_totals(book.create_sheet("Totals"), document)
    _write_facts(book.create_sheet("The run"), document)
    with replacing(path) as draft:
        book.save(draft)
    return path


def _sheets(rows: Sequence[ReportRow]) -> Iterator[Sequence[ReportRow]]:
    """The rows in parts that a worksheet can hold; one part if there are none."""
    for start in range(0, max(len(rows), 1), _MOST_ROWS):
        yield rows[start : start + _MOST_ROWS]


def _write_rows(sheet: Any, document: ReportDocument, rows: Sequence[ReportRow]) -> None:
    for position, (_, width, _) in enumerate(_COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width
    sheet.freeze_panes = "C2"
    last = get_column_letter(len(_COLUMNS))
    sheet.auto_filter.ref = f"A1:{last}{len(rows) + 1}"
    sheet.append(_heads(sheet, (name for name, _, _ in _COLUMNS)))
    for row in rows:
        sheet.append([_cell(sheet, read(row, document)) for _, _, read in _COLUMNS])


def _write_totals(sheet: Any, document: ReportDocument) -> None:
    sheet.column_dimensions["A"].width = 16
    for title, totals in (("standing", document.by_standing), ("rail", document.by_rail)):
        sheet.append(_heads(sheet, (title, "rows", *document.totals)))
        for total in totals:
            sums = [_cell(sheet, total.amounts.get(currency)) for currency in document.totals]
            sheet.append([_cell(sheet, total.label), total.rows, *sums])
        sheet.append([])


def _write_facts(sheet: Any, document: ReportDocument) -> None:
    facts = document.facts
    sheet.column_dimensions["A"].width = 18
    sheet.column_dimensions["B"].width = 80
    lines: list[tuple[str, Any]] = [
        ("batch", document.batch),
        ("file", facts.file),
        ("environment", facts.environment + (", rehearsal" if facts.rehearsal else "")),
        ("API", facts.address),
        ("run by", facts.run_by),
        ("began (UTC)", facts.started_at),
        ("took", None if facts.elapsed is None else str(facts.elapsed)),
        ("as of (UTC)", facts.written_at),
    ]
    for approval in facts.approvals:
        lines += [
            ("approved by", f"{approval.approved_by} ({approval.account})"),
            ("approved (UTC)", approval.approved_at),
            ("approved digest", approval.digest),
            ("signature", approval.signature or "none"),
        ]
    for name, value in lines:
        if value is not None:
            sheet.append([_bold(sheet, name), _cell(sheet, value)])


def _heads(sheet: Any, names: Iterable[str]) -> list[Any]:
    cells: list[Any] = []
    for name in names:
        cell = WriteOnlyCell(sheet, name)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = _HEADER
        cells.append(cell)
    return cells


def _bold(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    """A typed cell: an amount is a number with its currency's decimals, a text never a formula."""
    if value is None or value == "":
        return None
    if isinstance(value, Money):
        cell: Any = WriteOnlyCell(sheet)
        cell.value = value.amount
        places = EXPONENTS.get(value.currency, 2)
        cell.number_format = "#,##0." + "0" * places if places else "#,##0"
        return cell
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)  # Excel knows no time zones; the heading says UTC
    if isinstance(value, str):
        text = value if value.isprintable() else "".join(c for c in value if c.isprintable())
        if not text.startswith("="):
            return text
        cell = WriteOnlyCell(sheet, text)
        cell.data_type = "s"
        return cell
    return value
